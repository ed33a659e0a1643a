import { execFile } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder, inRepository, RecsysError } from "recsys-unlearning/core";

/** What benchmarks and independent clients in tests need of Python; plain tslab comes with the checkout. */
const pins = [
  "anywidget==0.11.0",
  "deno==2.9.8",
  "ipykernel==7.4.0",
  "ipywidgets==8.1.9",
  "jupyter_client==8.10.0",
  "jupyter_kernel_test==0.7.0",
  "jupyterlab==4.6.6",
  "jupyterlab_widgets==3.0.17",
  "nbclient==0.11.0",
  "nbconvert==7.17.2",
  "nbformat==5.11.1",
  "pandas==3.1.1",
  "plotly==7.1.0",
];

const venv = join(cacheFolder(), "peers", "venv");
const complete = join(venv, ".complete");
/** The folder of the peers' commands. */
export const peersBin = join(venv, process.platform === "win32" ? "Scripts" : "bin");
const installMs = 600_000;

const wanted = `${pins.join("\n")}\n`;

/** Whether `npm run peers` has been run for the pins of now. */
function areInstalled(): boolean {
  return existsSync(complete) && readFileSync(complete, "utf8") === wanted;
}

/** The Python of the peers, or `null` before `npm run peers`. */
export function peerPython(): string | null {
  return areInstalled() ? join(peersBin, "python") : null;
}

/** Installs the peers once, outside the checkout. @throws RecsysError when Python or PyPI cannot be had */
export async function installPeers(): Promise<void> {
  if (areInstalled()) return;
  const run = promisify(execFile);
  rmSync(venv, { recursive: true, force: true });
  try {
    await run("python3", ["-m", "venv", venv], { timeout: installMs });
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--timeout", "20", "--retries", "1"];
    await run(join(peersBin, "python"), [...pip, ...pins], { timeout: installMs });
  } catch (cause) {
    throw new RecsysError("the peers cannot be installed: python3 with venv, and PyPI, are needed", { cause });
  }
  writeFileSync(complete, wanted);
}

/** How a row names a peer that computed with so many threads. */
export function withThreads(name: string, threads: number): string {
  return `${name}, ${threads} ${threads === 1 ? "thread" : "threads"}`;
}

/**
 * What a peer's script printed, which is JSON.
 *
 * @param script its path below `bench`; it finds the modules there
 * @param variables of the environment besides
 */
export async function runPeer<T>(
  python: string,
  script: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<T> {
  const env = { ...process.env, ...variables, PYTHONPATH: inRepository("bench"), PYTHONDONTWRITEBYTECODE: "1" };
  const { stdout } = await promisify(execFile)(python, [inRepository("bench", script), ...args], { env });
  return JSON.parse(stdout) as T;
}
