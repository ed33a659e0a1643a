import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { currentSignal, EngineError, throwIfCancelled } from "../../core";

const execute = promisify(execFile);

/** Runs a tool in a folder and returns what it printed. @throws EngineError with its last lines when it fails */
export type RunTool = (command: string, args: readonly string[]) => Promise<string>;

/** Ends with the current signal. @param folder where the tools run */
export function toolRunner(folder: string): RunTool {
  return async (command, args) => {
    const signal = currentSignal();
    try {
      const shell = command === "npm" && process.platform === "win32"; // where it is a script, npm.cmd
      const options = { cwd: folder, maxBuffer: 2 ** 26, shell, ...(signal === undefined ? {} : { signal }) };
      const { stdout } = await execute(command, [...args], options);
      return stdout;
    } catch (cause) {
      throwIfCancelled(command);
      const { stderr = "", stdout = "", message } = cause as { stderr?: string; stdout?: string; message: string };
      throw new EngineError(`${command} ${args[0]} failed:\n    ${telling(stderr || stdout || message)}`, { cause });
    }
  };
}

/**
 * Installs a package in a folder of its own. No install script runs; the package's binaries come with it.
 *
 * @throws EngineError when npm cannot, as where no registry is in reach
 */
export async function installByNpm(folder: string, requirement: string): Promise<void> {
  await writeFile(join(folder, "package.json"), '{"private":true}');
  const quiet = ["--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--include=optional"];
  try {
    await toolRunner(folder)("npm", ["install", requirement, ...quiet]);
  } catch (cause) {
    if (!(cause instanceof EngineError)) throw cause;
    throw new EngineError(cause.message, { remedy: `try again where npm can get ${requirement}`, cause });
  }
}

/** The lines of a tool's output that say what is wrong: those with an error or its code, else the last ones. */
function telling(output: string): string {
  const lines = output.trim().split("\n");
  const errors = lines.filter((line) => /\berror:|^npm error (?:code|network request) /i.test(line));
  return (errors.length > 0 ? errors.slice(0, 4) : lines.slice(-4)).join("\n    ");
}

/** Which of some tools the machine lacks. */
export async function missingTools(tools: readonly string[]): Promise<string[]> {
  const missing: string[] = [];
  for (const tool of tools)
    try {
      await execute(tool, ["--version"]);
    } catch {
      missing.push(tool); // whatever is wrong with it, it cannot be used
    }
  return missing;
}
