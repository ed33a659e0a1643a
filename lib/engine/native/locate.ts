import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { cacheFolder, EngineError } from "../../core";
import type { TensorLibrary } from "../tensors";

/** The release of `@tensorflow/tfjs-node` that fits our TensorFlow.js. */
export const nativeVersion = "4.22.0";

/** Where native engines and what was measured of them are kept: outside node_modules, so that `npm ci` does not lose them. */
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

/** The path of an installed native engine, or `undefined`: our own build, else the optional dependency if its download succeeded. */
export function findNative(): string | undefined {
  const built = nativePackage(nativeFolder());
  if (existsSync(built)) return built;
  try {
    const dependency = join(load.resolve("@tensorflow/tfjs-node/package.json"), "..");
    return existsSync(join(dependency, "lib")) ? dependency : undefined; // without lib/ it has no binary
  } catch {
    return undefined; // npm leaves an optional dependency out where its download host is out of reach
  }
}

const remedy = "npm run engine -- native, or leave RECSYS_ENGINE unset";

/** The path of the installed native engine. @throws EngineError when it is not installed */
export function requireNative(): string {
  const path = findNative();
  if (path === undefined) throw new EngineError("the native engine is not installed", { remedy });
  return path;
}

/** TensorFlow native for Node. @throws EngineError when it is not installed, or does not load */
export function nativeLibrary(): TensorLibrary {
  const path = requireNative();
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "3"; // its start-up lines on stderr
  try {
    return load(path) as TensorLibrary;
  } catch (cause) {
    throw new EngineError("the native engine does not load", { where: path, remedy, cause });
  }
}
