import { median } from "../../metrics";
import type { Run, RunConfig } from "../config/run-config";
import type { RunRecord } from "../store/run-record";

/** What computing some runs takes, judged by records. */
export interface CostEstimate {
  /** Of one process that computes one after another; of the runs that could be judged. */
  readonly seconds: number;
  /** How many were judged by records of the same dataset, backbone and method. */
  readonly same: number;
  /** How many by records of the same backbone and method on other data, which may be larger or smaller. */
  readonly alike: number;
  /** How many by nothing: they are not in `seconds`. */
  readonly unknown: number;
  /**
   * What this machine takes over what the machine of the kept records took, by runs that are in both; `null` where
   * none is, and this machine counts as that one.
   */
  readonly speed: number | null;
  /** Processors that made the kept records it was judged by. */
  readonly machines: readonly string[];
}

/** Shorter stages say more of the clock than of the machine. */
const leastSeconds = 0.05;

/**
 * What computing runs takes. A run is judged by the median of records of its kind: those of this machine first, else
 * kept ones, times the ratio of the machines. Records of older code do not say what reading and judging took beside
 * the method's own stages; what runs of this machine on the same dataset and backbone took for that is added.
 *
 * @param here records that this machine made
 * @param kept records under version control
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
): CostEstimate {
  const speed = speedOf(here, kept);
  const beside = besideStages(here);
  const own = new Costs(here, (record) => record.wholeSeconds ?? stageSeconds(record) + beside(record.config));
  const ratio = speed ?? 1;
  const theirs = new Costs(kept, (record) =>
    record.wholeSeconds === undefined
      ? ratio * stageSeconds(record) + beside(record.config)
      : ratio * record.wholeSeconds,
  );
  const machines = new Set<string>();
  const estimate = { seconds: 0, same: 0, alike: 0, unknown: 0 };
  for (const { config } of runs) {
    const same = own.ofKind(config) ?? theirs.ofKind(config);
    const found = same ?? own.ofMethod(config) ?? theirs.ofMethod(config);
    estimate[same !== undefined ? "same" : found !== undefined ? "alike" : "unknown"]++;
    estimate.seconds += found?.seconds ?? 0;
    if (found !== undefined && found.from === theirs) for (const machine of found.machines) machines.add(machine);
  }
  return { ...estimate, speed, machines: [...machines].sort() };
}

/** What a record's stages took together. A calibration that it rests on is a run of its own. */
function stageSeconds({ seconds, preparation = {} }: RunRecord): number {
  const { calibration: _, ...own } = preparation;
  return [...Object.values(seconds), ...Object.values(own)].reduce((sum, stage) => sum + stage, 0);
}

function speedOf(here: readonly RunRecord[], kept: readonly RunRecord[]): number | null {
  const before = new Map(kept.map((record) => [record.id, stageSeconds(record)]));
  const ratios = here.flatMap((record) => {
    const seconds = before.get(record.id) ?? 0;
    return seconds < leastSeconds ? [] : [stageSeconds(record) / seconds];
  });
  return ratios.length === 0 ? null : median(ratios);
}

/** What runs of a dataset and backbone take beside their stages: reading, starting, judging. */
function besideStages(here: readonly RunRecord[]): (config: RunConfig) => number {
  const known = new Map<string, number[]>();
  for (const record of here) {
    if (record.wholeSeconds === undefined) continue;
    const name = datasetAndBackbone(record.config);
    known.set(name, [...(known.get(name) ?? []), Math.max(0, record.wholeSeconds - stageSeconds(record))]);
  }
  return (config) => median(known.get(datasetAndBackbone(config)) ?? [0]);
}

const datasetAndBackbone = ({ dataset, backbone }: RunConfig) => JSON.stringify([dataset, backbone]);

const methodKey = ({ backbone, method, audit, options }: RunConfig) =>
  JSON.stringify([backbone, method, audit ?? null, options.request["kind"] ?? null]);

const kindKey = (config: RunConfig) => JSON.stringify([config.dataset, methodKey(config)]);

/** Costs of records by what they are records of. */
class Costs {
  private readonly kinds = new Map<string, { costs: number[]; machines: Set<string> }>();
  private readonly methods = new Map<string, { costs: number[]; machines: Set<string> }>();

  constructor(records: readonly RunRecord[], costOf: (record: RunRecord) => number) {
    for (const record of records) {
      const { config, environment, preparation = {} } = record;
      this.add(config, costOf(record), environment.cpu);
      // Calibrations are seldom kept themselves; what rests on one says what it took.
      if (preparation["calibration"] !== undefined)
        this.add({ ...config, method: `${config.method}-calibration` }, preparation["calibration"], environment.cpu);
    }
  }

  private add(config: RunConfig, cost: number, machine: string): void {
    for (const [group, key] of [
      [this.kinds, kindKey(config)],
      [this.methods, methodKey(config)],
    ] as const) {
      const known = group.get(key) ?? { costs: [], machines: new Set() };
      group.set(key, known);
      known.costs.push(cost);
      known.machines.add(machine);
    }
  }

  ofKind(config: RunConfig) {
    return this.found(this.kinds.get(kindKey(config)));
  }

  ofMethod(config: RunConfig) {
    return this.found(this.methods.get(methodKey(config)));
  }

  private found(known: { costs: number[]; machines: Set<string> } | undefined) {
    return known === undefined ? undefined : { from: this, seconds: median(known.costs), machines: known.machines };
  }
}
