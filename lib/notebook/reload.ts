import { join, sep } from "node:path";
import { libFolder } from "../core";

/** What `reload` did. */
export interface Reloaded {
  /** How many modules were loaded again. */
  readonly modules: number;
  /** The variables of earlier cells that now hold the new code. */
  readonly variables: readonly string[];
}

type ModuleExports = Record<string, unknown>;

/** Where tslab keeps the variables of cells. */
const notebookGlobals = globalThis as { __tslab__?: { exports: Record<string, unknown> } };

/**
 * Takes up what `npm run build` made since the kernel loaded lib: loads its modules again and puts the new functions
 * and classes into the variables that imports of earlier cells made, and into the modules that functions of earlier
 * cells use. Objects that exist keep the code they were made with; make them anew.
 *
 * @throws whatever a module throws while it loads; then everything stays as it was
 * @example
 * reload(); // after a build of lib, in a cell before the imports
 */
export function reload(): Reloaded {
  const old = loadedBelow(join(libFolder(), "dist") + sep);
  const pairs = loadAgain(old);
  const replaced = new Map<unknown, unknown>();
  for (const [before, after] of pairs) {
    replaced.set(before, after);
    for (const [name, value] of Object.entries(before)) if (name in after) replaced.set(value, after[name]);
  }
  for (const [before, after] of pairs) updateInPlace(before, after);
  return { modules: pairs.length, variables: rebindVariables(replaced) };
}

function loadedBelow(folder: string): NodeJS.Module[] {
  return Object.values(require.cache).filter(
    (module) => module?.filename.startsWith(folder) === true,
  ) as NodeJS.Module[];
}

/** The exports of each module, before and after. */
function loadAgain(old: readonly NodeJS.Module[]): [ModuleExports, ModuleExports][] {
  for (const { filename } of old) delete require.cache[filename];
  try {
    return old.map(({ filename, exports }) => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      return [exports as ModuleExports, require(filename) as ModuleExports];
    });
  } catch (error) {
    for (const module of old) require.cache[module.filename] = module;
    throw error;
  }
}

/**
 * Functions of earlier cells hold the old module itself: its exports become the new ones. Re-exports follow what they
 * re-export.
 */
function updateInPlace(before: ModuleExports, after: ModuleExports): void {
  for (const name of Object.keys(after)) {
    const property = Object.getOwnPropertyDescriptor(before, name);
    if (property?.writable === true) before[name] = after[name];
    else if (property === undefined) Object.defineProperty(before, name, { enumerable: true, get: () => after[name] });
  }
}

function rebindVariables(replaced: ReadonlyMap<unknown, unknown>): string[] {
  const variables = notebookGlobals.__tslab__?.exports ?? {};
  const rebound = Object.keys(variables).filter((name) => {
    const value = variables[name];
    return (typeof value === "function" || typeof value === "object") && replaced.has(value);
  });
  for (const name of rebound) variables[name] = replaced.get(variables[name]);
  return rebound;
}
