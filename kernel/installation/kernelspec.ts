import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { RecsysError } from "recsys-unlearning/core";
import { kernelFolder, projectFolder } from "../folders";

const kernelName = "recsys-unlearning";
/** What launchers show, by the names under which Jupyter looks for them. */
const logos = ["logo-32x32.png", "logo-64x64.png", "logo-svg.svg"];

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
  /** The checkout or project for notebooks that lie in none; `null` when nothing is installed there. */
  readonly checkout: string | null;
  /** What keeps it from starting, if anything. */
  readonly problem: string | null;
}

function specFolder(dataFolder: string): string {
  return join(dataFolder, "kernels", kernelName);
}

/**
 * Installs a kernelspec that finds its checkout or project from the folder it is started in, and falls back to this
 * one.
 *
 * @param dataFolder a Jupyter data folder
 * @throws RecsysError when no project has the kernel installed, or another kernelspec stands there
 */
export function installKernelspec(dataFolder: string): Installation {
  const folder = specFolder(dataFolder);
  const root = projectFolder();
  if (!existsSync(kernelIn(root)))
    throw new RecsysError("no project has this kernel in its node_modules, so cells would find no packages", {
      where: root,
      remedy: "run npm install with the package in the folder of your notebooks, and this command there",
    });
  refuseForeign(folder);
  mkdirSync(folder, { recursive: true });
  const ours = join(kernelFolder(), "share", "jupyter", "kernels", kernelName);
  const spec = JSON.parse(readFileSync(join(ours, "kernel.json"), "utf8")) as { argv: string[] };
  const [, ...rest] = spec.argv;
  // The Node that runs now: a desktop application may have another on its PATH, or none.
  const argv = [
    process.execPath,
    ...rest.map((word) => (word.endsWith("main.js") ? "{resource_dir}/launcher.js" : word)),
  ];
  copyFileSync(join(__dirname, "launcher.js"), join(folder, "launcher.js"));
  for (const logo of logos) copyFileSync(join(ours, logo), join(folder, logo));
  writeFileSync(join(folder, "checkout.txt"), `${root}\n`);
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

/** The entry point of the kernel that a checkout (through a link) or a project has. */
function kernelIn(root: string): string {
  return join(root, "node_modules", "recsys-unlearning-kernel", "dist", "server", "main.js");
}

function problemOf(folder: string, checkout: string): string | null {
  if (!existsSync(kernelIn(checkout))) return "the folder it was installed from is gone or not built";
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
