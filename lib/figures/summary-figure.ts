import type { MetricSummary, Parts, Summary, SummaryRow, View } from "../experiments";
import type { Figure } from "./figure";
import { dotChart, type GroupedValue } from "./grouped-chart";

const requestNames: Readonly<Record<string, string>> = {
  split: "2 %",
  user: "one user",
  interaction: "one interaction",
};

/**
 * The figure of a view: for a view of times the seconds by size of request, for any other its AUC columns, each mean with its 95 %
 * interval over seeds.
 */
export function summaryFigure(summary: Summary, view: View, parts: Parts): Figure {
  const label = (row: SummaryRow) => parts.methods[row.method].label(row.options.method);
  if (view.timing) {
    const values = summary.rows.map((row) => point(requestName(row), label(row), row.seconds));
    return dotChart(values, { caption: summary.name, valueTitle: "seconds to forget", scale: "log" });
  }
  const shown = view.metrics.filter((name) => name.startsWith("auc"));
  const values = shown.flatMap((name) =>
    summary.rows.map((row) => point(parts.metrics[name].label, label(row), row.metrics[name])),
  );
  return dotChart(values, { caption: view.title, valueTitle: "test AUC" });
}

function point(group: string, series: string, { mean, interval }: MetricSummary): GroupedValue {
  return { group, series, value: mean, low: interval?.[0] ?? null, high: interval?.[1] ?? null };
}

function requestName({ options }: SummaryRow): string {
  const kind = String(options.request["kind"]);
  return requestNames[kind] ?? kind;
}
