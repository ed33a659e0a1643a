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
import { dotChart, type GroupedChartOptions, type GroupedValue } from "./grouped-chart";
import { lineChart } from "./line-chart";
import { palette } from "./theme";

/**
 * The figure of a view. Where its first column is a number that a method or request was given, its first metric over that number; for a
 * view of times the seconds by size of request; for any other its AUC columns, or its first metric where that is none or where rows
 * are of several circumstances. Each mean with its 95 % interval over seeds.
 */
export function summaryFigure(summary: Summary, view: View, parts: Parts): Figure {
  const [first] = view.columns ?? [];
  if (first !== undefined && first.of !== "data" && summary.rows.some((row) => typeof valueOf(row, first) === "number"))
    return sweepFigure(summary, view, parts, first);
  const words = new Wording(summary.rows, view, parts);
  if (view.timing) {
    const group = (row: SummaryRow) => [...words.circumstances(row), requestLabel(row, parts)].join(", ");
    const values = summary.rows.map((row) => point(group(row), words.series(row), row.seconds));
    return dots(values, { caption: summary.name, valueTitle: "seconds to forget", scale: "log" });
  }
  return metricFigure(summary, view, parts, words);
}

function metricFigure({ rows }: Summary, view: View, parts: Parts, words: Wording): Figure {
  const isAuc = (name: string) => name.startsWith("auc");
  const groups = rows.map((row) => words.circumstances(row).join(", "));
  const several = new Set(groups).size > 1;
  const [first] = view.metrics;
  const shown = isAuc(first) && !several ? view.metrics.filter(isAuc) : [first];
  const values = shown.flatMap((name) =>
    rows.map((row, r) => point(several ? groups[r] : parts.metrics[name].label, words.series(row), row.metrics[name])),
  );
  return dots(values, { caption: view.title, valueTitle: isAuc(first) ? "test AUC" : parts.metrics[first].label });
}

/** A chart of dots, coloured by method; where there are more methods than colours, they become the groups of a wide one. */
function dots(values: readonly GroupedValue[], options: GroupedChartOptions): Figure {
  if (new Set(values.map(({ series }) => series)).size <= palette.length) return dotChart(values, options);
  const turned = values.map((value) => ({ ...value, group: value.series, series: value.group }));
  return dotChart(turned, { ...options, width: "page", height: 3.4 });
}

/** The view's first metric by the value of an option; rows without it (Retrain) as level lines. */
function sweepFigure({ rows }: Summary, view: View, parts: Parts, column: OptionColumn): Figure {
  const words = new Wording(rows, view, parts, column);
  const [metric] = view.metrics;
  const numbers = rows.flatMap((row) => numbersIn(valueOf(row, column)));
  const ends = [Math.min(...numbers), Math.max(...numbers)];
  const points = rows.flatMap((row) => {
    const own = valueOf(row, column);
    const { mean, interval } = row.metrics[metric];
    const [low, high] = interval ?? [null, null];
    const series = [...words.circumstances(row), words.series(row)].join(", ");
    const at = own === undefined ? ends : numbersIn(own);
    return mean === null ? [] : at.map((x) => ({ series, x, y: mean, low, high }));
  });
  const { option, label = option } = column;
  const xScale = ends[0] > 0 && ends[1] / ends[0] >= 100 ? "log" : "linear";
  return lineChart(points, { caption: view.title, xTitle: label, yTitle: parts.metrics[metric].label, xScale });
}

/** What rows are called in a figure: no more than tells them apart. */
class Wording {
  private readonly columns: readonly OptionColumn[];

  /** @param swept the column that is an axis */
  constructor(
    private readonly rows: readonly SummaryRow[],
    { columns = [] }: View,
    private readonly parts: Parts,
    swept?: OptionColumn,
  ) {
    this.columns = columns.filter((column) => column !== swept);
  }

  /** What rows are not compared across, as far as they differ in it. */
  circumstances(row: SummaryRow): string[] {
    const differ = (of: (row: SummaryRow) => unknown) => new Set(this.rows.map(of)).size > 1;
    const { datasets, backbones } = this.parts;
    const columns = this.columns.filter(
      (column) => column.of !== "method" && differ((other) => valueOf(other, column)),
    );
    return [
      ...(differ(({ dataset }) => dataset) ? [datasets[row.dataset].label ?? row.dataset] : []),
      ...(differ(({ backbone }) => backbone) ? [backbones[row.backbone].label] : []),
      ...columns.map(({ of, option, label = option }) => `${label} ${String(row.options[of][option])}`),
    ];
  }

  /** The method; of further rows of that name, in what they differ from the first. */
  series(row: SummaryRow): string {
    const name = methodLabel(row, this.parts);
    const plain = this.rows.find((other) => methodLabel(other, this.parts) === name) ?? row;
    const changed = this.columns.filter(
      (column) => column.of === "method" && valueOf(row, column) !== valueOf(plain, column),
    );
    if (changed.length === 0) return name;
    return changed.map(({ of, option, label = option }) => `${label} ${String(row.options[of][option])}`).join(", ");
  }
}

const valueOf = (row: SummaryRow, { of, option }: OptionColumn) => row.options[of][option];

const numbersIn = (value: unknown): number[] => (typeof value === "number" ? [value] : []);

function point(group: string, series: string, { mean, interval }: MetricSummary): GroupedValue {
  return { group, series, value: mean, low: interval?.[0] ?? null, high: interval?.[1] ?? null };
}
