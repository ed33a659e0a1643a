import { createRequire } from "node:module";
import { join } from "node:path";
import { cacheFolder, EngineError } from "../core";
import type { TensorLibrary } from "./tensors/memory";

/** Where `npm run engine -- native` puts what it builds: outside node_modules, so that `npm ci` does not lose it. */
export function nativeFolder(): string {
  return join(
    cacheFolder(),
    "engine",
    `tfjs-node-4.22.0-${process.platform}-${process.arch}-abi${process.versions.modules}`,
  );
}

const load = createRequire(__filename);

/**
 * TensorFlow native for Node: the one built by `npm run engine -- native`, else the optional dependency where its own download
 * succeeded.
 *
 * @throws EngineError when neither is there
 */
export function nativeLibrary(): TensorLibrary {
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "3"; // its start-up lines on stderr
  const tries = [
    join(nativeFolder(), "node_modules", "@tensorflow", "tfjs-node", "dist", "index.js"),
    "@tensorflow/tfjs-node",
  ];
  const failures: unknown[] = [];
  for (const path of tries)
    try {
      return load(path) as TensorLibrary;
    } catch (failure) {
      failures.push(failure);
    }
  throw new EngineError("the native engine is not installed", {
    remedy: "npm run engine -- native, or leave RECSYS_ENGINE unset",
    cause: new AggregateError(failures),
  });
}
