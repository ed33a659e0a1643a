import { execFile } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder, RecsysError } from "recsys-unlearning/core";
import { torchPython } from "../engine/torch";
import { peerPython } from "../peers";

/** A library of recommenders in Python, in a virtual environment of its own, since what they ask for conflicts. */
interface Library {
  readonly label: string;
  /** Installed with all they ask for. */
  readonly pins: readonly string[];
  /** Installed without what it asks for. */
  readonly bare?: string;
  readonly usesTorch: boolean;
  /** Modules that show whether it works. */
  readonly imports: string;
}

const libraries = {
  recbole: {
    label: "RecBole",
    // By itself it asks for a release of ray that newer Pythons do not have, and that only its searches use.
    bare: "recbole==1.2.1",
    // It writes into copies of columns, which pandas 3 does not do, and names types that numpy 2 does not have.
    pins: [
      "numpy==1.26.4",
      "pandas==2.2.3",
      "scipy==1.15.3",
      "scikit-learn==1.6.1",
      "colorama==0.4.4",
      "colorlog==4.7.2",
      "psutil==7.0.0",
      "pyyaml==6.0.2",
      "tabulate==0.9.0",
      "tensorboard==2.19.0",
      "texttable==1.7.0",
      "thop==0.1.1.post2209072238",
      "tqdm==4.67.1",
    ],
    usesTorch: true,
    imports: "recbole.config, recbole.data, recbole.model.sequential_recommender, recbole.trainer",
  },
  implicit: {
    label: "implicit",
    pins: ["implicit==0.7.3", "numpy==2.4.6", "scipy==1.16.3"],
    usesTorch: false,
    imports: "implicit.als, implicit.bpr, implicit.evaluation",
  },
  lenskit: {
    label: "LensKit",
    pins: ["lenskit==2025.8.1", "numpy==2.4.6", "pandas==2.3.3", "scipy==1.16.3"],
    usesTorch: true,
    imports: "lenskit.als, lenskit.batch, lenskit.flexmf, lenskit.funksvd, lenskit.metrics",
  },
} as const satisfies Readonly<Record<string, Library>>;

/** What `npm run peers -- --libraries` installs from PyPI. */
export type LibraryName = keyof typeof libraries;

/** All of them. */
export const libraryNames = Object.keys(libraries) as readonly LibraryName[];

/** Where the libraries are, outside the checkout. */
export const librariesFolder = join(cacheFolder(), "peers", "libraries");

const run = promisify(execFile);
const installMs = 1_800_000;

/** As rows and messages name it. */
export function labelOf(name: LibraryName): string {
  return libraries[name].label;
}

/** The Python that has the library, or `null` before `npm run peers -- --libraries`. */
export function libraryPython(name: LibraryName): string | null {
  const complete = completeFile(name);
  return existsSync(complete) && readFileSync(complete, "utf8") === wanted(name) ? pythonOf(name) : null;
}

/**
 * Installs a library once.
 *
 * @throws RecsysError when it, or what it builds on, cannot be had
 */
export async function installLibrary(name: LibraryName): Promise<void> {
  if (libraryPython(name) !== null) return;
  const { label, pins, usesTorch, imports, bare }: Library = libraries[name];
  const python = usesTorch ? await torchPython() : peerPython();
  if (python === null)
    throw new RecsysError(`${label} builds on ${usesTorch ? "PyTorch" : "the other peers"}`, {
      remedy: usesTorch ? "npm run peers -- --torch" : "npm run peers",
    });
  const venv = join(librariesFolder, name);
  rmSync(venv, { recursive: true, force: true });
  try {
    await run(python, ["-m", "venv", venv], { timeout: installMs });
    if (usesTorch) await shareTorch(python, pythonOf(name));
    if (bare !== undefined) await pip(name, ["--no-deps", bare]);
    await pip(name, pins);
    await run(pythonOf(name), ["-c", `import ${imports}`], { timeout: installMs });
  } catch (cause) {
    throw new RecsysError(`${label} cannot be installed: ${lastLine(cause)}`, {
      cause,
      remedy: "it needs PyPI, and a Python that has wheels of it, such as 3.11",
    });
  }
  writeFileSync(completeFile(name), wanted(name));
}

/** PyTorch's 5 GB are not installed again: its folder stands behind the library's own packages. */
async function shareTorch(from: string, to: string): Promise<void> {
  const find = "import pathlib, torch; print(pathlib.Path(torch.__file__).parents[1])";
  const own = "import sysconfig; print(sysconfig.get_path('purelib'))";
  const [torch, packages] = await Promise.all([run(from, ["-c", find]), run(to, ["-c", own])]);
  writeFileSync(join(packages.stdout.trim(), "shared-torch.pth"), torch.stdout);
}

async function pip(name: LibraryName, packages: readonly string[]): Promise<void> {
  const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--timeout", "30"];
  await run(pythonOf(name), [...install, ...packages], { timeout: installMs });
}

function pythonOf(name: LibraryName): string {
  const [folder, file] = process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"];
  return join(librariesFolder, name, folder, file);
}

const completeFile = (name: LibraryName) => join(librariesFolder, name, ".complete");

function wanted(name: LibraryName): string {
  const { bare, pins }: Library = libraries[name];
  return `${[...(bare === undefined ? [] : [bare]), ...pins].join("\n")}\n`;
}

/** What a command that failed said last: Python names the error there. */
export function lastLine(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message?: string };
  const lines = `${stderr?.trim() || message || String(error)}`.split("\n");
  return lines[lines.length - 1].trim();
}
