import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, rmdir, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  announce,
  EngineError,
  markerOf,
  markFolder,
  nowMs,
  ProgressTask,
  stateOf,
  temporarySuffix,
  throwIfCancelled,
} from "../../core";
import { engineCacheFolder, nativeFolder, nativePackage, nativeVersion, requireFitNode } from "./locate";
import { removeMeasured } from "./measured";
import { missingTools, type RunTool, toolRunner } from "./tools";
import { fetchWheel, unpackLibrary, wheelForThisMachine } from "./wheel";

/** What a build has to hand while it lasts: 0.27 GB wheel, 0.85 GB unpacked, 0.35 GB packages, and some air. */
const neededBytes = 2e9;
const vendorAddress = "https://storage.googleapis.com/tensorflow/";
const reachTimeoutMs = 5_000;
/** npm may still write for a moment after whoever started it was killed. */
const wholly = { recursive: true, force: true, maxRetries: 20, retryDelay: 100 } as const;

/** How long each stage of a build took, in seconds. */
export type BuildSeconds = Readonly<Record<string, number>>;

/**
 * Installs TensorFlow native in the cache: by the vendor's own download where that is reachable, else built against the
 * libtensorflow inside PyPI's wheel. Everything happens in a staging folder that is renamed at the end, so that an
 * interrupted build leaves nothing half-made.
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
  await mkdir(engineCacheFolder(), { recursive: true });
  await sweepAbandoned();
  await requireSpace();
  const staging = `${nativeFolder()}.${process.pid}${temporarySuffix}`;
  const before = `${nativeFolder()}.before.${process.pid}${temporarySuffix}`;
  await mkdir(staging);
  try {
    await markFolder(staging);
    const seconds = await stages(staging, verify);
    if (existsSync(nativeFolder())) await requireOurs(nativeFolder());
    if (existsSync(nativeFolder())) await rename(nativeFolder(), before);
    await rename(staging, nativeFolder());
    return seconds;
  } finally {
    for (const rest of [staging, before]) await rm(rest, wholly);
  }
}

async function requireOurs(folder: string): Promise<void> {
  if ((await markerOf(folder)) !== null) return;
  throw new EngineError("a folder that we did not make is in the native engine's place", {
    where: folder,
    remedy: "move it elsewhere",
  });
}

/**
 * Removes every native engine of the cache and what abandoned builds left: what carries our marker, and nothing else,
 * which is said.
 *
 * @returns whether there was one
 * @example
 * if (await removeNative()) console.log("the native engine is removed; wasm stays");
 */
export async function removeNative(): Promise<boolean> {
  const folder = engineCacheFolder();
  let removed = await removeMeasured();
  for (const name of await namesIn(folder)) {
    const path = join(folder, name);
    const builder = await markerOf(path);
    if (builder === null || (name.endsWith(temporarySuffix) && stateOf(builder) !== "dead")) continue;
    await rm(path, wholly);
    removed = true;
  }
  const left = await namesIn(folder);
  if (left.length > 0) announce(`left alone in ${folder}: ${left.join(", ")} (in use, or not put there by us)`);
  else await rmdir(folder).catch(() => undefined); // never there
  return removed;
}

async function namesIn(folder: string): Promise<string[]> {
  return existsSync(folder) ? readdir(folder) : [];
}

async function stages(staging: string, verify: (packageFolder: string) => Promise<void>): Promise<BuildSeconds> {
  const seconds: Record<string, number> = {};
  const progress = new ProgressTask("installing the native engine", null, "stages");
  let done = 0;
  async function stage(name: string, work: () => Promise<void>): Promise<void> {
    throwIfCancelled("installing the native engine");
    const start = nowMs();
    const heartbeat = setInterval(() => progress.update(done, name), 200);
    try {
      await work();
    } finally {
      clearInterval(heartbeat);
    }
    seconds[name] = (nowMs() - start) / 1000;
    progress.update(++done, name);
  }
  const folder = nativePackage(staging);
  const run = toolRunner(staging);
  try {
    await stage("packages", () => installPackage(staging, run));
    if (!(await downloadsItself(folder, stage))) await buildAgainstWheel(staging, folder, stage);
    await stage("check", () => verify(folder));
  } finally {
    progress.finish();
  }
  return seconds;
}

type Stage = (name: string, work: () => Promise<void>) => Promise<void>;

async function installPackage(staging: string, run: RunTool): Promise<void> {
  await writeFile(join(staging, "package.json"), '{"private":true}');
  const quiet = ["--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"];
  await run("npm", ["install", `@tensorflow/tfjs-node@${nativeVersion}`, ...quiet]);
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

async function requireSpace(): Promise<void> {
  const { bavail, bsize } = await statfs(engineCacheFolder());
  const free = bavail * bsize;
  if (free < neededBytes)
    throw new EngineError(
      `the native engine needs ${neededBytes / 1e9} GB of disk, ${(free / 1e9).toFixed(1)} are free`,
      {
        where: engineCacheFolder(),
        remedy: "make room, or set RECSYS_CACHE to a folder elsewhere",
      },
    );
}

/** Removes staging folders whose build was killed: their marker names its process. */
async function sweepAbandoned(): Promise<void> {
  for (const name of await readdir(engineCacheFolder())) {
    if (!name.endsWith(temporarySuffix)) continue;
    const path = join(engineCacheFolder(), name);
    const builder = await markerOf(path);
    if (builder !== null && stateOf(builder) === "dead") await rm(path, wholly);
  }
}
