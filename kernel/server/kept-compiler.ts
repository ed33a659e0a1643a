import Module from "node:module";
import type ts from "@tslab/typescript-for-tslab";
import { type KeptCompiler, keptCompilerName } from "../snapshot/inside";

/**
 * The compiler: that of the startup snapshot where the kernel was started from one, else from its module. Either way
 * it stands in Node's cache of modules, where tslab finds it.
 *
 * @param path of its module
 */
export function loadCompiler(path: string): typeof ts {
  const name = Symbol.for(keptCompilerName);
  const world = globalThis as { [name]?: KeptCompiler };
  const kept = world[name];
  delete world[name];
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  if (kept?.path !== path) return require(path) as typeof ts;
  const loaded = new Module(path);
  require.cache[path] = Object.assign(loaded, { filename: path, loaded: true, exports: kept.compiler });
  return kept.compiler;
}
