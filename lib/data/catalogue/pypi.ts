import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { currentSignal, DownloadError, NotFoundError } from "../../core";

const run = promisify(execFile);
const pipNames = ["pip3", "pip"];
const socketTimeoutSeconds = 20;
const processTimeoutMs = 90_000;

/**
 * Fetches one wheel through the machine's own pip, which knows the person's proxies and mirrors: no dependencies, no
 * retries, a time-out of 20 s, and never a source package, since building one runs its code.
 *
 * @param requirement pinned, such as `"recbole==1.2.1"`
 * @param folder where the wheel is put
 * @returns the wheel's path
 * @throws NotFoundError when there is no pip
 * @throws DownloadError when pip cannot fetch it
 */
export async function downloadWheel(requirement: string, folder: string): Promise<string> {
  const command = ["download", requirement, "--no-deps", "--only-binary", ":all:", "--retries", "0"];
  const quiet = ["--timeout", String(socketTimeoutSeconds), "--disable-pip-version-check", "--quiet", "--dest", folder];
  for (const pip of pipNames) {
    try {
      const signal = currentSignal();
      await run(pip, [...command, ...quiet], {
        timeout: processTimeoutMs,
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (error) {
      const { code, stderr } = error as NodeJS.ErrnoException & { stderr?: string };
      if (code === "ENOENT") continue;
      throw new DownloadError(`pip cannot fetch ${requirement}`, {
        where: lastLine(stderr ?? "") || (error as Error).message,
        cause: error,
      });
    }
    const wheel = (await readdir(folder)).find((file) => file.endsWith(".whl"));
    if (wheel !== undefined) return join(folder, wheel);
    throw new DownloadError(`pip gave no wheel for ${requirement}`);
  }
  throw new NotFoundError("there is no pip on this machine");
}

function lastLine(text: string): string {
  return text.trim().split("\n").pop() ?? "";
}
