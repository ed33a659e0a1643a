import { cpus } from "node:os";
import { median } from "../../metrics";
import type { Run, RunConfig } from "../config/run-config";
import type { RunRecord } from "../store/run-record";
import {
  coreSeconds,
  type Likeness,
  likenesses,
  RecordCosts,
  stageCoreSeconds,
  stageSeconds,
} from "../store/record-costs";

/** What runs take on one kind of machine, by the records that it made. */
export interface MachineCost {
  readonly cpu: string;
  /** Of one core; of the runs that its records can judge. */
  readonly seconds: number;
  /** How many runs no record of it is like. */
  readonly unknown: number;
  /**
   * What this machine takes over what it takes, by runs that are in the records of both; `null` where none is, and this
   * machine counts as that one.
   */
  readonly ratio: number | null;
}

/** What computing some runs takes on this machine, judged by records. */
export interface CostEstimate {
  /** Of one core, with nothing beside it; of the runs that could be judged. */
  readonly seconds: number;
  /** The same of each of them, by id. */
  readonly byRun: ReadonlyMap<string, number>;
  /** How many were judged by records of the same settings, with any seed. */
  readonly exact: number;
  /** How many by records of the same dataset, backbone, method and request, with other options. */
  readonly same: number;
  /** How many by records of the same backbone, method and request on other data, in proportion to a training there. */
  readonly alike: number;
  /** How many by nothing: they are not in `seconds`. */
  readonly unknown: number;
  /** Whether records of other machines were needed. */
  readonly byOthers: boolean;
  /** What the same runs take on each kind of machine that made kept records. */
  readonly machines: readonly MachineCost[];
}

/** Shorter stages say more of the clock than of the machine. */
const leastSeconds = 0.05;

/**
 * What computing runs takes. A run is judged by the median of the records that are most like it: of equally close ones
 * those that this machine made, else kept ones, times the ratio of the machines. Records of older code do not say what
 * reading and judging took beside the method's own stages; what runs of this machine on the same dataset and backbone
 * took for that is added.
 *
 * @param here records that this machine made
 * @param kept records under version control, or of other machines
 * @param cpu this machine's
 * @example
 * const view = views["ifru-time"];
 * const configs = expandView(view, { preset: "quick" }, builtInParts);
 * const plan = await planRuns(configs, new RunStore("runs"), builtInParts, "wasm");
 * const { seconds } = estimateCost(plan.map(({ run }) => run), [], await readRecords(view, "full"));
 */
export function estimateCost(
  runs: readonly Run[],
  here: readonly RunRecord[],
  kept: readonly RunRecord[],
  cpu = cpus()[0]?.model ?? "unknown",
): CostEstimate {
  return costEstimator(here, kept, cpu)(runs);
}

/**
 * `estimateCost` by the same records again and again: they are gone through once, which takes longer than to judge
 * the runs of a view.
 *
 * @param here records that this machine made
 * @param kept records under version control, or of other machines
 * @param cpu this machine's
 * @example
 * const kept = await readRecords(views["ifru-time"], "full");
 * const costOf = costEstimator([], kept);
 * const store = new RunStore("runs");
 * for (const view of [views["ifru-time"], views["ifru-accuracy"]]) {
 *   const plan = await planRuns(expandView(view, { preset: "quick" }, builtInParts), store, builtInParts, "wasm");
 *   console.log(view.name, costOf(plan.map(({ run }) => run)).seconds);
 * }
 */
export function costEstimator(
  here: readonly RunRecord[],
  kept: readonly RunRecord[],
  cpu = cpus()[0]?.model ?? "unknown",
): (runs: readonly Run[]) => CostEstimate {
  const beside = besideStages(here);
  const ratios = new Map<string, number | null>();
  for (const [name, records] of byMachine(kept)) ratios.set(name, ratioTo(records, here) ?? (name === cpu ? 1 : null));
  const own = new RecordCosts(here, (record) => coreSeconds(record) ?? stageSeconds(record) + beside(record.config));
  const theirs = new RecordCosts(kept, (record) => keptCost(record, ratios.get(record.environment.cpu) ?? 1, beside));
  const byMachines = [...byMachine(kept)].map(([name, records]) => {
    return { name, costs: new RecordCosts(records, (record) => keptCost(record, 1, beside)) };
  });
  return (runs) => {
    const counts = { exact: 0, same: 0, alike: 0, unknown: 0 };
    const byRun = new Map<string, number>();
    let byOthers = false;
    for (const run of runs) {
      const found = judged(run, [own, theirs]);
      counts[found?.likeness ?? "unknown"]++;
      if (found === undefined) continue;
      byRun.set(run.id, found.seconds);
      byOthers ||= found.by === theirs;
    }
    const machines = byMachines.map(({ name, costs }): MachineCost => {
      const found = runs.flatMap((run) => judged(run, [costs])?.seconds ?? []);
      return { cpu: name, seconds: sum(found), unknown: runs.length - found.length, ratio: ratios.get(name) ?? null };
    });
    return { seconds: sum(byRun.values()), byRun, ...counts, byOthers, machines };
  };
}

interface Judged {
  readonly seconds: number;
  readonly likeness: Likeness;
  readonly by: RecordCosts;
}

/** By the closest records that there are; of equally close ones by the first. */
function judged(run: Run, all: readonly RecordCosts[]): Judged | undefined {
  for (const likeness of likenesses)
    for (const by of all) {
      const seconds = by.judge(likeness, run);
      if (seconds !== undefined) return { seconds, likeness, by };
    }
  return undefined;
}

const sum = (seconds: Iterable<number>) => [...seconds].reduce((all, one) => all + one, 0);

function byMachine(records: readonly RunRecord[]): ReadonlyMap<string, readonly RunRecord[]> {
  const found = new Map<string, RunRecord[]>();
  for (const record of records) {
    const { cpu } = record.environment;
    const known = found.get(cpu);
    if (known === undefined) found.set(cpu, [record]);
    else known.push(record);
  }
  return found;
}

/** What a kept record says on a machine that takes `ratio` of the time. */
function keptCost(record: RunRecord, ratio: number, beside: Beside): number {
  const whole = coreSeconds(record);
  return whole === undefined ? ratio * stageSeconds(record) + beside(record.config) : ratio * whole;
}

function ratioTo(theirs: readonly RunRecord[], here: readonly RunRecord[]): number | null {
  const before = new Map(theirs.map((record) => [record.id, stageCoreSeconds(record)]));
  let [ours, others] = [0, 0]; // sums: what is to be judged is a sum, of which long runs are the most
  for (const record of here) {
    const seconds = before.get(record.id) ?? 0;
    if (seconds < leastSeconds) continue;
    ours += stageCoreSeconds(record);
    others += seconds;
  }
  return others === 0 ? null : ours / others;
}

type Beside = (config: RunConfig) => number;

/** What runs of a dataset and backbone take beside their stages: reading, starting, judging. */
function besideStages(here: readonly RunRecord[]): Beside {
  const known = new Map<string, number[]>();
  for (const record of here) {
    const whole = coreSeconds(record);
    if (whole === undefined) continue;
    const name = datasetAndBackbone(record.config);
    known.set(name, [...(known.get(name) ?? []), Math.max(0, whole - stageCoreSeconds(record))]);
  }
  return (config) => median(known.get(datasetAndBackbone(config)) ?? [0]);
}

const datasetAndBackbone = ({ dataset, backbone }: RunConfig) => JSON.stringify([dataset, backbone]);
