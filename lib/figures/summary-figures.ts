import {
  type Choice,
  methodLabel,
  type MetricSummary,
  noiseFloorMethod,
  type OptionColumn,
  type Parts,
  referenceMethod,
  startMethod,
  type ViewSummary,
  type SummaryRow,
  type View,
} from "../experiments";
import { type Circumstances, circumstancesOf, isRelative, minusRetrain } from "./circumstances";
import type { Drawing } from "./drawing";
import type { Figure } from "./figure";
import { forestChart } from "./forest-chart";
import { lineChart, type LinePoint } from "./line-chart";
import type { Reference } from "./reference";

/**
 * The figures of a view, by name: the metric, and behind a `_` what else tells it. Every metric has one, as its
 * difference from Retrain with the same seed where Retrain has a value of its own, mean and 95 % interval over seeds;
 * the grey band is where 95 % of retrainings with another seed fall (the noise floor). Where the view's first column is
 * a number they are lines over it, else methods below each other. A view of times has the seconds too; one of
 * *Original* alone has its models below each other, if there are several.
 */
export function summaryFigures(
  summary: ViewSummary,
  view: View,
  parts: Parts,
  drawing: Drawing = {},
): ReadonlyMap<string, Figure> {
  if (summary.rows.every(({ method }) => method === startMethod)) return modelFigures(summary, view, parts, drawing);
  const [first] = view.columns ?? [];
  const isSwept = first?.of !== "data" && summary.rows.some((row) => typeof valueOf(row, first) === "number");
  const swept = isSwept ? first : undefined;
  const forgetting = circumstancesOf(summary, parts, swept).filter(({ rows }) => rows.some(isMethod));
  const groups = chartGroups(forgetting, swept !== undefined, drawing);
  const figures = new Map<string, Figure>();
  for (const name of [...view.metrics, ...(view.timing ? ["seconds"] : [])])
    for (const { label, circumstances } of groups) {
      const quantity = quantityOf(name, circumstances, parts);
      const caption = [view.title, quantity.title, ...(label === "" ? [] : [label])].join(": ");
      const placed = inPanels(circumstances, drawing, swept !== undefined);
      const figure =
        swept === undefined
          ? rowsFigure(placed, view, parts, quantity, caption, drawing)
          : sweepFigure(placed, swept, view, parts, quantity, caption, drawing);
      if (figure !== null) figures.set(figureName(name.replace("@", "-at-"), label), figure);
    }
  return figures;
}

/** Circumstances with the panel that each is in, where panels are asked for and there are several. */
function inPanels(all: readonly Circumstances[], { facet }: Drawing, isSweep: boolean): readonly InPanel[] {
  if (facet === undefined) return all;
  const panelOf = (one: Circumstances) => (isSweep ? without(one, one[other(facet)]) : one[facet]);
  const within = all.map((one) => ({ ...one, panel: panelOf(one), label: without(one, panelOf(one)) }));
  return new Set(within.map(({ panel }) => panel)).size < 2 ? all : toldApart(within);
}

/** Circumstances, and where there are panels the one that they are in. */
type InPanel = Circumstances & { readonly panel?: string };

const panelsOf = (values: readonly { readonly panel?: string }[]) => {
  const names = [...new Set(values.flatMap(({ panel }) => panel ?? []))];
  return names.length === 0 ? {} : { panels: names };
};

const other = (facet: "dataset" | "backbone") => (facet === "dataset" ? "backbone" : "dataset");

/** What a label says beside some words. */
function without({ label }: Circumstances, said: string): string {
  const words = said.split(", ");
  const rest = label.split(", ").filter((word) => !words.includes(word));
  return rest.join(", ");
}

/** A figure's name where several show the same: of file names' letters. */
export function figureName(what: string, label: string): string {
  return label === ""
    ? what
    : `${what}_${label
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/-$/, "")}`;
}

/** Whether a row is not only what others start from. */
const isMethod = ({ method }: SummaryRow) => method !== startMethod;

/** Every metric of models before anything is forgotten, a mark for each dataset. */
function modelFigures(
  { rows }: ViewSummary,
  { title, metrics }: View,
  parts: Parts,
  { frame }: Drawing,
): ReadonlyMap<string, Figure> {
  if (new Set(rows.map(({ backbone }) => backbone)).size < 2) return new Map();
  const figures = metrics.map((name) => {
    const { label } = parts.metrics[name];
    const values = rows.flatMap(({ dataset, backbone, metrics: { [name]: found } }) => {
      const { mean: value, interval } = found;
      const [row, series] = [parts.backbones[backbone].label, parts.datasets[dataset].label ?? dataset];
      const [low, high] = interval ?? [null, null];
      return value === null ? [] : [{ row, series, value, low, high }];
    });
    return [
      name.replace("@", "-at-"),
      forestChart(values, { ...frame, caption: `${title}: ${label}`, valueTitle: label }),
    ] as const;
  });
  return new Map(figures);
}

const valueOf = (row: SummaryRow, column: OptionColumn | undefined) => column && row.options[column.of][column.option];

/** Circumstances of one chart, and what they have in common; empty where all are in one. */
interface ChartGroup {
  readonly label: string;
  readonly circumstances: readonly Circumstances[];
}

/** Circumstances that one chart shows side by side. */
const mostSeries = 5;

/**
 * A sweep is drawn for each circumstance alone; methods for all together, or by dataset and backbone where those are
 * too many.
 */
function chartGroups(all: readonly Circumstances[], isSweep: boolean, { facet }: Drawing): ChartGroup[] {
  const isOne = all.length === 1 || (!isSweep && (all.length <= mostSeries || facet !== undefined));
  if (isOne) return [{ label: "", circumstances: all }];
  const labelOf = (one: Circumstances) => (facet !== undefined ? one[other(facet)] : isSweep ? one.label : one.model);
  const labels = [...new Set(all.map(labelOf))];
  return labels.map((label) => {
    const circumstances = all.filter((one) => labelOf(one) === label);
    if (facet !== undefined) return { label: labels.length > 1 ? label : "", circumstances };
    return { label, circumstances: toldApart(circumstances) };
  });
}

/** Circumstances with what they all share taken out of their labels. */
function toldApart<T extends Circumstances>(some: readonly T[]): T[] {
  const wordsOf = ({ label }: Circumstances) => label.split(", ");
  const isShared = (word: string) => some.every((one) => wordsOf(one).includes(word));
  return some.map((one) => {
    const rest = wordsOf(one).filter((word) => !isShared(word));
    return { ...one, label: rest.join(", ") || one.label };
  });
}

/** What a figure shows: a metric or the seconds, as they are or as differences from Retrain. */
interface Quantity {
  readonly title: string;
  readonly scale: "linear" | "log";
  readonly reference: Reference | undefined;
  /** Of a row; several where it was told in several ways, the first meant where only one is drawn. */
  of(row: SummaryRow, rows: readonly SummaryRow[]): readonly Told[];
}

interface Told {
  readonly mean: number;
  readonly interval: readonly [number, number] | null;
  /** In which way, where there are others. */
  readonly how?: string;
}

function quantityOf(name: string, circumstances: readonly Circumstances[], parts: Parts): Quantity {
  if (name === "seconds")
    return {
      ...{ title: "seconds to forget", scale: "log", reference: undefined },
      of: ({ seconds, parallelSeconds }) => [
        ...secondsIn(seconds, parallelSeconds && "shards in turn"),
        ...(parallelSeconds === undefined ? [] : secondsIn(parallelSeconds, "shards at once")),
      ],
    };
  const { label } = parts.metrics[name];
  const relative = circumstances.every(({ rows }) => isRelative(rows, name));
  return {
    title: relative ? label : `${label}, minus Retrain's`,
    scale: "linear",
    reference: referenceOf(name, circumstances, relative),
    of(row, rows) {
      const difference = minusRetrain(row, rows, name);
      return difference === null ? [] : [difference];
    },
  };
}

/** Seconds as a logarithmic axis shows them. */
function secondsIn({ mean, interval }: MetricSummary, how?: string): Told[] {
  if (mean === null || mean <= 0) return [];
  return [{ mean, interval: interval !== null && interval[0] > 0 ? interval : null, ...(how && { how }) }];
}

/** Retrain's level, with the band of the widest noise floor where differences from it are shown. */
function referenceOf(name: string, circumstances: readonly Circumstances[], relative: boolean): Reference {
  if (name === "distance-over-noise-floor") return { value: 1, label: "noise floor" };
  const floors = circumstances.flatMap(({ rows }) =>
    rows.filter(({ method }) => method === noiseFloorMethod).flatMap((row) => minusRetrain(row, rows, name) ?? []),
  );
  if (floors.length === 0) return { value: 0, label: "Retrain" };
  if (relative && name.startsWith("distance"))
    return { value: floors.reduce((sum, { mean }) => sum + mean, 0) / floors.length, label: "noise floor" };
  const reach = Math.max(...floors.map(({ mean, sd }) => Math.abs(mean) + 2 * (sd ?? 0)));
  return { value: 0, label: "Retrain", low: -reach, high: reach };
}

/** A quantity by the value of an option, a line for each method; methods without the option are level lines. */
function sweepFigure(
  circumstances: readonly InPanel[],
  column: OptionColumn,
  view: View,
  parts: Parts,
  quantity: Quantity,
  caption: string,
  { frame, hidden }: Drawing,
): Figure | null {
  const rows = circumstances.flatMap((one) => one.rows);
  const placeOf = new Map(circumstances.flatMap((one) => one.rows.map((row) => [row, one])));
  const { option, label = option } = column;
  const percent = column.format !== undefined && "percent" in column.format;
  const placesOf = (row: SummaryRow) =>
    numbersIn(valueOf(row, column)).map((value) => (percent ? Number((100 * value).toPrecision(6)) : value));
  const values = rows.flatMap(placesOf);
  const ends = [Math.min(...values), Math.max(...values)];
  const points = rows.flatMap((row): (LinePoint & { isLevel: boolean })[] => {
    const isShown = isDrawn(row, quantity) && hidden?.has(row) !== true;
    const [found] = isShown ? quantity.of(row, placeOf.get(row)?.rows ?? rows) : [];
    const panel = placeOf.get(row)?.panel;
    if (found === undefined) return [];
    const own = placesOf(row);
    const isLevel = own.length === 0;
    const [low, high] = isLevel ? [null, null] : (found.interval ?? [null, null]);
    return seriesLabels(row, column, view, parts).flatMap((series) =>
      (isLevel ? ends : own).map((x) => ({
        ...{ series, x, y: found.mean, low, high, isLevel },
        ...(panel !== undefined && { panel }),
      })),
    );
  });
  if (points.length === 0) return null;
  points.sort((a, b) => Number(a.isLevel) - Number(b.isLevel));
  const steps = [...new Set(values)].sort((a, b) => a - b);
  const logarithmic = ends[0] > 0 && (ends[1] / ends[0] >= 100 || isGeometric(steps));
  return lineChart(points, {
    height: 2.2,
    ...frame,
    ...panelsOf(points),
    caption,
    xTitle: percent ? `${label}, %` : label,
    yTitle: quantity.title,
    xScale: logarithmic ? "log" : "linear",
    yScale: quantity.scale,
    intervals: "bands",
    ...(logarithmic && !isGeometric(steps) ? {} : { xValues: steps }),
    ...(quantity.reference === undefined ? {} : { references: [quantity.reference] }),
  });
}

/** Whether each value is as many times the one before, as of batch sizes. @param values ascending, positive */
function isGeometric(values: readonly number[]): boolean {
  const ratio = values[1] / values[0];
  return values.length > 3 && values.slice(1).every((value, k) => Math.abs(value / values[k] / ratio - 1) < 1e-9);
}

/** Differences are from Retrain, so that it is their zero; what *Original* took is no time to forget. */
function isDrawn({ method }: SummaryRow, { scale }: Quantity): boolean {
  return scale === "linear"
    ? method !== referenceMethod && method !== noiseFloorMethod
    : method !== startMethod && method !== noiseFloorMethod;
}

/**
 * The lines a row is on; else its method, with the value of the swept option where that is a word, such as
 * "calibrated".
 */
function seriesLabels(row: SummaryRow, column: OptionColumn, { lines = [] }: View, parts: Parts): string[] {
  const own = valueOf(row, column);
  const is = ({ name, options = {} }: Choice) =>
    row.method === name && Object.entries(options).every(([option, value]) => row.options.method[option] === value);
  const on = lines.filter(({ methods }) => methods.some(is)).map(({ label }) => label);
  if (on.length > 0) return on;
  const name = methodLabel(row, parts);
  return [column.of === "method" && typeof own === "string" ? `${name}, ${own}` : name];
}

const numbersIn = (value: unknown): number[] => (typeof value === "number" ? [value] : []);

/** A quantity of every method, one below the other, the circumstances side by side. */
function rowsFigure(
  circumstances: readonly InPanel[],
  view: View,
  parts: Parts,
  quantity: Quantity,
  caption: string,
  { frame, hidden }: Drawing,
): Figure | null {
  const all = circumstances.flatMap(({ rows }) => rows); // they share the names at the side
  const values = circumstances.flatMap(({ label: series, rows, panel }) =>
    rows
      .filter((row) => isDrawn(row, quantity) && hidden?.has(row) !== true)
      .flatMap((row) =>
        quantity.of(row, rows).map(({ mean: value, interval, how }) => {
          const [low, high] = interval ?? [null, null];
          const label = rowLabel(row, all, view, parts);
          const place = { row: how === undefined ? label : `${label}, ${how}`, ...(panel !== undefined && { panel }) };
          return { ...place, series, value, low, high };
        }),
      ),
  );
  if (values.length === 0) return null;
  const { title, scale, reference } = quantity;
  return forestChart(values, {
    ...frame,
    ...panelsOf(values),
    caption,
    valueTitle: title,
    scale,
    ...(reference === undefined ? {} : { reference }),
  });
}

/**
 * A method's name; of further rows of that name, what they have changed, behind the name where other methods have such
 * rows, too.
 */
export function rowLabel(row: SummaryRow, rows: readonly SummaryRow[], view: View, parts: Parts): string {
  const changed = changesOf(row, rows, view, parts);
  if (changed === "") return methodLabel(row, parts);
  const others = rows.filter((other) => methodLabel(other, parts) !== methodLabel(row, parts));
  return others.some((other) => changesOf(other, rows, view, parts) !== "")
    ? `${methodLabel(row, parts)}, ${changed}`
    : changed;
}

/** What a row has changed since the first of its method's name; empty for the first. */
function changesOf(row: SummaryRow, rows: readonly SummaryRow[], { columns = [] }: View, parts: Parts): string {
  const first = rows.find((other) => methodLabel(other, parts) === methodLabel(row, parts)) ?? row;
  return columns
    .filter((column) => column.of === "method" && valueOf(row, column) !== valueOf(first, column))
    .map((column) => `${column.label ?? column.option} ${valueInWords(valueOf(row, column), column)}`)
    .join(", ");
}

function valueInWords(value: unknown, { format }: OptionColumn): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "number" && format !== undefined && "percent" in format ? `${100 * value} %` : String(value);
}
