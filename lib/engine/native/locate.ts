import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { cacheFolder, commandLine, EngineError } from "../../core";
import type { TensorLibrary } from "../tensors/library";

/** The release of `@tensorflow/tfjs-node` that fits our TensorFlow.js. */
export const nativeVersion = "4.22.0";

/**
 * The first major release of Node without `util.isNullOrUndefined`, which tfjs-node 4.22.0 calls for every tensor it
 * makes.
 */
const firstUnfitNode = 23;

/**
 * Whether tfjs-node works in a release of Node.
 *
 * @param version default: the one that runs
 * @example
 * isFitNode("22.12.0"); // true
 * isFitNode("24.0.0"); // false
 */
export function isFitNode(version = process.versions.node): boolean {
  return Number(version.split(".")[0]) < firstUnfitNode;
}

/** @param version default: the one that runs. @throws EngineError that names it, where tfjs-node does not work in it */
export function requireFitNode(version = process.versions.node): void {
  if (isFitNode(version)) return;
  throw new EngineError(`@tensorflow/tfjs-node ${nativeVersion} does not work in Node ${version}`, {
    remedy: "use Node 20 or 22 for the native engine, or leave RECSYS_ENGINE unset: wasm runs in every Node",
  });
}

/**
 * Where native engines and what was measured of them are kept: outside node_modules, so that `npm ci` does not lose
 * them.
 */
export function engineCacheFolder(): string {
  return join(cacheFolder(), "engine");
}

/** Where `npm run engine -- native` puts what it builds for this platform and release of Node. */
export function nativeFolder(): string {
  const { platform, arch, versions } = process;
  return join(engineCacheFolder(), `tfjs-node-${nativeVersion}-${platform}-${arch}-abi${versions.modules}`);
}

/** The folder of the package inside an installation. */
export function nativePackage(folder: string): string {
  return join(folder, "node_modules", "@tensorflow", "tfjs-node");
}

const load = createRequire(__filename);

/**
 * The path of an installed native engine that this Node can load, or `undefined`: our own build, else the optional
 * dependency if its download succeeded.
 *
 * @example
 * if (findNative() === undefined) console.log(`install it by ${commandLine("engine")} native`);
 */
export function findNative(): string | undefined {
  if (!isFitNode()) return undefined;
  const built = nativePackage(nativeFolder());
  if (existsSync(built)) return built;
  try {
    const dependency = join(load.resolve("@tensorflow/tfjs-node/package.json"), "..");
    return existsSync(join(dependency, "lib")) ? dependency : undefined; // without lib/ it has no binary
  } catch {
    return undefined; // npm leaves an optional dependency out where its download host is out of reach
  }
}

const remedy = () => `${commandLine("engine")} native, or leave RECSYS_ENGINE unset`;

/** The path of the installed native engine. @throws EngineError when it is not installed or this Node cannot load it */
export function requireNative(): string {
  requireFitNode();
  const path = findNative();
  if (path === undefined) throw new EngineError("the native engine is not installed", { remedy: remedy() });
  return path;
}

/** TensorFlow native for Node. @throws EngineError when it is not installed, or does not load */
export function nativeLibrary(): TensorLibrary {
  const path = requireNative();
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "3"; // its start-up lines on stderr
  try {
    return load(path) as TensorLibrary;
  } catch (cause) {
    throw new EngineError("the native engine does not load", { where: path, remedy: remedy(), cause });
  }
}
