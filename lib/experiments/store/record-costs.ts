import { canonicalJson } from "../../core";
import { median } from "../../metrics";
import { referenceMethod, startMethod } from "../config/compared-methods";
import type { Run } from "../config/run-config";
import type { RunRecord } from "./run-record";

/**
 * How like a run the records are that it is judged by, the closest first: of its settings whatever the seed; of its
 * dataset, backbone, method and request; of its method on other data.
 */
export const likenesses = ["exact", "same", "alike"] as const;
export type Likeness = (typeof likenesses)[number];

/** What a record's stages took together. A calibration that it rests on is a run of its own. */
export function stageSeconds({ seconds, preparation = {} }: RunRecord): number {
  const { calibration: _, ...own } = preparation;
  return [...Object.values(seconds), ...Object.values(own)].reduce((sum, stage) => sum + stage, 0);
}

/**
 * Seconds of one core of the whole run. Other work on the machine lengthens the clock's seconds, and not these. Older
 * records have those of the clock alone, or neither.
 */
export function coreSeconds({ processorSeconds, wholeSeconds }: RunRecord): number | undefined {
  return processorSeconds ?? wholeSeconds;
}

/** The same of a record's stages, as far as it can tell. */
export function stageCoreSeconds(record: RunRecord): number {
  const { processorSeconds, wholeSeconds } = record;
  const share = processorSeconds === undefined || !wholeSeconds ? 1 : processorSeconds / wholeSeconds;
  return stageSeconds(record) * share;
}

interface Cost {
  readonly dataset: string;
  readonly seconds: number;
}

/** Costs of records, by what they are records of. */
export class RecordCosts {
  private readonly costs = new Map<string, Cost[]>();
  private readonly trainings = new Map<string, Cost[]>();

  /** @param costOf seconds of one core */
  constructor(records: readonly RunRecord[], costOf: (record: RunRecord) => number) {
    for (const record of records) {
      const { preparation = {}, config } = record;
      this.add(record, costOf(record));
      // Calibrations are seldom kept themselves; what rests on one says what it took.
      const calibration = { ...record, config: { ...config, method: `${config.method}-calibration` } };
      if (preparation["calibration"] !== undefined) this.add(calibration, preparation["calibration"]);
    }
  }

  /** Seconds of one core that a run takes by the records that are like it in one way; `undefined` where none is. */
  judge(likeness: Likeness, run: Run): number | undefined {
    const costs = this.costs.get(keyOf(likeness, run));
    if (costs === undefined) return undefined;
    return median(costs.map((cost) => (likeness === "alike" ? this.scaled(cost, run) : cost.seconds)));
  }

  private add(run: Run, seconds: number): void {
    const { dataset, audit, method } = run.config;
    const cost = { dataset, seconds };
    for (const likeness of likenesses) put(this.costs, keyOf(likeness, run), cost);
    if (audit === undefined && trained.includes(method)) put(this.trainings, trainingKey(run, dataset), cost);
  }

  /** A cost on other data, times how much larger the run's are: by what a training on each takes, if that is known. */
  private scaled({ dataset, seconds }: Cost, run: Run): number {
    const [ours, theirs] = [run.config.dataset, dataset].map((name) => this.trainings.get(trainingKey(run, name)));
    return ours === undefined || theirs === undefined ? seconds : (seconds * middle(ours)) / middle(theirs);
  }
}

/** What trains on all rows, or nearly: a measure of the data's size. */
const trained: readonly string[] = [startMethod, referenceMethod];

function put(map: Map<string, Cost[]>, key: string, cost: Cost): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [cost]);
  else known.push(cost);
}

const middle = (costs: readonly Cost[]) => median(costs.map(({ seconds }) => seconds));

function keyOf(likeness: Likeness, { config, engine }: Run): string {
  const { seed: _, ...row } = config;
  if (likeness === "exact") return canonicalJson([likeness, engine, row]);
  const { dataset, backbone, method, audit, options } = row;
  const what = [backbone, method, audit ?? null, options.request["kind"] ?? null];
  return JSON.stringify(likeness === "same" ? [likeness, engine, dataset, what] : [likeness, engine, what]);
}

function trainingKey({ config, engine }: Run, dataset: string): string {
  return JSON.stringify([engine, dataset, config.backbone]);
}
