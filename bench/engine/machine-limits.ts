import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { inRepository } from "recsys-unlearning/core";
import { threadCount } from "recsys-unlearning/engine";
import type { LimitQuestion } from "./limit-worker";

/** Multiplications and additions that the engine's threads do at best, all at once, 10^9 a second. */
export async function peakGigaflops(): Promise<number> {
  peak = Math.max(peak, await together({}));
  return peak;
}
/** The best so far: what else runs on the machine only ever takes away. */
let peak = 0;

/** Bytes that the engine's threads can read, each its share of the footprint, all at once, 10^9 a second. */
export async function readGigabytes(footprint: number): Promise<number> {
  return together({ footprint: Math.ceil(footprint / threadCount()) });
}

/** The rates of as many threads as the engine has, measured at the same time, in sum. */
async function together(question: LimitQuestion): Promise<number> {
  const script = inRepository("bench", "dist", "engine", "limit-worker.js");
  const rates = Array.from({ length: threadCount() }, async () => {
    const [rate] = (await once(new Worker(script, { workerData: question }), "message")) as [number];
    return rate;
  });
  return (await Promise.all(rates)).reduce((sum, rate) => sum + rate, 0);
}
