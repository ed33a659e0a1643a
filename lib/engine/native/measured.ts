import { rm } from "node:fs/promises";
import { join } from "node:path";
import { announce, readRegularFile, writeFileAtomic } from "../../core";
import { engineCacheFolder, findNative, nativeFolder } from "./locate";

/** Milliseconds of one step of self-attention, by engine, as measured when the native one was installed. */
export interface MeasuredEngines {
  readonly wasm: number;
  readonly tensorflow: number;
}

const file = (): string => join(engineCacheFolder(), "measured.json");

/**
 * Keeps what was measured for the native engine that is installed now.
 *
 * @example
 * await keepMeasured({ wasm: 52.1, tensorflow: 21.4 }); // of measureEngine, each in a process of its own
 */
export async function keepMeasured(measured: MeasuredEngines): Promise<void> {
  await writeFileAtomic(file(), JSON.stringify({ ...measured, folder: nativeFolder() }));
}

/**
 * What was measured for the installed native engine, or `undefined` when nothing was.
 *
 * @example
 * const measured = await readMeasured();
 * if (measured !== undefined) console.log(`native is ${(measured.wasm / measured.tensorflow).toFixed(1)} x as fast`);
 */
export async function readMeasured(): Promise<MeasuredEngines | undefined> {
  const kept = await readFileOfOurs();
  return kept?.folder === nativeFolder() && kept.wasm > 0 && kept.tensorflow > 0 ? kept : undefined;
}

/** Removes what was measured. @returns whether there was anything of ours */
export async function removeMeasured(): Promise<boolean> {
  const kept = await readFileOfOurs();
  if (typeof kept?.folder !== "string" || typeof kept.wasm !== "number") return false;
  await rm(file());
  return true;
}

async function readFileOfOurs(): Promise<(MeasuredEngines & { readonly folder: string }) | undefined> {
  try {
    return JSON.parse((await readRegularFile(file())).toString("utf8")) as MeasuredEngines & { folder: string };
  } catch {
    return undefined; // never measured, or not readable: then nothing is offered
  }
}

/** How much less time native must have taken to be worth a line. */
const worthwhile = 0.8;

/** Says so, once, where the native engine is installed and was measured to be faster. It is never chosen by itself. */
export async function offerNative(): Promise<void> {
  if (findNative() === undefined) return;
  const measured = await readMeasured();
  if (measured === undefined || measured.tensorflow > worthwhile * measured.wasm) return;
  const times = (measured.wasm / measured.tensorflow).toFixed(1);
  announce(`TensorFlow native is installed and was ${times} x faster on attention: RECSYS_ENGINE=tensorflow uses it`);
}
