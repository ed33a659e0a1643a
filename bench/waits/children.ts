import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { RecsysError } from "recsys-unlearning/core";

/** Clock ticks of Linux's `/proc`, which are the same on every machine that Node runs on. */
const ticksPerSecond = 100;

/**
 * Seconds that processors worked for the children of this process that have ended, and for theirs; `null` where the
 * system does not say.
 */
export function childrensSeconds(): number | null {
  try {
    const stat = readFileSync("/proc/self/stat", "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [user, system] = [fields[13], fields[14]]; // cutime and cstime, the 16th and 17th of all
    return (Number(user) + Number(system)) / ticksPerSecond;
  } catch {
    return null; // no Linux: the column is empty
  }
}

/** Runs a command to its end. @throws RecsysError with what it said, when it fails */
export async function runToEnd(argv: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<void> {
  const [command, ...rest] = argv;
  const child = spawn(command, rest, { env: { ...process.env, ...env }, stdio: ["ignore", "ignore", "pipe"] });
  const said: Buffer[] = [];
  child.stderr.on("data", (chunk: Buffer) => said.push(chunk));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (status === 0) return;
  throw new RecsysError(`${argv.join(" ")} ended with status ${status}: ${Buffer.concat(said).toString().trim()}`);
}
