import { visibleText } from "../../core";
import { textWidth } from "../fonts";
import { logTicks } from "../log-ticks";
import type { VegaLiteSpec } from "../spec";
import { type Medium, unitOf } from "../theme";
import { axisKind, type AxisKind } from "./axis-kind";
import { dateOf, isList, lengthOf, NotDrawnError, numberOf, type Part, plainTitle, within } from "./values";

/** An axis of a plotly figure: where a value is on it. */
export interface PlotlyAxis {
  readonly letter: "x" | "y";
  readonly kind: AxisKind;
  /** The layout's options. */
  readonly layout: Part;
  /** Names at 0, 1, 2, … of an axis of categories. */
  readonly categories: readonly string[];
  /** A number, milliseconds or a category's place; `null` for what has none, which leaves a gap. */
  place(value: unknown): number | null;
}

/**
 * The axis that traces are drawn on, its kind and categories found as plotly finds them.
 *
 * @param lists each trace's values on it, in order; empty where a trace only counts along it
 */
export function plotlyAxis(letter: "x" | "y", layout: Part, lists: readonly ArrayLike<unknown>[]): PlotlyAxis {
  const options = within(layout, `${letter}axis`);
  const kind = axisKind(options, lists.find((list) => list.length > 0) ?? []);
  const categories = kind === "category" ? categoriesOf(options, lists) : [];
  const index = new Map(categories.map((name, i) => [name, i]));
  const places: Record<AxisKind, (value: unknown) => number | null> = {
    linear: numberOf,
    log: (value) => ((numberOf(value) ?? 0) > 0 ? numberOf(value) : null),
    date: dateOf,
    category: (value) => (value === null || value === undefined ? null : (index.get(nameOf(value)) ?? null)),
  };
  return { letter, kind, layout: options, categories: categories.map(visibleText), place: places[kind] };
}

const nameOf = (value: unknown) => String(value as string | number);

function categoriesOf(options: Part, lists: readonly ArrayLike<unknown>[]): string[] {
  const order = options["categoryorder"] ?? (isList(options["categoryarray"]) ? "array" : "trace");
  const seen = lists.flatMap((list) => Array.from(list)).filter((value) => value !== null && value !== undefined);
  const names = [...new Set(seen.map(nameOf))];
  if (order === "array" && isList(options["categoryarray"]))
    return [...new Set([...Array.from(options["categoryarray"], nameOf), ...names])];
  if (order === "trace" || order === "array") return names;
  const ascending = names.sort((a, b) => (a < b ? -1 : 1));
  return order === "category ascending" ? ascending : ascending.reverse();
}

/** What is drawn along an axis, from which its ends come. */
export interface Reach {
  readonly values: readonly number[];
  /** Whether marks stand around their values, so that the axis ends beyond the last. */
  readonly marks: boolean;
  /** Whether something stands on 0, such as bars. */
  readonly zero: boolean;
}

/** The ends of an axis in the direction of increasing values, and whether it runs the other way. */
export interface Ends {
  readonly low: number;
  readonly high: number;
  readonly reversed: boolean;
}

/** @throws NotDrawnError for ends that are not on the axis */
export function endsOf(axis: PlotlyAxis, reach: Reach): Ends {
  const { range, autorange } = axis.layout;
  if (isList(range) && autorange !== true && autorange !== "reversed") {
    const [from, to] = [endOf(axis, range[0]), endOf(axis, range[1])];
    return { low: Math.min(from, to), high: Math.max(from, to), reversed: from > to };
  }
  return { ...ownEnds(axis, reach), reversed: autorange === "reversed" };
}

/** Plotly gives the ends of a logarithmic axis as powers of ten, and those of categories as places. */
function endOf(axis: PlotlyAxis, value: unknown): number {
  const number = axis.kind === "date" ? dateOf(value) : (numberOf(value) ?? axis.place(value));
  const end = axis.kind === "log" && number !== null ? 10 ** number : number;
  if (end === null || !Number.isFinite(end))
    throw new NotDrawnError(`the ${axis.letter} axis has an open or unreadable range`);
  return end;
}

function ownEnds({ kind, layout, categories }: PlotlyAxis, { values, marks, zero }: Reach) {
  if (kind === "category") return { low: -0.5, high: Math.max(categories.length, 1) - 0.5 };
  const on = (value: number) => (kind === "log" ? Math.log10(value) : value);
  const places = values.map(on);
  if (kind === "linear" && (zero || layout["rangemode"] === "tozero")) places.push(0);
  let low = places.reduce((a, b) => Math.min(a, b), Infinity);
  let high = places.reduce((a, b) => Math.max(a, b), -Infinity);
  if (low > high) [low, high] = kind === "date" ? [Date.UTC(2000, 0, 1), Date.UTC(2001, 0, 1)] : [-1, 6];
  const half = kind === "date" ? 43_200_000 : 1;
  if (low === high) [low, high] = [low - half, high + half];
  const room = marks ? 0.06 * (high - low) : 0;
  const isFoot = (end: number) => kind === "linear" && end === 0 && (zero || layout["rangemode"] === "tozero");
  const from = isFoot(low) ? low : low - room;
  const to = isFoot(high) ? high : high + room;
  const positive = layout["rangemode"] === "nonnegative" && kind === "linear" ? Math.max(0, from) : from;
  return kind === "log" ? { low: 10 ** from, high: 10 ** to } : { low: positive, high: to };
}

/** An axis' channel in vega-lite, shared by all layers. @param length of the plot along it, in plotly's pixels */
export function axisChannel(axis: PlotlyAxis, ends: Ends, length: number, medium: Medium): VegaLiteSpec {
  const { low, high, reversed } = ends;
  const scale = { domain: [low, high], nice: false, reverse: reversed };
  const type = { linear: "linear", log: "log", date: "utc", category: "linear" }[axis.kind];
  return {
    field: axis.letter,
    type: axis.kind === "date" ? "temporal" : "quantitative",
    scale: { ...scale, type, ...(type === "linear" && { zero: false }) },
    ...(axis.layout["visible"] === false
      ? { axis: null }
      : { title: titleOf(axis), axis: { grid: true, labelFlush: false, ...ticksOf(axis, ends, length, medium) } }),
  };
}

function titleOf({ letter, layout }: PlotlyAxis): string | string[] | null {
  const lines = plainTitle(layout["title"], `the title of the ${letter} axis`)?.split("\n");
  return lines === undefined ? null : lines.length === 1 ? lines[0] : lines;
}

/** Which values are labelled, and how. */
function ticksOf(axis: PlotlyAxis, ends: Ends, length: number, medium: Medium): VegaLiteSpec {
  const { layout } = axis;
  if (layout["showticklabels"] === false) return { labels: false, ticks: false };
  const { tickvals, ticktext } = layout;
  if (isList(tickvals)) {
    const values = Array.from(tickvals, axis.place);
    const texts = Array.from(isList(ticktext) ? ticktext : tickvals, (text, i) => ({ at: values[i], text }));
    const told = texts.filter(({ at }) => at !== null);
    const labels = told.map(({ text }) => plainTitle(text, `a label of the ${axis.letter} axis`) ?? "");
    return labelled(told.map(({ at }) => at as number), labels, length, axis.letter, medium); // prettier-ignore
  }
  if (axis.kind === "category") {
    const shown = axis.categories.map((name, i) => ({ name, i })).filter(({ i }) => i >= ends.low && i <= ends.high);
    return labelled(shown.map(({ i }) => i), shown.map(({ name }) => name), length, axis.letter, medium); // prettier-ignore
  }
  if (axis.kind === "date") return { tickCount: 6, labelOverlap: "greedy", ...affixes(layout) };
  return { ...numberTicks(axis, ends), labelOverlap: "greedy", ...affixes(layout) };
}

/** Labels of their own at some places: upright ones one below the other, level ones slanted where they have no room. */
function labelled(values: number[], labels: string[], length: number, letter: "x" | "y", medium: Medium): VegaLiteSpec {
  const pixel = unitOf(medium) / unitOf("screen");
  const labelExpr = `${JSON.stringify(labels)}[indexof(${JSON.stringify(values)}, toNumber(datum.value))]`;
  const widest = Math.max(0, ...labels.map((label) => textWidth(label, 8 * unitOf("screen"), false)));
  const room = length / Math.max(1, values.length);
  const slanted = letter === "x" && widest + 6 > room;
  return {
    ...{
      values,
      labelExpr,
      tickCount: values.length,
      labelLimit: Math.min(widest + 2, 260) * pixel,
      labelOverlap: "greedy",
    },
    ...(slanted && { labelAngle: -35, labelAlign: "right", labelBaseline: "middle" }),
  };
}

function numberTicks({ kind, layout, letter }: PlotlyAxis, { low, high }: Ends): VegaLiteSpec {
  const { dtick, tick0 } = layout;
  if (typeof dtick === "number" && dtick > 0 && kind === "linear") {
    const first = lengthOf(tick0, 0);
    const [from, to] = [Math.ceil((low - first) / dtick - 1e-9), Math.floor((high - first) / dtick + 1e-9)];
    if (to - from > 1000) throw new NotDrawnError(`the ${letter} axis has ${to - from} ticks`);
    const values = Array.from({ length: Math.max(0, to - from + 1) }, (_, k) =>
      Number((first + (from + k) * dtick).toPrecision(12)),
    );
    return { values, tickCount: values.length };
  }
  if (dtick !== undefined && dtick !== null && !(kind === "log" && dtick === 1))
    throw new NotDrawnError(`the ${letter} axis has dtick ${JSON.stringify(dtick)}`);
  return kind === "log" ? logTicks(low, high) : { tickCount: 6 };
}

/** Text before and after the labels of an axis. */
function affixes({ tickprefix, ticksuffix }: Part): VegaLiteSpec {
  const [before, after] = [tickprefix, ticksuffix].map((text) => plainTitle(text, "a label") ?? "");
  return before + after === ""
    ? {}
    : { labelExpr: `${JSON.stringify(before)} + datum.label + ${JSON.stringify(after)}` };
}
