import { canonicalJson, commandLine } from "../../core";
import { type Measured, Table, type TableColumn, type TableRow } from "../../tables";
import { type MetricPart, type Parts, taskOf } from "../config/parts";
import { minus } from "./minus";
import type { MetricSummary, ViewSummary, SummaryRow } from "./summary";
import { noiseFloorMethod, referenceMethod } from "../config/compared-methods";
import type { OptionColumn, View } from "../config/view";

/** The level below which a difference from Retrain is marked. */
const level = 0.05;

/** How a view's table is made. */
export interface SummaryTableOptions {
  /** Lines for the comment of formats that have comments. Default: none. */
  readonly provenance?: readonly string[];
}

/**
 * A view's table: mean ± standard deviation over seeds, best bold, second underlined, `*` where the mean differs from
 * Retrain's (paired t-test over seeds, Holm-corrected, p < 0.05), `†` behind a method whose solver did not converge.
 *
 * @example
 * const { view, summary } = await experimentResult("ifru-accuracy");
 * const latex = summaryTable(summary, view, builtInParts, { provenance: ["of the kept records"] }).toLatex();
 */
export function summaryTable(
  summary: ViewSummary,
  view: View,
  parts: Parts,
  { provenance = [] }: SummaryTableOptions = {},
): Table {
  const several = (values: string[]) => new Set(values).size > 1;
  const given = view.columns ?? [];
  const circumstances: TableColumn[] = [
    ...(several(summary.rows.map((row) => row.dataset)) ? [{ key: "dataset" }] : []),
    ...(several(summary.rows.map((row) => row.backbone)) ? [{ key: "backbone" }] : []),
    ...(several(summary.rows.map((row) => requestLabel(row, parts))) ? [{ key: "request", label: "to forget" }] : []),
    ...given.filter(({ of }) => of !== "method").map(optionColumn),
  ];
  const heads: TableColumn[] = [
    ...circumstances,
    ...(several(summary.rows.map((row) => methodLabel(row, parts))) || summary.rows.some(isUnconverged)
      ? [{ key: "method" }]
      : []),
    ...given.filter(({ of }) => of === "method").map(optionColumn),
  ];
  const metrics = view.metrics.flatMap((name) => metricColumns(name, parts.metrics[name], summary, view));
  const columns: TableColumn[] = [
    ...heads,
    ...metrics,
    ...(summary.rows.some((row) => row.eventsNotForgotten !== undefined) ? [notForgottenColumn] : []),
    ...(view.timing ? timingColumns(summary) : []),
  ];
  return new Table({
    columns,
    rows: summary.rows.map((row) => tableRow(row, summary, view, parts)),
    caption: captionOf(summary, view),
    legend: legendOf(summary, metrics),
    label: `tab:${summary.name}`,
    provenance,
    ...(summary.stale === 0 ? {} : { note: staleNote(summary) }),
    heads: heads.map(({ key }) => key),
    groupBy: circumstances.map(({ key }) => key),
    references: rowsOf(summary, referenceMethod),
    compareWithin: ["dataset", "backbone", "request", ...circumstances.map(({ key }) => key)],
    uncompared: rowsOf(summary, noiseFloorMethod),
  });
}

/** The numbers of a method's rows. */
function rowsOf({ rows }: ViewSummary, name: string): number[] {
  return rows.flatMap(({ method }, r) => (method === name ? [r] : []));
}

/**
 * The name of a row's method, as papers write it.
 *
 * @example
 * const { summary } = await experimentResult("ifru-accuracy");
 * summary.rows.map((row) => methodLabel(row, builtInParts)); // "Original", "Retrain", …, "IFRU (principled)", …
 */
export function methodLabel({ method, options }: SummaryRow, parts: Parts): string {
  return parts.methods[method].label(options.method);
}

/**
 * What a row's runs were asked to forget, in words.
 *
 * @example
 * const { summary } = await experimentResult("ifru-time");
 * summary.rows.map((row) => requestLabel(row, builtInParts)); // such as "one interaction"
 */
export function requestLabel(row: SummaryRow, parts: Parts): string {
  const { request } = row.options;
  return taskOf(row, parts).requests[String(request["kind"])].label(request);
}

/**
 * What a row's runs were asked to forget, in words; of a split its share and whether its labels were flipped.
 *
 * @example
 * const { summary } = await experimentResult("ifru-accuracy");
 * askedLabel(summary.rows[0], builtInParts); // "2 % mislabelled"
 */
export function askedLabel(row: SummaryRow, parts: Parts): string {
  const { data, request } = row.options;
  if (request["kind"] !== "split") return requestLabel(row, parts);
  const { forgetFraction, flip } = data;
  const share = typeof forgetFraction === "number" ? `${Number((100 * forgetFraction).toPrecision(3))} %` : "all";
  return `${share}${flip === false ? "" : " mislabelled"}`;
}

/** Shown where a method cannot forget some of the events that it is asked to. */
const notForgottenColumn: TableColumn = {
  key: "eventsNotForgotten",
  label: "events not forgotten",
  format: { decimals: 0 },
};

/** Shards are timed in turn; where there are any, as if in parallel too. */
function timingColumns({ rows }: ViewSummary): TableColumn[] {
  const atOnce = rows.some(({ parallelSeconds }) => parallelSeconds !== undefined);
  return [
    { key: "preparation", label: "paid once", unit: "s", format: { significant: 2 } },
    { key: "seconds", label: "time", unit: "s", format: { significant: 2 }, better: "lower" },
    { key: "speedup", label: "speed-up", unit: "×", format: { significant: 2 } },
    ...(atOnce ? parallelColumns : []),
    { key: "gradientRows", label: "gradient rows", format: { decimals: 0 } },
    { key: "hessianVectorProducts", label: "Hv products", format: { decimals: 0 } },
    { key: "incidentRows", label: "incident rows", format: { decimals: 0 } },
    { key: "rowsTouched", label: "rows touched", format: { decimals: 0 } },
  ];
}

const parallelColumns: TableColumn[] = [
  { key: "parallelSeconds", label: "shards at once", unit: "s", format: { significant: 2 } },
  { key: "parallelSpeedup", label: "speed-up, shards at once", unit: "×", format: { significant: 2 } },
];

const optionKey = ({ of, option }: OptionColumn) => `${of}.${option}`;

function optionColumn(column: OptionColumn): TableColumn {
  const { option, label = option, format } = column;
  return { key: optionKey(column), label, ...(format === undefined ? {} : { format }) };
}

/**
 * Where neither end of a metric is better, the aim is Retrain's value, if it has one. What only says how to read
 * another metric has no aim.
 */
function metricColumns(name: string, metric: MetricPart, { rows }: ViewSummary, view: View): TableColumn[] {
  const { label, format = { decimals: 4 } } = metric;
  const aims = rows.some((row) => row.method === referenceMethod && row.metrics[name].mean !== null);
  const better = metric.better ?? (aims && metric.isContext !== true ? ("nearest" as const) : undefined);
  const column: TableColumn = { key: name, label, format, ...(better === undefined ? {} : { better }) };
  if (view.distances?.includes(name) !== true || !aims) return [column];
  return [column, { key: distanceKey(name), label: `${label}, minus Retrain's`, format }];
}

const distanceKey = (metric: string) => `${metric}-minus-retrain`;

/** How far a row is from Retrain, seed by seed; nothing of Retrain itself. */
function distancesOf(row: SummaryRow, { rows }: ViewSummary, { distances = [] }: View): TableRow {
  const reference = retrainOfRow(row, rows);
  const between = (name: string): Measured | null => {
    const found = reference && minus(row, reference, name);
    return found == null ? null : { mean: found.mean, sd: found.sd, n: found.n };
  };
  return Object.fromEntries(distances.map((name) => [distanceKey(name), between(name)]));
}

function retrainOfRow(row: SummaryRow, rows: readonly SummaryRow[]): SummaryRow | undefined {
  const asked = ({ dataset, backbone, options }: SummaryRow) =>
    canonicalJson({ dataset, backbone, options: { ...options, method: {} } });
  if (row.method === referenceMethod) return undefined;
  return rows.find((other) => other.method === referenceMethod && asked(other) === asked(row));
}

function tableRow(row: SummaryRow, summary: ViewSummary, view: View, parts: Parts): TableRow {
  const options = (view.columns ?? []).map((column) => [
    optionKey(column),
    row.options[column.of][column.option] ?? null,
  ]);
  const metrics = view.metrics.map((name) => [name, measured(row.metrics[name], isMarked(row, name))]);
  return {
    dataset: parts.datasets[row.dataset].label ?? row.dataset,
    backbone: parts.backbones[row.backbone].label,
    request: requestLabel(row, parts),
    method: `${methodLabel(row, parts)}${isUnconverged(row) ? " †" : ""}`,
    ...(Object.fromEntries([...options, ...metrics]) as TableRow),
    ...distancesOf(row, summary, view),
    eventsNotForgotten: row.eventsNotForgotten ?? null,
    ...row.counts,
    preparation: measured(row.preparation, false),
    seconds: measured(row.seconds, false),
    speedup: row.seconds.speedup,
    parallelSeconds: row.parallelSeconds === undefined ? null : measured(row.parallelSeconds, false),
    parallelSpeedup: row.parallelSeconds?.speedup ?? null,
  };
}

function measured({ mean, sd, n }: MetricSummary, marked: boolean): Measured {
  return { mean, sd, n, ...(marked ? { mark: "*" } : {}) };
}

function isMarked({ tests }: SummaryRow, name: string): boolean {
  return tests.some(({ metric, test, pHolm }) => metric === name && test === "t-test" && pHolm < level);
}

function staleNote({ stale, runs, name, preset }: ViewSummary): string {
  const which = `${commandLine("experiment")} status ${name} --preset ${preset}`;
  return `${stale} of ${runs} runs were made by older code; "${which}" says what changed.`;
}

const isUnconverged = ({ unconverged }: SummaryRow) => unconverged !== undefined;

function captionOf({ rows }: ViewSummary, { title }: View): string {
  const { least, most } = seedsOf(rows);
  if (most === 1) return `${title}. One seed.`;
  const count = rows.length === 0 || least === most ? String(most) : `${least} to ${most}`;
  return `${title}. Mean ± standard deviation over ${count} seeds.`;
}

/** What marks mean, and only those that may be seen. */
function legendOf({ rows }: ViewSummary, metrics: readonly TableColumn[]): string[] {
  const { least, most } = seedsOf(rows);
  const isTested = most > 1 && !(rows.length > 0 && rows.every(({ tests }) => tests.length === 0));
  const marked = [
    "* differs from Retrain (paired t-test, Holm-corrected, p < 0.05).",
    ...(least < 6 ? [fewSeeds] : []),
  ];
  const aimed = rows.length > 1 && metrics.some(({ better }) => better === "nearest");
  return [
    ...(isTested ? marked : []),
    ...(aimed ? ["Where neither end is better, bold is nearest to Retrain."] : []),
    ...(rows.some(isUnconverged) ? ["† in some runs the solver ended before it converged."] : []),
  ];
}

function seedsOf(rows: readonly SummaryRow[]): { least: number; most: number } {
  const seeds = rows.map((row) => row.seeds.length);
  return { least: Math.min(Infinity, ...seeds), most: Math.max(0, ...seeds) };
}

/** Said where it applies: such a table proves little. */
const fewSeeds = "With fewer than 6 seeds Wilcoxon's test cannot reach p < 0.05.";
