import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { announce, EngineError } from "../../core";
import { nativeFolder, nativePackage, nativeVersion, requireFitNode } from "./locate";
import { type BuildSeconds, installInCache, type Stage, wholly } from "./staging";
import { installByNpm, missingTools, toolRunner } from "./tools";
import { fetchWheel, unpackLibrary, wheelForThisMachine } from "./wheel";

/** 0.27 GB wheel, 0.85 GB unpacked, 0.35 GB packages, and some air. */
const neededBytes = 2e9;
const vendorAddress = "https://storage.googleapis.com/tensorflow/";
const reachTimeoutMs = 5_000;

/**
 * Installs TensorFlow native in the cache: by the vendor's own download where that is reachable, else built against the
 * libtensorflow inside PyPI's wheel.
 *
 * @param verify proves that an installation works; gets the package's folder
 * @returns seconds by stage
 * @throws EngineError in a Node that cannot load it, when a tool, disk space or the platform's library is missing, or a
 *   stage fails
 * @example
 * const seconds = await buildNative(async (folder) => void require(folder)); // one that does not load is refused
 * Object.keys(seconds); // its stages, "packages" first and "check" last
 */
export async function buildNative(verify: (packageFolder: string) => Promise<void>): Promise<BuildSeconds> {
  requireFitNode();
  return installInCache({
    ...{ title: "the native engine", folder: nativeFolder(), neededBytes },
    async fill(staging, stage) {
      const folder = nativePackage(staging);
      await stage("packages", () => installByNpm(staging, `@tensorflow/tfjs-node@${nativeVersion}`));
      if (!(await downloadsItself(folder, stage))) await buildAgainstWheel(staging, folder, stage);
      await stage("check", () => verify(folder));
    },
  });
}

/** The vendor's own way: its install script fetches library and binding. */
async function downloadsItself(folder: string, stage: Stage): Promise<boolean> {
  try {
    await fetch(vendorAddress, { method: "HEAD", signal: AbortSignal.timeout(reachTimeoutMs) });
  } catch {
    announce("TensorFlow's own download host is out of reach; building against PyPI's libtensorflow instead");
    return false;
  }
  try {
    await stage("download", async () => {
      await toolRunner(folder)(process.execPath, ["scripts/install.js"]);
    });
    return true;
  } catch (error) {
    announce(`TensorFlow's own download failed (${(error as Error).message.split("\n")[0]}); building instead`);
    return false;
  }
}

async function buildAgainstWheel(staging: string, folder: string, stage: Stage): Promise<void> {
  const wheel = wheelForThisMachine();
  const missing = await missingTools(["pip", "python3", "make", "c++"]);
  if (missing.length > 0)
    throw new EngineError(`building the native engine needs ${missing.join(", ")}`, {
      remedy: "install them (Debian: apt-get install build-essential python3-pip), or keep the wasm engine",
    });
  const downloads = join(staging, "wheel");
  const deps = join(folder, "deps");
  let path = "";
  await rm(deps, wholly);
  await mkdir(downloads);
  await stage("libtensorflow", async () => {
    path = await fetchWheel(wheel, downloads, toolRunner(staging));
  });
  await stage("unpacking", () => unpackLibrary(path, deps));
  await stage("compiling", async () => {
    await toolRunner(folder)("npm", ["exec", "--offline", "--", "node-pre-gyp", "install", "--build-from-source"]);
  });
  for (const leftover of [downloads, join(deps, "include"), join(folder, "build")]) await rm(leftover, wholly);
}
