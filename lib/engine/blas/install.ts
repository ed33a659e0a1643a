import { mkdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "../../core";
import { type BuildSeconds, installInCache, wholly } from "../native/staging";
import { installByNpm, toolRunner } from "../native/tools";
import { fetchWheel, unpackWheel } from "../native/wheel";
import { blasFolder, koffiVersion, manifestName } from "./locate";
import { openBlasWheel } from "./wheels";

/** The wheel, what it holds, and the package that calls it. */
const neededBytes = 0.1e9;

/** OpenBLAS and the run-time libraries of its compiler; not its headers. */
const libraries = /^scipy_openblas32\/(?:lib|\.dylibs)\/[^/]+\.(?:so[.\d]*|dylib|dll)$/;

/**
 * Installs OpenBLAS in the cache: the library out of PyPI's wheel, which is verified, and npm's package that calls it.
 *
 * @param verify proves that an installation works; gets its folder
 * @returns seconds by stage
 * @throws EngineError when there is none for the platform, disk space or a registry is missing, or it does not work
 * @throws DownloadError when the wheel cannot be had, or is another
 * @example
 * const seconds = await installBlas(async () => undefined); // takes whatever was downloaded
 * Object.keys(seconds); // its stages, "packages" first and "check" last
 */
export async function installBlas(verify: (folder: string) => Promise<void>): Promise<BuildSeconds> {
  const wheel = openBlasWheel();
  return installInCache({
    ...{ title: "the blas engine", folder: blasFolder(), neededBytes },
    async fill(staging, stage) {
      const downloads = join(staging, "wheel");
      let path = "";
      await mkdir(downloads);
      await stage("packages", () => installByNpm(staging, `koffi@${koffiVersion}`));
      await stage("OpenBLAS", async () => {
        path = await fetchWheel(wheel, downloads, toolRunner(staging));
      });
      await stage("unpacking", () => unpack(path, staging));
      await rm(downloads, wholly);
      await stage("check", () => verify(staging));
    },
  });
}

async function unpack(wheelPath: string, folder: string): Promise<void> {
  const files: string[] = [];
  await unpackWheel(wheelPath, folder, (name) => {
    if (!libraries.test(name)) return undefined;
    files.push(name);
    return name;
  });
  const sizes = await Promise.all(files.map(async (name) => [name, (await stat(join(folder, name))).size] as const));
  await writeFileAtomic(join(folder, manifestName), JSON.stringify(Object.fromEntries(sizes)));
}
