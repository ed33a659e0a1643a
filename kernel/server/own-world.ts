// Gives the kernel's modules, and the compiler that they use, the globals and Node modules as they are at the kernel's
// start. Cells share the rest of the process: fake timers, a replaced JSON.stringify or a mocked `fs` change the world
// of cells, never the kernel's. Has to be the first module that the main thread loads; Jupyter's other languages have a
// process boundary here instead.
import Module, { isBuiltin } from "node:module";
import { dirname, sep } from "node:path";

/** A module's loader, as Node has it inside: the two steps that are changed here. */
interface Loader {
  _load(request: string, parent: NodeJS.Module | undefined, isMain: boolean): unknown;
  readonly prototype: { _compile(this: NodeJS.Module, content: string, filename: string): unknown };
}

/** An object of functions that cells could change one by one. */
function fixed<T extends object>(given: T, ...methods: (keyof T)[]): object {
  return Object.freeze(
    Object.fromEntries(methods.map((name) => [name, (given[name] as () => unknown).bind(given)] as const)),
  );
}

const { performance: clock } = globalThis;

/**
 * What a module of the kernel sees under these names; its first line asks for them.
 *
 * @public
 */
export const ownGlobals = Object.freeze({
  ...{ setTimeout, clearTimeout, setInterval, clearInterval, setImmediate, clearImmediate, queueMicrotask },
  ...{ Array, BigInt, Boolean, Buffer, Date, Error, Map, Number, Object, Promise, Proxy, RegExp, Set, String, Symbol },
  ...{ AbortController, WeakMap, WeakRef, WeakSet, structuredClone },
  JSON: fixed(JSON, "parse", "stringify"),
  performance: fixed(clock, "now", "mark", "measure", "clearMarks", "clearMeasures"),
});

const kernelBuild = dirname(__dirname) + sep;
const theCompiler = /[\\/](tslab[\\/]dist|@tslab[\\/]typescript-for-tslab[\\/]lib)[\\/]/;

function isOurs(path: string | undefined): boolean {
  return path !== undefined && (path.startsWith(kernelBuild) || theCompiler.test(path));
}

const copies = new Map<string, unknown>();

/** A built-in module that keeps its functions when somebody replaces those of the original. */
function copyOf(request: string, original: unknown): unknown {
  if (typeof original !== "object" || original === null || /^(node:)?process$/.test(request)) return original;
  if (!copies.has(request))
    copies.set(request, Object.defineProperties({}, Object.getOwnPropertyDescriptors(original)));
  return copies.get(request);
}

const loader = Module as unknown as Loader;
const { _load: load } = loader;
const { _compile: compile } = loader.prototype;

const head = `const { ${Object.keys(ownGlobals).join(", ")} } = require(${JSON.stringify(__filename)}).ownGlobals;`;

loader._load = function (request, parent, isMain) {
  const loaded = load.call(this, request, parent, isMain);
  return isOurs(parent?.filename) && isBuiltin(request) ? copyOf(request, loaded) : loaded;
};

loader.prototype._compile = function (content, filename) {
  if (!isOurs(filename) || filename === __filename) return compile.call(this, content, filename);
  // On the first line, so that the lines of the rest stay as they are; a directive has to stay first.
  const directive = /^\s*["']use strict["']/.test(content) ? '"use strict";' : "";
  return compile.call(this, directive + head + content, filename);
};

/** To be called when the kernel is loaded: what cells import is none of its business. */
export function endOwnWorld(): void {
  loader._load = load;
  loader.prototype._compile = compile;
}
