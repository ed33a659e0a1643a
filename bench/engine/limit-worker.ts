import { parentPort, workerData } from "node:worker_threads";
import { multiplyAddRate, readRate } from "./limit-probes";

/** What one of several threads measures while the others measure the same. */
export interface LimitQuestion {
  /** How many bytes this thread reads; without it, how fast it computes. */
  readonly footprint?: number;
}

const { footprint } = workerData as LimitQuestion;
parentPort!.postMessage(footprint === undefined ? multiplyAddRate() : readRate(footprint));
