import { existsSync } from "node:fs";
import { join, parse } from "node:path";
import type ts from "@tslab/typescript-for-tslab";
import { helpDeclaration } from "./help/declaration";
import { inputDeclarations } from "./input-declarations";
import { nodeLibrary } from "./language-library";
import { listed } from "./watched-files";

/** Where a notebook's cells are compiled. */
export interface Place {
  /** The notebook's folder, which relative imports start from. */
  readonly folder: string;
  /** The root of the project, which packages are found from. */
  readonly root: string;
}

/** A file of ours that exists only for the compiler. */
export function libraryPath(folder: string): string {
  return `${withSlashes(folder)}/__library__.d.ts`;
}

/**
 * What the compiler sees of the file system, changed in place: packages of the project are found wherever a notebook
 * lies; the library of the running Node is there; and tslab's list of exports, which it puts below a cell, names what
 * can be exported.
 */
export function adaptSystem(system: ts.System, { folder, root }: Place): void {
  const library = { path: libraryPath(folder), text: nodeLibrary() + inputDeclarations + helpDeclaration };
  const where = packagesOf(withSlashes(root), [
    withSlashes(folder),
    withSlashes(parse(folder).root).replace(/\/$/, ""),
  ]);
  const asSeen = besideNotebook(withSlashes(root), withSlashes(folder));
  const cell = `${withSlashes(folder)}/__tslab__.ts`;
  const { readFile, fileExists, directoryExists, realpath, watchFile, watchDirectory } = system;
  const watchListed = listed(watchFile!);
  const changes: Partial<ts.System> = {
    readFile: (path, encoding) => {
      if (path === library.path) return library.text;
      const text = readFile(where(path), encoding);
      return path === cell && text !== undefined ? withPossibleExports(text) : text;
    },
    fileExists: (path) => path === library.path || fileExists(where(path)),
    directoryExists: (path) => directoryExists(where(path)),
    realpath: (path) => asSeen(realpath?.(where(path)) ?? path),
    watchFile: (path, ...rest) => (path === library.path ? { close: () => undefined } : watchListed(path, ...rest)),
    // Not what lies below: a notebook may lie in a person's home, and everything there would be watched.
    watchDirectory: (path, callback) => watchDirectory!(path, callback, false),
  };
  Object.assign(system, changes);
}

/**
 * Maps a path below one of the places where the compiler looks for packages to the project's packages, where it has
 * that one.
 */
function packagesOf(root: string, places: readonly string[]): (path: string) => string {
  const prefixes = [...new Set(places)].filter((place) => place !== root).map((place) => `${place}/node_modules`);
  const known = new Map<string, boolean>();
  const isThere = (name: string): boolean => {
    if (!known.get(name)) known.set(name, existsSync(join(root, "node_modules", name)));
    return known.get(name) === true;
  };
  return (path) => {
    const prefix = prefixes.find((candidate) => path.startsWith(candidate));
    if (prefix === undefined) return path;
    const rest = path.slice(prefix.length);
    if (rest !== "" && !rest.startsWith("/")) return path;
    const name = rest.split("/")[1] ?? "";
    return isThere(name) ? `${root}/node_modules${rest}` : path;
  };
}

/**
 * The compiler can name the types of a package only where it finds the package from the notebook. So it is to take the
 * project's packages for ones beside the notebook, where that lies outside of the project.
 */
function besideNotebook(root: string, folder: string): (path: string) => string {
  const packages = `${root}/node_modules/`;
  if (`${folder}/`.startsWith(`${root}/`)) return (path) => path;
  return (path) => {
    const slashed = withSlashes(path);
    return slashed.startsWith(packages) ? `${folder}/node_modules/${slashed.slice(packages.length)}` : path;
  };
}

/**
 * tslab exports everything that a cell declares, by the names that TypeScript has inside: those with two underscores
 * have a third one there, and augmentations of modules and of the global scope have names that are none.
 */
function withPossibleExports(text: string): string {
  return text.replace(/\nexport \{([^{}\n]*)\}$/, (_, list: string) => {
    const names = list.split(", ").map((name) => (name.startsWith("___") ? name.slice(1) : name));
    const possible = names.filter((name) => name !== "__global" && !/["'`]/.test(name));
    return `\nexport {${possible.join(", ")}}`;
  });
}

function withSlashes(path: string): string {
  return path.replaceAll("\\", "/");
}
