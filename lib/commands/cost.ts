// What a plan costs, told before it is paid.
import { announce } from "../core";
import {
  type CostEstimate,
  estimateCost,
  type PlannedRun,
  type Preset,
  presets,
  readRecords,
  type RunRecord,
  type RunStore,
  type View,
} from "../experiments";
import { views } from "../reproduction";

/** What the runs of a plan that have to be computed take, by the records of the store and those that were kept. */
export async function costOf(plan: readonly PlannedRun[], store: RunStore): Promise<CostEstimate> {
  const states = await Promise.all((await store.ids()).map((id) => store.read(id)));
  const here = states.flatMap((state) => (state.kind === "done" ? [state.record] : []));
  const files = Object.values(views).flatMap((view) => presets.map((preset) => recordsOf(view, preset)));
  const kept = (await Promise.all(files)).flat();
  const runs = plan.filter(({ compute }) => compute).map(({ run }) => run);
  return estimateCost(runs, here, kept);
}

/** A damaged file of another view costs the estimate some records, not the plan. */
async function recordsOf(view: View, preset: Preset): Promise<readonly RunRecord[]> {
  try {
    return await readRecords(view, preset);
  } catch (error) {
    announce(`the estimate is made without ${view.name} (${preset}): ${(error as Error).message}`);
    return [];
  }
}

/** An estimate in words; nothing where there is nothing to compute. */
export function costLines(estimate: CostEstimate, workers: number): string[] {
  const { seconds, same, alike, unknown, speed, machines } = estimate;
  if (same + alike + unknown === 0) return [];
  const about = `about ${inWords(seconds)} of one process, ${inWords(seconds / workers)} with ${workers}`;
  const by = [
    `${same} by records of the same dataset, backbone and method`,
    ...(alike === 0 ? [] : [`${alike} by records of other data`]),
    ...(unknown === 0 ? [] : [`${unknown} are not in it: no record is like them`]),
  ];
  const theirs = `those of ${machines.join(" and ")}`;
  const machine =
    machines.length === 0
      ? "records of this machine"
      : speed === null
        ? `${theirs}; how fast this machine is beside is not known yet`
        : `${theirs}, times ${speed.toPrecision(2)} for this machine`;
  return [`${about} (${by.join(", ")}; ${machine})`];
}

/** What it took in the end, beside what was expected. */
export function tookLine(seconds: number, estimate: CostEstimate, workers: number): string {
  return `took ${inWords(seconds)}; ${inWords(estimate.seconds / workers)} were expected`;
}

function inWords(seconds: number): string {
  if (seconds < 90) return `${seconds.toPrecision(2)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toPrecision(2)} h`;
}
