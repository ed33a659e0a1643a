import { realpathSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import { InvalidArgumentError } from "recsys-unlearning/core";
import { projectFolder } from "../folders";

/**
 * What becomes of executed notebooks: copies in a folder, the files themselves, or nothing but a comparison with them.
 */
export type Target = { readonly folder: string } | "in place" | "compare";

/**
 * Where each executed notebook is written; no two in one file, and none over a notebook of the run.
 *
 * @throws InvalidArgumentError where that cannot be
 */
export function outputPaths(paths: readonly string[], target: Target): Map<string, string> {
  if (typeof target === "string") return new Map(paths.map((path) => [path, path]));
  const { folder } = target;
  const short = new Map(paths.map((path) => [path, placeInFolder(path)]));
  const common = commonFolder(paths);
  const places = new Map(
    paths.map((path) => {
      const place = short.get(path) ?? "";
      const isShared = [...short.values()].filter((other) => sameName(other, place)).length > 1;
      return [path, join(folder, isShared ? relative(common, path) : place)];
    }),
  );
  refuseClashes(places);
  return places;
}

/**
 * Executed copies keep their place below notebooks/; of other notebooks only the name is kept, where it is theirs
 * alone.
 */
function placeInFolder(file: string): string {
  const path = relative(projectFolder(), file);
  return path.startsWith(`notebooks${sep}`) ? relative("notebooks", path) : basename(path);
}

/** Some file systems take `A.ipynb` and `a.ipynb` for one file. */
function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function commonFolder(paths: readonly string[]): string {
  const [first = "", ...rest] = paths.map((path) => dirname(path).split(sep));
  const [...shared] = first;
  while (rest.some((parts) => shared.some((part, index) => parts[index] !== part))) shared.pop();
  return shared.join(sep) || sep;
}

function refuseClashes(places: ReadonlyMap<string, string>): void {
  const inputs = new Map([...places.keys()].map((path) => [real(path), path]));
  const seen = new Map<string, string>();
  for (const [path, place] of places) {
    const overwritten = inputs.get(real(place)) ?? seen.get(real(place).toLowerCase());
    seen.set(real(place).toLowerCase(), path);
    if (overwritten === undefined) continue;
    throw new InvalidArgumentError(`the executed copy of ${path} would be written over ${overwritten}`, {
      where: place,
      remedy: "choose another folder with --output-dir, or --in-place to put outputs into the notebooks themselves",
    });
  }
}

/** A path with its links followed, as far as it is there. */
function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return dirname(path) === path ? path : join(real(dirname(path)), basename(path));
  }
}
