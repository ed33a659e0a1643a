import Module, { createRequire, isBuiltin } from "node:module";
import { dirname, isAbsolute, join, resolve } from "node:path";

/** One of the person's own files, compiled. */
export interface CompiledFile {
  /** Where it would lie: the path of the TypeScript file with the ending `.js`. */
  readonly path: string;
  readonly code: string;
}

/** The parts of Node's modules that its types leave out. */
type LoadableModule = NodeJS.Module & { _compile(code: string, path: string): void };
const { _nodeModulePaths: modulePaths } = Module as unknown as { _nodeModulePaths(folder: string): string[] };
const ModuleClass = Module as unknown as new (id: string, parent?: NodeJS.Module) => LoadableModule;

/**
 * What cells `import` at run time: their own TypeScript files beside the notebook, which the compiler has handed over;
 * packages, from the project; and whatever else Node finds from the notebook's folder.
 */
export class LocalModules {
  /** The `require` of cells. */
  readonly require: NodeJS.Require;
  private readonly compiled = new Map<string, string>();
  private readonly loaded = new Map<string, LoadableModule>();
  /** Which files import a file. */
  private readonly importers = new Map<string, Set<string>>();
  private readonly fromProject: NodeJS.Require;

  /**
   * @param folder the notebook's, which relative imports of cells start from
   * @param root the project's, which packages are found from
   * @param begin is called when a cell asks for a module; what it returns, when that is there
   */
  constructor(
    folder: string,
    private readonly root: string,
    begin: () => () => void,
  ) {
    this.fromProject = createRequire(join(root, "cells.js"));
    const fromFolder = createRequire(join(folder, "cells.js"));
    const find = (id: string, options?: { paths?: string[] }): string =>
      options !== undefined || isPath(id) ? fromFolder.resolve(id, options) : this.packagePath(id, fromFolder);
    const require = (id: string): unknown => {
      const end = begin();
      try {
        return this.load(id, folder, (other) => fromFolder(find(other))); // each function here is a line of stacks
      } finally {
        end();
      }
    };
    this.require = Object.assign(require, {
      ...fromFolder,
      resolve: Object.assign(find, { paths: fromFolder.resolve.paths }),
    });
  }

  /** Takes up what was compiled; what has imported a changed file is loaded anew as well when it is next imported. */
  update(files: readonly CompiledFile[]): void {
    for (const { path, code } of files) {
      this.forget(path);
      this.compiled.set(path, code);
    }
  }

  private forget(path: string): void {
    if (!this.loaded.delete(path)) return;
    for (const importer of this.importers.get(path) ?? []) this.forget(importer);
  }

  private packagePath(id: string, otherwise: NodeJS.Require): string {
    if (isBuiltin(id)) return id;
    try {
      return this.fromProject.resolve(id);
    } catch (error) {
      try {
        return otherwise.resolve(id);
      } catch {
        throw error;
      }
    }
  }

  private load(id: string, folder: string, otherwise: (id: string) => unknown, importer?: string): unknown {
    if (id === "tslab") return require("tslab") as unknown; // eslint-disable-line @typescript-eslint/no-require-imports
    const path = isPath(id) ? this.compiledPath(resolve(folder, id)) : undefined;
    if (path === undefined) return otherwise(id);
    if (importer !== undefined) this.importers.set(path, (this.importers.get(path) ?? new Set()).add(importer));
    return (this.loaded.get(path) ?? this.loadCompiled(path)).exports as unknown;
  }

  private compiledPath(path: string): string | undefined {
    const candidates = [path, `${path}.js`, path.replace(/\.[mc]?tsx?$/, ".js"), join(path, "index.js")];
    return candidates.find((candidate) => this.compiled.has(candidate));
  }

  private loadCompiled(path: string): LoadableModule {
    const loading = new ModuleClass(path, module);
    const folder = dirname(path);
    loading.filename = path;
    loading.paths = [...modulePaths(folder), join(this.root, "node_modules")];
    const plain = loading.require.bind(loading);
    loading.require = ((id: string) => this.load(id, folder, plain, path)) as NodeJS.Require;
    // Before it runs: files may import each other in a circle.
    this.loaded.set(path, loading);
    try {
      loading._compile(this.compiled.get(path) ?? "", path);
    } catch (error) {
      this.loaded.delete(path);
      throw error;
    }
    return loading;
  }
}

function isPath(id: string): boolean {
  return /^\.{1,2}(\/|\\|$)/.test(id) || isAbsolute(id);
}
