// What a plan costs, told before it is paid, and held against what it took.
import { cpus } from "node:os";
import { announce } from "../core";
import {
  costEstimator,
  type CostEstimate,
  defaultStoreFolder,
  estimateCost,
  makespan,
  type PlannedRun,
  type Preset,
  presets,
  readRecords,
  type RunRecord,
  RunStore,
  type View,
} from "../experiments";
import { views } from "../reproduction";

/** This machine, as records name the one that made them. */
export const thisCpu = (): string => cpus()[0]?.model ?? "unknown";

/** The records that costs are judged by. */
interface CostRecords {
  /** Those that this kind of machine put into the store, or into the default one. */
  readonly here: readonly RunRecord[];
  /** Those under version control, and what other machines put into the store. */
  readonly kept: readonly RunRecord[];
}

async function costRecords(store: RunStore): Promise<CostRecords> {
  const folders = new Set([store.folder, defaultStoreFolder()]);
  const stored = (await Promise.all([...folders].map((folder) => storedRecords(new RunStore(folder))))).flat();
  const files = Object.values(views).flatMap((view) => presets.map((preset) => recordsOf(view, preset)));
  const isHere = ({ environment }: RunRecord) => environment.cpu === thisCpu();
  const kept = [...(await Promise.all(files)).flat(), ...stored.filter((record) => !isHere(record))];
  return { here: stored.filter(isHere), kept };
}

async function storedRecords(store: RunStore): Promise<readonly RunRecord[]> {
  const states = await Promise.all((await store.ids()).map((id) => store.read(id)));
  return states.flatMap((state) => (state.kind === "done" ? [state.record] : []));
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

/** A plan's cost, where some runs are computed at a time. */
export interface PlanCost extends CostEstimate {
  readonly workers: number;
  /** From its begin to its end, by the clock of a machine that does nothing beside. */
  readonly clockSeconds: number;
}

/** Judges plans by the records of a store and those that were kept: what their runs that have to be computed take. */
export async function planCosts(store: RunStore): Promise<(plan: readonly PlannedRun[], workers: number) => PlanCost> {
  const { here, kept } = await costRecords(store);
  const costOf = costEstimator(here, kept, thisCpu());
  return (plan, workers) => {
    const estimate = costOf(plan.filter(({ compute }) => compute).map(({ run }) => run));
    return { ...estimate, workers, clockSeconds: makespan(plan, estimate.byRun, workers) };
  };
}

/** The same of one plan. */
export async function costOf(plan: readonly PlannedRun[], store: RunStore, workers: number): Promise<PlanCost> {
  if (plan.some(({ compute }) => compute)) return (await planCosts(store))(plan, workers);
  return { ...estimateCost([], [], [], thisCpu()), workers, clockSeconds: 0 }; // no record is to be read for that
}

/** An estimate in words; nothing where there is nothing to compute. */
export function costLines(cost: PlanCost): string[] {
  const { seconds, exact, same, alike, unknown, workers, clockSeconds, byOthers, machines } = cost;
  if (exact + same + alike + unknown === 0) return [];
  const by = [
    [exact, "by records of the same settings"],
    [same, "of the same kind with other options"],
    [alike, "by records of other data"],
    [unknown, "are not in it: no record is like them"],
  ] as const;
  const how = by.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  const unsure = byOthers && machines.some(({ ratio }) => ratio === null);
  return [
    `about ${inWords(seconds)} of one core, ${inWords(clockSeconds)} with ${workersInWords(workers)} (${how.join(", ")})`,
    ...machines.map((machine) => `  ${machineLine(machine)}`),
    ...(unsure ? [`  how fast this machine (${thisCpu()}) is beside is not known yet: it counts as that one`] : []),
  ];
}

function machineLine({ cpu, seconds, unknown, ratio }: CostEstimate["machines"][number]): string {
  const left = unknown === 0 ? "" : `, ${unknown} runs not in it`;
  const beside = ratio === null || cpu === thisCpu() ? "" : `; this machine (${thisCpu()}) takes ${two(ratio)} of that`;
  return `${hours(seconds)} h of one core of ${cpu}${left}${beside}`;
}

/** What was promised, and what it took. */
export interface HeldPromise {
  /** Of one core, of the runs that were computed. */
  readonly promisedSeconds: number;
  readonly tookSeconds: number;
  /** By the clock, with what else the machine did. */
  readonly promisedClockSeconds: number;
  readonly tookClockSeconds: number;
}

/** Holds an estimate to the records of what was computed since. Runs that failed count on neither side. */
export async function holdPromise(
  { byRun, clockSeconds }: PlanCost,
  plan: readonly PlannedRun[],
  store: RunStore,
  tookClockSeconds: number,
): Promise<HeldPromise> {
  let [promisedSeconds, tookSeconds] = [0, 0];
  for (const { run, compute } of plan) {
    const state = compute ? await store.read(run.id) : undefined;
    const promised = byRun.get(run.id);
    if (state?.kind !== "done" || promised === undefined) continue;
    promisedSeconds += promised;
    tookSeconds += state.record.processorSeconds ?? 0;
  }
  return { promisedSeconds, tookSeconds, promisedClockSeconds: clockSeconds, tookClockSeconds };
}

/** What it took in the end, beside what was expected. */
export function tookLine(held: HeldPromise): string {
  const { promisedSeconds, tookSeconds, promisedClockSeconds, tookClockSeconds } = held;
  const ratio = promisedSeconds === 0 ? "" : `, ${two(tookSeconds / promisedSeconds)} of it`;
  return (
    `took ${inWords(tookSeconds)} of one core; ${inWords(promisedSeconds)} were expected${ratio}` +
    ` (by the clock ${inWords(tookClockSeconds)}; ${inWords(promisedClockSeconds)})`
  );
}

export const workersInWords = (workers: number): string => (workers === 1 ? "one worker" : `${workers} workers`);

const two = (value: number): string => String(Number(value.toPrecision(2)));

/** Hours as tables have them: two digits that say something, and no more than three behind the point. */
export function hours(seconds: number): string {
  return two(Number((seconds / 3600).toFixed(3)));
}

function inWords(seconds: number): string {
  if (seconds < 90) return `${two(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${two(seconds / 3600)} h`;
}
