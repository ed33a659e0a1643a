// Gives the kernel's modules, and the compiler that they use, the globals and Node modules as they are at the kernel's
// start. Cells share the rest of the process: fake timers, a replaced JSON.stringify or a mocked `fs` change the world
// of cells, never the kernel's. Has to be the first module that the main thread loads; Jupyter's other languages have a
// process boundary here instead.
import Module, { isBuiltin } from "node:module";
import { dirname, sep } from "node:path";
import { copyOf, withOwnGlobals } from "./own-globals";

/** A module's loader, as Node has it inside: the two steps that are changed here. */
interface Loader {
  _load(request: string, parent: NodeJS.Module | undefined, isMain: boolean): unknown;
  readonly prototype: { _compile(this: NodeJS.Module, content: string, filename: string): unknown };
}

const kernelBuild = dirname(__dirname) + sep;
const theCompiler = /[\\/](tslab[\\/]dist|@tslab[\\/]typescript-for-tslab[\\/]lib)[\\/]/;
const globalsOf = require.resolve("./own-globals");

function isOurs(path: string | undefined): boolean {
  return path !== undefined && (path.startsWith(kernelBuild) || theCompiler.test(path));
}

const loader = Module as unknown as Loader;
const { _load: load } = loader;
const { _compile: compile } = loader.prototype;

loader._load = function (request, parent, isMain) {
  const loaded = load.call(this, request, parent, isMain);
  return isOurs(parent?.filename) && isBuiltin(request) ? copyOf(request, loaded) : loaded;
};

const theirs = `require(${JSON.stringify(globalsOf)}).ownGlobals`;

loader.prototype._compile = function (content, filename) {
  return compile.call(this, isOurs(filename) ? withOwnGlobals(content, theirs) : content, filename);
};

/** To be called when the kernel is loaded: what cells import is none of its business. */
export function endOwnWorld(): void {
  loader._load = load;
  loader.prototype._compile = compile;
}
