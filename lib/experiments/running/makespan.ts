import type { Run } from "../config/run-config";
import type { PlannedRun } from "./plan";
import { WorkQueue } from "./work-queue";

/**
 * How long a plan takes where several runs are computed at a time: each worker takes the first run that can begin, and
 * some wait for what others rest on.
 *
 * @param seconds of each run, by its id; what is not there takes no time
 * @example
 * const configs = expandView(viewNamed("ifru-time"), { preset: "tiny" }, builtInParts);
 * const plan = await planToCompute(configs, new RunStore("runs"), builtInParts, "wasm");
 * const seconds = new Map(plan.map(({ run }) => [run.id, 10]));
 * makespan(plan, seconds, 2); // at best half of what one worker takes
 */
export function makespan(plan: readonly PlannedRun[], seconds: ReadonlyMap<string, number>, workers: number): number {
  const queue = new WorkQueue(plan);
  const underWay: { readonly run: Run; readonly end: number }[] = [];
  for (let now = 0; ;) {
    while (underWay.length < workers) {
      const run = queue.take();
      if (run === "wait" || run === "none") break;
      underWay.push({ run, end: now + (seconds.get(run.id) ?? 0) });
    }
    const first = underWay.sort((a, b) => a.end - b.end).shift();
    if (first === undefined) return now;
    now = first.end;
    queue.end(first.run, "computed");
  }
}
