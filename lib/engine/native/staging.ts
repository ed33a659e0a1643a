import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, rmdir, statfs } from "node:fs/promises";
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
import { engineCacheFolder } from "./locate";
import { removeMeasured } from "./measured";

/** npm may still write for a moment after whoever started it was killed. */
export const wholly = { recursive: true, force: true, maxRetries: 20, retryDelay: 100 } as const;

/** How long each stage of an installation took, in seconds. */
export type BuildSeconds = Readonly<Record<string, number>>;

/** Runs a part of an installation, names it in the progress and notes how long it took. */
export type Stage = (name: string, work: () => Promise<void>) => Promise<void>;

/** An engine that is installed in the cache. */
export interface Installation {
  /** As in "the native engine". */
  readonly title: string;
  readonly folder: string;
  /** What an installation has to hand while it lasts. */
  readonly neededBytes: number;
  /** Installs it in the staging folder. */
  fill(staging: string, stage: Stage): Promise<void>;
}

/**
 * Installs an engine in a staging folder that is renamed at the end, so that an interrupted installation leaves nothing
 * half-made.
 *
 * @returns seconds by stage
 * @throws EngineError when disk space is missing, or a folder that is not ours is in the way
 */
export async function installInCache(installation: Installation): Promise<BuildSeconds> {
  const { title, folder } = installation;
  await mkdir(engineCacheFolder(), { recursive: true });
  await sweepAbandoned();
  await requireSpace(installation);
  const staging = `${folder}.${process.pid}${temporarySuffix}`;
  const before = `${folder}.before.${process.pid}${temporarySuffix}`;
  await mkdir(staging);
  try {
    await markFolder(staging);
    const seconds = await timed(installation, staging);
    if (existsSync(folder)) await requireOurs(folder, title);
    if (existsSync(folder)) await rename(folder, before);
    await rename(staging, folder);
    return seconds;
  } finally {
    for (const rest of [staging, before]) await rm(rest, wholly);
  }
}

async function timed({ title, fill }: Installation, staging: string): Promise<BuildSeconds> {
  const seconds: Record<string, number> = {};
  const progress = new ProgressTask(`installing ${title}`, null, "stages");
  let done = 0;
  async function stage(name: string, work: () => Promise<void>): Promise<void> {
    throwIfCancelled(`installing ${title}`);
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
  try {
    await fill(staging, stage);
  } finally {
    progress.finish();
  }
  return seconds;
}

async function requireOurs(folder: string, title: string): Promise<void> {
  if ((await markerOf(folder)) !== null) return;
  throw new EngineError(`a folder that we did not make is in the place of ${title}`, {
    where: folder,
    remedy: "move it elsewhere",
  });
}

async function requireSpace({ title, neededBytes }: Installation): Promise<void> {
  const { bavail, bsize } = await statfs(engineCacheFolder());
  const free = bavail * bsize;
  if (free < neededBytes)
    throw new EngineError(`${title} needs ${neededBytes / 1e9} GB of disk, ${(free / 1e9).toFixed(1)} are free`, {
      where: engineCacheFolder(),
      remedy: "make room, or set RECSYS_CACHE to a folder elsewhere",
    });
}

/** Removes staging folders whose installation was killed: their marker names its process. */
async function sweepAbandoned(): Promise<void> {
  for (const name of await readdir(engineCacheFolder())) {
    if (!name.endsWith(temporarySuffix)) continue;
    const path = join(engineCacheFolder(), name);
    const builder = await markerOf(path);
    if (builder !== null && stateOf(builder) === "dead") await rm(path, wholly);
  }
}

/**
 * Removes every installed engine of the cache and what abandoned installations left: what carries our marker, and
 * nothing else, which is said.
 *
 * @returns whether there was one
 * @example
 * if (await removeInstalled()) console.log("what was installed is removed; wasm stays");
 */
export async function removeInstalled(): Promise<boolean> {
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
