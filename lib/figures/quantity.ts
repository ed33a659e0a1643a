import {
  type MetricSummary,
  noiseFloorMethod,
  type Parts,
  referenceMethod,
  startMethod,
  type SummaryRow,
} from "../experiments";
import { type Circumstances, isRelative, minusRetrain } from "./circumstances";
import type { Reference } from "./reference";

/** What a figure shows: a metric or the seconds, as they are or as differences from Retrain. */
export interface Quantity {
  readonly title: string;
  readonly scale: "linear" | "log";
  readonly reference: Reference | undefined;
  /** Whether Retrain is drawn like any other, since nothing is taken as a difference from it. Default: false. */
  readonly withRetrain?: boolean;
  /** Of a row; several where it was told in several ways, the first meant where only one is drawn. */
  of(row: SummaryRow, rows: readonly SummaryRow[]): readonly Told[];
}

interface Told {
  readonly mean: number;
  readonly interval: readonly [number, number] | null;
  /** In which way, where there are others. */
  readonly how?: string;
}

export function quantityOf(name: string, circumstances: readonly Circumstances[], parts: Parts): Quantity {
  if (name === "seconds")
    return {
      ...{ title: "seconds to forget", scale: "log", reference: undefined },
      of: ({ seconds, parallelSeconds }) => [
        ...secondsIn(seconds, parallelSeconds && "shards in turn"),
        ...(parallelSeconds === undefined ? [] : secondsIn(parallelSeconds, "shards at once")),
      ],
    };
  const { label, bounds, level } = parts.metrics[name];
  if (bounds !== undefined)
    return {
      ...{ title: label, scale: "linear", reference: undefined, withRetrain: true },
      of: ({ metrics }) =>
        toldWith(
          metrics[name],
          bounds.map((end) => metrics[end]),
        ),
    };
  const relative = circumstances.every(({ rows }) => isRelative(rows, name));
  return {
    title: relative ? label : `${label}, minus Retrain's`,
    scale: "linear",
    reference: level === undefined ? referenceOf(name, circumstances, relative) : (level ?? undefined),
    of(row, rows) {
      const difference = minusRetrain(row, rows, name);
      return difference === null ? [] : [difference];
    },
  };
}

/** A metric with the ends of its own interval. */
function toldWith({ mean }: MetricSummary, ends: readonly (MetricSummary | undefined)[]): Told[] {
  const [low, high] = ends.map((end) => end?.mean ?? null);
  return mean === null ? [] : [{ mean, interval: low === null || high === null ? null : [low, high] }];
}

/** Seconds as a logarithmic axis shows them. */
function secondsIn({ mean, interval }: MetricSummary, how?: string): Told[] {
  if (mean === null || mean <= 0) return [];
  return [{ mean, interval: interval !== null && interval[0] > 0 ? interval : null, ...(how && { how }) }];
}

/** Retrain's level, with the band of the widest noise floor where differences from it are shown. */
function referenceOf(name: string, circumstances: readonly Circumstances[], relative: boolean): Reference {
  const floors = circumstances.flatMap(({ rows }) =>
    rows.filter(({ method }) => method === noiseFloorMethod).flatMap((row) => minusRetrain(row, rows, name) ?? []),
  );
  if (floors.length === 0) return { value: 0, label: "Retrain" };
  if (relative && name.startsWith("distance"))
    return { value: floors.reduce((sum, { mean }) => sum + mean, 0) / floors.length, label: "noise floor" };
  const reach = Math.max(...floors.map(({ mean, sd }) => Math.abs(mean) + 2 * (sd ?? 0)));
  return { value: 0, label: "Retrain", low: -reach, high: reach };
}

/** Differences are from Retrain, so that it is their zero; what *Original* took is no time to forget. */
export function isDrawn({ method }: SummaryRow, { scale, withRetrain = false }: Quantity): boolean {
  if (withRetrain) return method !== startMethod && method !== noiseFloorMethod;
  return scale === "linear"
    ? method !== referenceMethod && method !== noiseFloorMethod
    : method !== startMethod && method !== noiseFloorMethod;
}
