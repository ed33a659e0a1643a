import { type Measured, Table, type TableColumn, type TableRow } from "../tables";
import type { MetricPart, Parts } from "./parts";
import type { MetricSummary, Summary, SummaryRow } from "./summary";
import { noiseFloorMethod, type View } from "./view";

/** The level below which a difference from Retrain is marked. */
const level = 0.05;

const requestNames: Readonly<Record<string, string>> = {
  split: "the split's forget set",
  user: "one user",
  interaction: "one interaction",
};

/** How a view's table is made. */
export interface SummaryTableOptions {
  /** Lines for the comment of formats that have comments. Default: none. */
  readonly provenance?: readonly string[];
  /** Whether rows with runs of older code say so. Default: false, so that a kept result prints the same from commit to commit. */
  readonly markStale?: boolean;
}

/**
 * A view's table: mean ± standard deviation over seeds, best bold, second underlined, `*` where the mean differs from Retrain's
 * (paired t-test over seeds, Holm-corrected, p < 0.05).
 */
export function summaryTable(
  summary: Summary,
  view: View,
  parts: Parts,
  { provenance = [], markStale = false }: SummaryTableOptions = {},
): Table {
  const several = (values: string[]) => new Set(values).size > 1;
  const columns: TableColumn[] = [
    ...(several(summary.rows.map((row) => row.dataset)) ? [{ key: "dataset" }] : []),
    ...(several(summary.rows.map((row) => row.backbone)) ? [{ key: "backbone" }] : []),
    ...(several(summary.rows.map(requestName)) ? [{ key: "request", label: "to forget" }] : []),
    { key: "method" },
    ...view.metrics.map((name) => metricColumn(name, parts.metrics[name])),
    ...(view.timing ? timingColumns : []),
  ];
  return new Table({
    columns,
    rows: summary.rows.map((row) => tableRow(row, view, parts, markStale)),
    caption: captionOf(summary, view),
    label: `tab:${summary.name}`,
    provenance,
    compareWithin: ["dataset", "backbone", "request"],
    uncompared: summary.rows.flatMap(({ method }, r) => (method === noiseFloorMethod ? [r] : [])),
  });
}

const timingColumns: TableColumn[] = [
  { key: "seconds", label: "time", unit: "s", format: { significant: 2 }, better: "lower" },
  { key: "speedup", label: "speed-up", unit: "×", format: { significant: 2 } },
];

function metricColumn(name: string, { label, better }: MetricPart): TableColumn {
  return { key: name, label, format: { decimals: 4 }, ...(better === undefined ? {} : { better }) };
}

function tableRow(row: SummaryRow, view: View, parts: Parts, markStale: boolean): TableRow {
  const label = parts.methods[row.method].label(row.options.method);
  const metrics = view.metrics.map((name) => [name, measured(row.metrics[name], isMarked(row, name))]);
  return {
    dataset: row.dataset,
    backbone: row.backbone,
    request: requestName(row),
    method: markStale && row.stale > 0 ? `${label} (older code)` : label,
    ...(Object.fromEntries(metrics) as TableRow),
    seconds: measured(row.seconds, false),
    speedup: row.seconds.speedup,
  };
}

function measured({ mean, sd, n }: MetricSummary, marked: boolean): Measured {
  return { mean, sd, n, ...(marked ? { mark: "*" } : {}) };
}

function isMarked({ tests }: SummaryRow, name: string): boolean {
  return tests.some(({ metric, test, pHolm }) => metric === name && test === "t-test" && pHolm < level);
}

function requestName({ options }: SummaryRow): string {
  const kind = String(options.request["kind"]);
  return requestNames[kind] ?? kind;
}

function captionOf({ rows }: Summary, { title }: View): string {
  const seeds = Math.max(0, ...rows.map((row) => row.seeds.length));
  const marked = "* differs from Retrain (paired t-test, Holm-corrected, p < 0.05).";
  return `${title}. Mean ± standard deviation over ${seeds} seeds. ${marked}${seeds < 6 ? ` ${fewSeeds}` : ""}`;
}

/** Said where it applies: such a table proves little. */
const fewSeeds = "With fewer than 6 seeds Wilcoxon's test cannot reach p < 0.05.";
