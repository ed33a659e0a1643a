import { execFile } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder, RecsysError } from "recsys-unlearning/core";

/** What benchmarks and independent clients in tests need of Python; plain tslab comes with the checkout. */
const pins = [
  "ipykernel==7.4.0",
  "jupyter_client==8.10.0",
  "nbclient==0.11.0",
  "nbconvert==7.17.2",
  "nbformat==5.11.1",
];

const venv = join(cacheFolder(), "peers", "venv");
const complete = join(venv, ".complete");
const bin = join(venv, process.platform === "win32" ? "Scripts" : "bin");
const installMs = 600_000;

/** The Python of the peers, or `null` before `npm run peers`. */
export function peerPython(): string | null {
  return existsSync(complete) ? join(bin, "python") : null;
}

/** Installs the peers once, outside the checkout. @throws RecsysError when Python or PyPI cannot be had */
export async function installPeers(): Promise<void> {
  if (existsSync(complete)) return;
  const run = promisify(execFile);
  rmSync(venv, { recursive: true, force: true });
  try {
    await run("python3", ["-m", "venv", venv], { timeout: installMs });
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--timeout", "20", "--retries", "1"];
    await run(join(bin, "python"), [...pip, ...pins], { timeout: installMs });
  } catch (cause) {
    throw new RecsysError("the peers cannot be installed: python3 with venv, and PyPI, are needed", { cause });
  }
  writeFileSync(complete, `${pins.join("\n")}\n`);
}
