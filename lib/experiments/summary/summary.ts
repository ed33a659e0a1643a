import { holm, median, pairedTTest, summarise, wilcoxonTest } from "../../metrics";
import { recordsToVerify } from "../store/verification";
import { mergeAudits } from "./merge-audits";
import type { Parts } from "../config/parts";
import { withRelativeMetrics } from "./relative-metrics";
import type { RunOptions } from "../config/run-config";
import type { RunRecord } from "../store/run-record";
import { noiseFloorMethod, referenceMethod, startMethod } from "../config/compared-methods";
import type { Preset, RowKey, View } from "../config/view";

/** Several runs' values of one metric. */
export interface MetricSummary {
  /** `null` where it is undefined for every seed. */
  readonly mean: number | null;
  readonly sd: number | null;
  readonly n: number;
  /** The 95 % interval of the mean, or `null` for fewer than two values. */
  readonly interval: readonly [number, number] | null;
  /** One per seed, ascending seeds; `null` where undefined. */
  readonly values: readonly (number | null)[];
}

/** How one metric of a row compares with Retrain's. */
export interface Comparison {
  readonly metric: string;
  readonly against: string;
  readonly test: "wilcoxon" | "t-test" | "permutation";
  /** What was paired: the seeds' values, or the test rows' (then p and statistic are the median over seeds). */
  readonly over: "seeds" | "rows";
  readonly statistic: number;
  readonly p: number;
  /** p after Holm's correction over all comparisons of the view by the same test. */
  readonly pHolm: number;
  /** Pairs. */
  readonly n: number;
}

/** The facts that stand beside every speed-up, so that it never rests on seconds alone. */
export const countNames = ["gradientRows", "hessianVectorProducts", "incidentRows", "rowsTouched"] as const;
type CountName = (typeof countNames)[number];

/** Seconds, and how many times Retrain's they are less. */
export type TimeSummary = MetricSummary & { readonly speedup: number | null };

/** One row of a view. */
export interface SummaryRow {
  readonly dataset: string;
  readonly backbone: string;
  readonly method: string;
  readonly options: RunOptions;
  readonly seeds: readonly number[];
  /** Runs made by other code than the present. */
  readonly stale: number;
  /** Runs whose solver ended before it converged; left out where there are none. */
  readonly unconverged?: number;
  readonly metrics: Readonly<Record<string, MetricSummary>>;
  /**
   * Wall-clock seconds of a request, all stages together; the speed-up is Retrain's median over this one, so that a
   * pause spoils no ratio.
   */
  readonly seconds: TimeSummary;
  /** The same as if shards had been trained at once; left out where there are none. */
  readonly parallelSeconds?: TimeSummary;
  /** Wall-clock seconds of what was paid once for the trained model; `null` where that was nothing or is not known. */
  readonly preparation: MetricSummary;
  /** What a request was counted to take, medians over seeds; `null` where the count means nothing. */
  readonly counts: Readonly<Record<CountName, number | null>>;
  /** Events of the request that the method could not forget, the most over seeds; left out where it forgot all. */
  readonly eventsNotForgotten?: number;
  readonly tests: readonly Comparison[];
}

/** A view's result: the stable interface of `show --format json`, version 1. Counts are whole numbers. */
export interface ViewSummary {
  readonly version: 1;
  readonly name: string;
  readonly preset: Preset;
  /** Runs the view is over, those not computed among them. */
  readonly runs: number;
  readonly missing: number;
  /** Runs made by other code than the present. */
  readonly stale: number;
  readonly rows: readonly SummaryRow[];
  /** The metrics of Retrain with another seed, in the order of rows; `null` where the view has none. */
  readonly noiseFloor: readonly Pick<SummaryRow, "dataset" | "backbone" | "options" | "metrics">[] | null;
}

/**
 * Puts a view's runs together: mean, spread and interval over seeds, and paired tests against Retrain with the same
 * seeds.
 *
 * @param records finished runs and audits, in the grids' order
 * @param runs how many the grids have, audits among them
 * @example
 * const view = viewNamed("ifru-accuracy");
 * const records = await readRecords(view, "full");
 * const { rows } = summariseRuns(view, "full", records, records.length, builtInParts);
 * rows[0].metrics["auc"].mean; // of Original: 0.77, over ten seeds
 */
export function summariseRuns(
  view: View,
  preset: Preset,
  records: readonly RunRecord[],
  runs: number,
  parts: Parts,
): ViewSummary {
  const groups = groupByRow(withRelativeMetrics(mergeAudits(records), view.metrics, parts));
  const compared = groups.map((group) => ({ group, reference: referenceOf(group, groups) }));
  const tests = compared.map(({ group, reference }) => compare(view.metrics, group, reference));
  const corrected = correct(tests);
  const rows = compared.map(({ group, reference }, i) => rowOf(view.metrics, group, reference, corrected[i], parts));
  const floors = rows.filter(({ method }) => method === noiseFloorMethod);
  return {
    version: 1,
    name: view.name,
    preset,
    runs,
    missing: runs - records.length,
    stale: staleIn(records, parts),
    rows,
    noiseFloor:
      floors.length === 0
        ? null
        : floors.map(({ dataset, backbone, options, metrics }) => ({ dataset, backbone, options, metrics })),
  };
}

function staleIn(records: readonly RunRecord[], parts: Parts): number {
  return recordsToVerify(records, parts).length;
}

/** The runs of one row, ascending seeds. */
interface Group {
  readonly key: RowKey;
  readonly records: readonly RunRecord[];
}

function groupByRow(records: readonly RunRecord[]): Group[] {
  const groups = new Map<string, { key: RowKey; records: RunRecord[] }>();
  for (const record of records) {
    const { dataset, backbone, method, options } = record.config;
    const key = { dataset, backbone, method, options };
    const name = JSON.stringify(key);
    const group = groups.get(name) ?? { key, records: [] };
    groups.set(name, group);
    group.records.push(record);
  }
  for (const { records } of groups.values()) records.sort((a, b) => a.config.seed - b.config.seed);
  return [...groups.values()];
}

/** Retrain on the same data, trained the same way, asked to forget the same. */
function referenceOf({ key }: Group, groups: readonly Group[]): Group | undefined {
  const same = ({ key: other }: Group) =>
    other.method === referenceMethod &&
    JSON.stringify([other.dataset, other.backbone, { ...other.options, method: {} }]) ===
      JSON.stringify([key.dataset, key.backbone, { ...key.options, method: {} }]);
  return key.method === referenceMethod ? undefined : groups.find(same);
}

function summaryOf(values: readonly (number | null)[]): MetricSummary {
  const defined = values.filter((value): value is number => value !== null);
  return defined.length === 0
    ? { mean: null, sd: null, n: 0, interval: null, values }
    : { ...summarise(defined), values };
}

function total(seconds: RunRecord["seconds"]): number {
  return Object.values(seconds).reduce((sum, stage) => sum + stage, 0);
}

/** A count over seeds; `null` where it means nothing or was not noted. */
function count(records: readonly RunRecord[], name: CountName): number | null {
  const values = records.flatMap(({ facts }) => facts[name] ?? []);
  return values.length === 0 ? null : median(values.map(Number));
}

/** Whether a solver was to converge and did not. Paper mode, which has a `bestStep`, stops by validation. */
function endedEarly({ facts }: RunRecord): boolean {
  return facts["converged"] === false && (facts["bestStep"] ?? null) === null;
}

function rowOf(
  names: readonly string[],
  { key, records }: Group,
  reference: Group | undefined,
  tests: Comparison[],
  parts: Parts,
): SummaryRow {
  const forgets = key.method !== startMethod && key.method !== noiseFloorMethod;
  const theirs = median(reference?.records.map(({ seconds }) => total(seconds)) ?? []);
  const timeOf = (seconds: readonly RunRecord["seconds"][]): TimeSummary => {
    const took = seconds.map(total);
    const ours = median(took);
    return { ...summaryOf(took), speedup: forgets && ours > 0 && theirs > 0 ? theirs / ours : null };
  };
  const notForgotten = Math.max(...records.map(({ facts }) => Number(facts["eventsNotForgotten"] ?? 0)));
  const atOnce = records.flatMap(({ parallelSeconds }) => (parallelSeconds === undefined ? [] : [parallelSeconds]));
  return {
    ...key,
    seeds: records.map(({ config }) => config.seed),
    stale: staleIn(records, parts),
    ...(records.some(endedEarly) ? { unconverged: records.filter(endedEarly).length } : {}),
    metrics: Object.fromEntries(
      names.map((name) => [name, summaryOf(records.map(({ metrics }) => metrics[name] ?? null))]),
    ),
    seconds: timeOf(records.map(({ seconds }) => seconds)),
    ...(atOnce.length > 0 && atOnce.length === records.length ? { parallelSeconds: timeOf(atOnce) } : {}),
    preparation: summaryOf(records.map(({ preparation = {} }) => total(preparation) || null)),
    counts: Object.fromEntries(countNames.map((name) => [name, count(records, name)])) as SummaryRow["counts"],
    ...(notForgotten > 0 ? { eventsNotForgotten: notForgotten } : {}),
    tests,
  };
}

type Uncorrected = Omit<Comparison, "pHolm">;

/** The tests of one row; none for Retrain itself, nor where fewer than two seeds can be paired. */
function compare(names: readonly string[], { records }: Group, reference: Group | undefined): Uncorrected[] {
  if (reference === undefined) return [];
  const bySeed = new Map(reference.records.map((record) => [record.config.seed, record]));
  return names.flatMap((metric) => {
    const pairs = records.flatMap((record) => {
      const [ours, theirs] = [record.metrics[metric], bySeed.get(record.config.seed)?.metrics[metric]];
      return ours == null || theirs == null ? [] : [[ours, theirs] as const];
    });
    const about = { metric, against: referenceMethod };
    const overRows = overTestRows(records.flatMap(({ sampleTests }) => sampleTests[metric] ?? []));
    const rows = overRows === null ? [] : [{ ...about, ...overRows }];
    if (pairs.length < 2) return rows;
    const [ours, theirs] = [pairs.map(([a]) => a), pairs.map(([, b]) => b)];
    const overSeeds = [wilcoxonTest(ours, theirs), pairedTTest(ours, theirs)];
    return [...overSeeds.map((result) => ({ ...about, over: "seeds" as const, ...result })), ...rows];
  });
}

/** The median over seeds of a permutation test over test rows. */
function overTestRows(tests: readonly { p: number; meanDifference: number; n: number }[]) {
  if (tests.length === 0) return null;
  return {
    test: "permutation" as const,
    over: "rows" as const,
    statistic: median(tests.map(({ meanDifference }) => meanDifference)),
    p: median(tests.map(({ p }) => p)),
    n: tests[0].n,
  };
}

/** Holm's correction over all rows and metrics, for each kind of test. */
function correct(tests: readonly (readonly Uncorrected[])[]): Comparison[][] {
  const corrected = tests.map((row) => row.map((test) => ({ ...test, pHolm: test.p })));
  for (const kind of ["wilcoxon", "t-test", "permutation"]) {
    const same = corrected.flat().filter(({ test }) => test === kind);
    const ps = holm(same.map(({ p }) => p));
    same.forEach((comparison, i) => Object.assign(comparison, { pHolm: ps[i] }));
  }
  return corrected;
}
