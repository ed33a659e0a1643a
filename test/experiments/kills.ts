import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { inRepository, Random } from "recsys-unlearning/core";
import type { RunStore } from "recsys-unlearning/experiments";

const cli = inRepository("lib", "dist", "commands", "experiment.js");

/** Starts the command line, in a process group of its own. */
export function startCli(args: readonly string[]): ChildProcess {
  const env = { ...process.env, RECSYS_DATA: "" };
  return spawn(process.execPath, [cli, ...args], { stdio: ["ignore", "pipe", "pipe"], detached: true, env });
}

/** Runs the command line to its end. */
export async function runCli(
  args: readonly string[],
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const child = startCli(args);
  let [stdout, stderr] = ["", ""];
  child.stdout?.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { status, stdout, stderr };
}

/** The results of a store, by id: their bytes. */
export async function resultBytes(store: RunStore): Promise<Record<string, string>> {
  const bytes: Record<string, string> = {};
  for (const id of await store.ids()) {
    const path = join(store.folderOf(id), "result.json");
    bytes[id] = await readFile(path, "utf8").catch(() => "not there");
  }
  return bytes;
}

/**
 * Kills `experiment run` at random moments until it ends by itself, again and again. After each kill the store must be
 * readable, and what is finished must stay as it is.
 *
 * @param seeds of the experiment, each of six runs
 * @returns how many kills there were, and how many found something damaged or lost
 */
export async function killRounds(
  newStore: () => Promise<RunStore>,
  { rounds, workers, seeds, seed }: Record<"rounds" | "workers" | "seeds" | "seed", number>,
) {
  const size = ["--preset", "tiny", "--seeds", String(seeds), "--workers", String(workers)];
  const args = ["run", "ifru-accuracy", ...size, "--quiet"];
  const reference = await newStore();
  const start = performance.now();
  await runCli([...args, "--store", reference.folder]);
  const tookMs = performance.now() - start; // on a busy machine kills come later too, or nothing would ever be computed between them
  const expected = await resultBytes(reference);
  const random = Random.derive(seed, "kills", workers);
  let [kills, losses, different] = [0, 0, 0];
  while (kills < rounds) {
    const store = await newStore();
    let before: Record<string, string> = {};
    for (;;) {
      const child = startCli([...args, "--store", store.folder]);
      const ended = new Promise<boolean>((resolve) => child.on("exit", (_, signal) => resolve(signal === null)));
      const killed = wait(0.1 * tookMs + random.integer(Math.ceil(0.8 * tookMs))).then(
        () => child.pid && kill(-child.pid),
      );
      if (await ended) break;
      await killed;
      kills++;
      const after = await resultBytes(store);
      for (const id of Object.keys(after)) if ((await store.read(id)).kind === "corrupt") losses++;
      for (const [id, bytes] of Object.entries(before)) if (bytes !== "not there" && after[id] !== bytes) losses++;
      before = after;
    }
    if (JSON.stringify(await resultBytes(store)) !== JSON.stringify(expected)) different++;
  }
  return { kills, losses, different, runs: Object.keys(expected).length };
}

/** Kills a process and all it started. */
function kill(group: number): void {
  try {
    process.kill(group, "SIGKILL");
  } catch {
    // it has ended in the meantime
  }
}
