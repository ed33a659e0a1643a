import {
  type MetricSummary,
  methodLabel,
  type OptionColumn,
  type Parts,
  requestLabel,
  type Summary,
  type SummaryRow,
  type View,
} from "../experiments";
import type { Figure } from "./figure";
import { dotChart, type GroupedValue } from "./grouped-chart";
import { lineChart } from "./line-chart";

/**
 * The figure of a view. Where rows differ in a number, its first metric over that number; for a view of times the seconds by size of
 * request; for any other its AUC columns. Each mean with its 95 % interval over seeds.
 */
export function summaryFigure(summary: Summary, view: View, parts: Parts): Figure {
  const label = (row: SummaryRow) => methodLabel(row, parts);
  const swept = view.columns?.find((column) => summary.rows.some((row) => typeof valueOf(row, column) === "number"));
  if (swept !== undefined) return sweepFigure(summary, view, parts, swept);
  if (view.timing) {
    const values = summary.rows.map((row) => point(requestLabel(row, parts), label(row), row.seconds));
    return dotChart(values, { caption: summary.name, valueTitle: "seconds to forget", scale: "log" });
  }
  const shown = view.metrics.filter((name) => name.startsWith("auc"));
  const values = shown.flatMap((name) =>
    summary.rows.map((row) => point(parts.metrics[name].label, label(row), row.metrics[name])),
  );
  return dotChart(values, { caption: view.title, valueTitle: "test AUC" });
}

const valueOf = (row: SummaryRow, { of, option }: OptionColumn) => row.options[of][option];

const numbersIn = (value: unknown): number[] => (typeof value === "number" ? [value] : []);

/** The view's first metric by the value of an option; rows without it (Retrain) as level lines. */
function sweepFigure({ rows }: Summary, view: View, parts: Parts, column: OptionColumn): Figure {
  const [metric] = view.metrics;
  const numbers = rows.flatMap((row) => numbersIn(valueOf(row, column)));
  const ends = [Math.min(...numbers), Math.max(...numbers)];
  const points = rows.flatMap((row) => {
    const own = valueOf(row, column);
    const { mean, interval } = row.metrics[metric];
    const [low, high] = interval ?? [null, null];
    const at = own === undefined ? ends : numbersIn(own);
    return mean === null ? [] : at.map((x) => ({ series: methodLabel(row, parts), x, y: mean, low, high }));
  });
  const { option, label = option } = column;
  return lineChart(points, { caption: view.title, xTitle: label, yTitle: parts.metrics[metric].label });
}

function point(group: string, series: string, { mean, interval }: MetricSummary): GroupedValue {
  return { group, series, value: mean, low: interval?.[0] ?? null, high: interval?.[1] ?? null };
}
