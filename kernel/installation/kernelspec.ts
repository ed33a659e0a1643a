import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { inRepository, RecsysError, repositoryFolder } from "recsys-unlearning/core";

const kernelName = "recsys-unlearning";

/** The folder in which the person's own Jupyter looks for kernels and the like, on each system. */
export function userDataFolder(): string {
  const { JUPYTER_DATA_DIR, XDG_DATA_HOME, APPDATA } = process.env;
  if (JUPYTER_DATA_DIR) return JUPYTER_DATA_DIR;
  if (process.platform === "darwin") return join(homedir(), "Library", "Jupyter");
  if (process.platform === "win32") return join(APPDATA ?? join(homedir(), "AppData", "Roaming"), "jupyter");
  return join(XDG_DATA_HOME || join(homedir(), ".local", "share"), "jupyter");
}

/** The same below a prefix, such as a virtual environment. */
export function prefixDataFolder(prefix: string): string {
  return join(prefix, "share", "jupyter");
}

/** Where a kernelspec stands and what it leads to. */
export interface Installation {
  readonly folder: string;
  /** The checkout for notebooks that lie in none; `null` when nothing is installed there. */
  readonly checkout: string | null;
  /** What keeps it from starting, if anything. */
  readonly problem: string | null;
}

function specFolder(dataFolder: string): string {
  return join(dataFolder, "kernels", kernelName);
}

/**
 * Installs a kernelspec that finds its checkout from the folder it is started in, and falls back to this one.
 *
 * @param dataFolder a Jupyter data folder
 */
export function installKernelspec(dataFolder: string): Installation {
  const folder = specFolder(dataFolder);
  refuseForeign(folder);
  mkdirSync(folder, { recursive: true });
  const ours = inRepository("kernel", "share", "jupyter", "kernels", kernelName, "kernel.json");
  const spec = JSON.parse(readFileSync(ours, "utf8")) as { argv: string[] };
  const [, ...rest] = spec.argv;
  // The Node that runs now: a desktop application may have another on its PATH, or none.
  const argv = [
    process.execPath,
    ...rest.map((word) => (word.endsWith("main.js") ? "{resource_dir}/launcher.js" : word)),
  ];
  copyFileSync(join(__dirname, "launcher.js"), join(folder, "launcher.js"));
  writeFileSync(join(folder, "checkout.txt"), `${repositoryFolder()}\n`);
  writeFileSync(join(folder, "kernel.json"), `${JSON.stringify({ ...spec, argv }, null, 2)}\n`);
  return installationIn(dataFolder);
}

/** Removes the kernelspec, and says whether there was one. @throws RecsysError when the folder is not one of ours */
export function uninstallKernelspec(dataFolder: string): boolean {
  const folder = specFolder(dataFolder);
  if (!existsSync(folder)) return false;
  refuseForeign(folder);
  rmSync(folder, { recursive: true });
  return true;
}

export function installationIn(dataFolder: string): Installation {
  const folder = specFolder(dataFolder);
  const note = join(folder, "checkout.txt");
  if (!existsSync(note)) return { folder, checkout: null, problem: null };
  const checkout = readFileSync(note, "utf8").trim();
  return { folder, checkout, problem: problemOf(folder, checkout) };
}

function problemOf(folder: string, checkout: string): string | null {
  if (!existsSync(join(checkout, "kernel", "dist", "server", "main.js"))) return "its checkout is gone or not built";
  const { argv } = JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8")) as { argv: string[] };
  return existsSync(argv[0]) ? null : `its Node (${argv[0]}) is gone: install again`;
}

function refuseForeign(folder: string): void {
  if (!existsSync(folder) || existsSync(join(folder, "checkout.txt"))) return;
  throw new RecsysError("another kernelspec of this name stands there, which was not installed by this command", {
    where: folder,
    remedy: "remove it by hand if you do not need it",
  });
}
