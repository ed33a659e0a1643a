import { existsSync } from "node:fs";
import { join } from "node:path";
import { commandLine, EngineError } from "../../core";
import { engineCacheFolder } from "../native/locate";

/** The release of PyPI's `scipy-openblas32`: OpenBLAS as numpy and scipy bring it. */
export const openBlasVersion = "0.3.34.0.0";

/** The release of `koffi`, which calls it; it comes with its binaries for every platform. */
export const koffiVersion = "3.3.4";

/** What an installation says of its files: their bytes by path. */
export const manifestName = "openblas.json";

/** Where `npm run engine -- blas` puts what it installs for this platform. */
export function blasFolder(): string {
  const { platform, arch } = process;
  return join(engineCacheFolder(), `openblas-${openBlasVersion}-koffi-${koffiVersion}-${platform}-${arch}`);
}

/**
 * The folder of the installed OpenBLAS, or `undefined`.
 *
 * @example
 * if (findBlas() === undefined) console.log(`install it by ${commandLine("engine")} blas`);
 */
export function findBlas(): string | undefined {
  return existsSync(join(blasFolder(), manifestName)) ? blasFolder() : undefined;
}

/** What a person can do about an OpenBLAS that is missing or damaged. */
export const blasRemedy = (): string => `${commandLine("engine")} blas, or leave RECSYS_ENGINE unset`;

/** The folder of the installed OpenBLAS. @throws EngineError when it is not installed */
export function requireBlas(): string {
  const folder = findBlas();
  if (folder === undefined) throw new EngineError("the blas engine is not installed", { remedy: blasRemedy() });
  return folder;
}
