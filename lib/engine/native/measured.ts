import { rm } from "node:fs/promises";
import { join } from "node:path";
import { announce, readRegularFile, writeFileAtomic } from "../../core";
import { blasFolder, findBlas } from "../blas/locate";
import { engineCacheFolder, findNative, nativeFolder } from "./locate";

/** The engines that are installed apart. */
export type InstalledEngine = "tensorflow" | "blas";

/** Milliseconds of one step of self-attention, as measured when an engine was installed. */
export interface MeasuredEngines {
  readonly wasm: number;
  /** Of the engine that was installed. */
  readonly installed: number;
}

interface Place {
  readonly title: string;
  readonly file: string;
  folder(): string;
  find(): string | undefined;
}

const places: Readonly<Record<InstalledEngine, Place>> = {
  tensorflow: { title: "TensorFlow native", file: "measured.json", folder: nativeFolder, find: findNative },
  blas: { title: "OpenBLAS", file: "measured-blas.json", folder: blasFolder, find: findBlas },
};

const fileOf = (engine: InstalledEngine): string => join(engineCacheFolder(), places[engine].file);

/**
 * Keeps what was measured for an engine that is installed now.
 *
 * @example
 * await keepMeasured("tensorflow", { wasm: 52.1, installed: 21.4 }); // of measureEngine, each in a process of its own
 */
export async function keepMeasured(engine: InstalledEngine, measured: MeasuredEngines): Promise<void> {
  await writeFileAtomic(fileOf(engine), JSON.stringify({ ...measured, folder: places[engine].folder() }));
}

/**
 * What was measured for an installed engine, or `undefined` when nothing was.
 *
 * @example
 * const measured = await readMeasured("blas");
 * if (measured !== undefined) console.log(`it is ${(measured.wasm / measured.installed).toFixed(1)} x as fast`);
 */
export async function readMeasured(engine: InstalledEngine): Promise<MeasuredEngines | undefined> {
  const kept = await readFileOfOurs(engine);
  return kept?.folder === places[engine].folder() && kept.wasm > 0 && kept.installed > 0 ? kept : undefined;
}

/** Removes what was measured. @returns whether there was anything of ours */
export async function removeMeasured(): Promise<boolean> {
  let removed = false;
  for (const engine of Object.keys(places) as InstalledEngine[]) {
    const kept = await readFileOfOurs(engine);
    if (typeof kept?.folder !== "string" || typeof kept.wasm !== "number") continue;
    await rm(fileOf(engine));
    removed = true;
  }
  return removed;
}

async function readFileOfOurs(
  engine: InstalledEngine,
): Promise<(MeasuredEngines & { readonly folder: string }) | undefined> {
  try {
    const text = (await readRegularFile(fileOf(engine))).toString("utf8");
    return JSON.parse(text) as MeasuredEngines & { folder: string };
  } catch {
    return undefined; // never measured, or not readable: then nothing is offered
  }
}

/** How much less time an engine must have taken to be worth a line. */
const worthwhile = 0.8;

/** Says so, once, of each engine that is installed and was measured to be faster. None is ever chosen by itself. */
export async function offerInstalled(): Promise<void> {
  for (const [engine, { title, find }] of Object.entries(places) as [InstalledEngine, Place][]) {
    const measured = find() === undefined ? undefined : await readMeasured(engine);
    if (measured === undefined || measured.installed > worthwhile * measured.wasm) continue;
    const times = (measured.wasm / measured.installed).toFixed(1);
    announce(`${title} is installed and was ${times} x faster on attention: RECSYS_ENGINE=${engine} uses it`);
  }
}
