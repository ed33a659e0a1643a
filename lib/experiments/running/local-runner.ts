import { availableParallelism, freemem } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { announce, CancelledError, currentSignal, ProgressTask } from "../../core";
import { announceObstacle, computeRun, type Recompute } from "./compute-run";
import { moduleOf, type Parts } from "../config/parts";
import type { PlannedRun } from "./plan";
import type { Run } from "../config/run-config";
import type { RunStore } from "../store/run-store";
import { type RunnerReport, WorkQueue } from "./work-queue";
import { WorkerProcess } from "./worker-process";

/** Memory that one worker may need, in bytes: engine, data and models of the largest dataset here, with room. */
const workerBytes = 1.5 * 2 ** 30;

/**
 * How many workers: as asked, or one for each core, but not more than the free memory carries.
 *
 * @example
 * workerCount(); // how many runs are computed at a time
 */
export function workerCount(asked?: number): number {
  const wanted = asked ?? availableParallelism();
  const available = (process as { availableMemory?: () => number }).availableMemory?.() ?? freemem();
  const carried = Math.max(1, Math.floor((0.9 * available) / workerBytes));
  if (wanted <= carried) return wanted;
  announce(`${carried} workers instead of ${wanted}: ${(available / 2 ** 30).toFixed(1)} GiB of memory are free`);
  return carried;
}

/** Computes runs: in this process or in another. */
interface Computer {
  compute(run: Run): Promise<"computed" | "kept" | "busy">;
  stop(): void;
}

/** How a plan is run. */
export interface LocalRunnerOptions extends Recompute {
  /** 1 computes in this process. */
  readonly workers: number;
  /** Names the work in progress reports. */
  readonly label: string;
}

/**
 * Computes what a plan has to compute: with one worker in this process, with several in processes of their own, so that
 * a crash costs one run. Failures are noted and the rest goes on.
 *
 * @throws CancelledError when it is interrupted; what was computed stays, trainings under way are saved
 * @example
 * const store = new RunStore("runs");
 * const configs = expandView(viewNamed("ifru-accuracy"), { preset: "tiny" }, builtInParts);
 * const plan = await planToCompute(configs, store, builtInParts, "wasm");
 * const { failed } = await runLocally(plan, store, builtInParts, { workers: workerCount(), label: "ifru-accuracy" });
 */
export async function runLocally(
  plan: readonly PlannedRun[],
  store: RunStore,
  parts: Parts,
  options: LocalRunnerOptions,
): Promise<RunnerReport> {
  const queue = new WorkQueue(plan);
  const recompute = { force: options.force ?? false, keepStale: options.keepStale ?? false };
  const here: Computer = { compute: (run) => computeRun(run, store, parts, recompute), stop: () => undefined };
  const workers = Math.min(options.workers, queue.total);
  const module = moduleOf(parts);
  if (workers > 1 && module === undefined)
    announce(
      "one worker instead of several: other processes cannot load these parts (loadableFrom says where they are)",
    );
  const computers: Computer[] =
    workers > 1 && module !== undefined
      ? Array.from({ length: workers }, () => new WorkerProcess(store.folder, module, recompute))
      : [here];
  const stopAll = () => computers.forEach((computer) => computer.stop());
  const signal = currentSignal();
  signal?.addEventListener("abort", stopAll);
  const progress = new ProgressTask(options.label, queue.total, "runs");
  try {
    await Promise.all(computers.map((computer) => serve(computer, queue, store, progress)));
  } finally {
    signal?.removeEventListener("abort", stopAll);
    stopAll();
    progress.finish(queue.summary());
  }
  if (signal?.aborted === true) throw new CancelledError(options.label);
  return queue.report();
}

const lookEveryMs = 100;

/** Takes runs as they become ready, until none is left or everything is interrupted. */
async function serve(computer: Computer, queue: WorkQueue, store: RunStore, progress: ProgressTask): Promise<void> {
  while (currentSignal()?.aborted !== true) {
    const run = queue.take();
    if (run === "none") return;
    if (run === "wait") {
      await wait(lookEveryMs);
      continue;
    }
    progress.update(queue.ended, queue.summary());
    try {
      const outcome = await computer.compute(run);
      if (outcome !== "busy") queue.end(run, outcome);
      else {
        await announceObstacle(run, store);
        await wait(lookEveryMs);
        queue.putBack(run);
      }
    } catch (error) {
      if (error instanceof CancelledError) queue.putBack(run);
      else queue.fail(run, (error as Error).message);
    }
    progress.update(queue.ended, queue.summary());
  }
}
