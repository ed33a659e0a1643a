import { InvalidArgumentError } from "../core";
import { summarise } from "../metrics";
import { Figure, type FigureOptions, heightInPoints } from "./figure";
import { textWidth } from "./fonts";
import { hatched } from "./hatch";
import { type Reference, referenceBelow, referenceName } from "./reference";
import { requirePlaces, valueScale } from "./scales";
import { distinct, seriesEncoding, seriesNames, shownName } from "./series";
import { type CategoryAxis, categoryAxis, rowAxis, uprightTitle, type VegaLiteSpec, widestWord } from "./spec";
import { type Medium, unitOf, widthInPoints } from "./theme";

/** One bar or point: a series' value in a group, with the ends of its error bar where it has one. */
export interface GroupedValue {
  readonly group: string;
  readonly series: string;
  /** `null` where undefined; then nothing is drawn. */
  readonly value: number | null;
  readonly low?: number | null;
  readonly high?: number | null;
}

export interface GroupedChartOptions extends FigureOptions {
  /** The title of the axis of values, with its unit. */
  readonly valueTitle: string;
  /** Default: none; the groups name themselves. */
  readonly groupTitle?: string;
  /** The ends of the axis of values. Default: from the data (bars start at 0). */
  readonly domain?: readonly [number, number];
  /** Points only. Default: `"linear"`. */
  readonly scale?: "linear" | "log";
  /** A line across the chart, such as chance level. */
  readonly reference?: Reference;
  /**
   * What is drawn of several values of one series in one group, such as those of seeds: their mean with its 95 %
   * interval. Default: they are refused.
   */
  readonly repeats?: "mean";
}

/**
 * Bars side by side within each group, with error bars; one below the other where the groups' names are too long to
 * stand beside each other. For values whose zero means something; for the others, `dotChart`.
 *
 * @throws InvalidArgumentError for a logarithmic scale, on which a bar has no foot, and for several values of one
 *   series in one group
 * @example
 * barChart([{ group: "ml-100k", series: "IFRU", value: 0.72 }], { valueTitle: "AUC", caption: "One bar." });
 */
export function barChart(values: readonly GroupedValue[], options: GroupedChartOptions): Figure {
  if (options.scale === "log")
    throw new InvalidArgumentError("bars have no foot on a logarithmic scale", { remedy: "use dotChart" });
  return groupedChart(values, options, "bar");
}

/**
 * Points side by side within each group, with error bars; the axis need not start at 0.
 *
 * @example
 * dotChart([{ group: "ml-100k", series: "IFRU", value: 0.72, low: 0.7, high: 0.74 }], {
 *   ...{ valueTitle: "AUC", caption: "A mean and its interval." },
 * });
 */
export function dotChart(values: readonly GroupedValue[], options: GroupedChartOptions): Figure {
  return groupedChart(values, options, "point");
}

/** Points that a legend and the axes take of a chart's height, and a row for each group and each of its series. */
const framePoints = 52;
const linePoints = 10;
const seriesPoints = 6;
/** A group's share of a chart's width that is its name, at most. */
const nameShare = 0.45;
/** The same where a word would be broken otherwise. */
const mostNameShare = 0.62;

function groupedChart(given: readonly GroupedValue[], options: GroupedChartOptions, mark: "bar" | "point"): Figure {
  const series = seriesNames(given);
  const values = options.repeats === "mean" ? means(given) : given;
  requireOnce(values.map(({ group, series }) => [series, group] as const), 'or give { repeats: "mean" }'); // prettier-ignore
  const drawn = values.flatMap(({ value, low, high }) => [value, low, high]);
  requirePlaces(drawn, options.scale, options.valueTitle);
  const groups = distinct(values.map((value) => shownName(value.group)));
  const width = widthInPoints(options.width ?? "column");
  const bandWidth = (width - 50) / Math.max(1, groups.length) - 4;
  const upright = categoryAxis(groups, bandWidth);
  const room = Math.min(Math.max(nameShare * width, widestWord(groups) + 1), mostNameShare * width);
  const names = upright ?? rowAxis(groups, room);
  const layout: Layout = {
    lying: upright === undefined,
    series,
    mark,
    width,
    hasIntervals: hasInterval(values),
    axis: (medium) => upright ?? rowAxis(groups, room, medium),
  };
  const data = values.map(({ group, series, value, low = null, high = null }) => ({
    ...{ group: names.name(shownName(group)), series: shownName(series), value, low, high },
  }));
  const levels = options.reference === undefined ? [] : [options.reference.value];
  const body = (medium: Medium) => groupedBody(options, layout, [...drawn, ...levels], medium);
  const lines = Math.max(1, ...names.domain.map((name) => name.split("\n").length));
  const row = Math.max(lines * linePoints, series.length * seriesPoints) + 3;
  const height = layout.lying ? (framePoints + groups.length * row) / 72 : undefined;
  const sized = { ...options, ...(options.height === undefined && height !== undefined && { height }) };
  return new Figure(data, sized, body, mark === "bar" && series.length > 1 ? hatched(series.length) : undefined);
}

/** A place of a series where there are panels. */
export function inPanel<T extends string | number>(place: T, panel: string | undefined): T | string {
  return panel === undefined ? place : `${place}, ${panel}`;
}

/**
 * Checks that each series has one value at each place.
 *
 * @param remedy beside the first, to give one value each
 * @throws InvalidArgumentError that names the first that has more
 */
export function requireOnce(
  places: readonly (readonly [series: string, place: string | number])[],
  remedy: string,
): void {
  const counts = new Map<string, number>();
  for (const place of places) counts.set(JSON.stringify(place), (counts.get(JSON.stringify(place)) ?? 0) + 1);
  const [found] = places.filter((place) => (counts.get(JSON.stringify(place)) ?? 0) > 1);
  if (found !== undefined)
    throw new InvalidArgumentError(
      `the series ${JSON.stringify(found[0])} has ${counts.get(JSON.stringify(found))} values at ${JSON.stringify(found[1])}`,
      { remedy: `give one value each, ${remedy}` },
    );
}

/** The mean and its interval of all values of a series in a group. */
function means(values: readonly GroupedValue[]): GroupedValue[] {
  const all = new Map<string, GroupedValue[]>();
  for (const value of values) {
    const key = JSON.stringify([value.group, value.series]);
    all.set(key, [...(all.get(key) ?? []), value]);
  }
  return [...all.values()].map((some) => {
    if (some.length === 1) return some[0];
    const found = some.flatMap(({ value }) => value ?? []);
    if (found.length === 0) return some[0];
    const { mean, interval } = summarise(found);
    return { ...some[0], value: mean, low: interval?.[0] ?? null, high: interval?.[1] ?? null };
  });
}

interface Layout {
  /** Whether groups stand one below the other. */
  readonly lying: boolean;
  readonly axis: (medium: Medium) => CategoryAxis;
  readonly series: readonly string[];
  readonly mark: "bar" | "point";
  readonly width: number;
  readonly hasIntervals: boolean;
}

function groupedBody(
  options: GroupedChartOptions,
  { lying, axis: axisIn, series, mark, width, hasIntervals }: Layout,
  drawn: readonly (number | null | undefined)[],
  medium: Medium,
): VegaLiteSpec {
  const u = unitOf(medium);
  const names = axisIn(medium);
  const [along, value] = lying ? (["y", "x"] as const) : (["x", "y"] as const);
  const group = {
    ...{ field: "group", type: "nominal", title: options.groupTitle ?? null, sort: null },
    scale: {
      domain: names.domain,
      ...(series.length > 1 ? { paddingInner: 0.25 } : mark === "bar" && { paddingInner: 0.45 }),
      ...(mark === "bar" || series.length > 1 ? { paddingOuter: 0.2 } : { padding: 0.5 }),
    },
    axis: { ...names.axis, ticks: false },
  };
  const offset = {
    ...{ field: "series", type: "nominal" },
    scale: { domain: series, ...(mark === "bar" && { paddingInner: 0.08 }) },
  };
  const { scale, axis } =
    mark === "bar"
      ? { scale: { zero: true, ...(options.domain && { domain: options.domain }) }, axis: { tickCount: 5 } }
      : valueScale(options.scale, drawn, medium, options.domain);
  const title = lying ? options.valueTitle : uprightTitle(options.valueTitle, heightInPoints(options));
  const values = { field: "value", type: "quantitative", title, scale, axis: { ...axis, grid: true } };
  const room = lying ? width - Math.max(0, ...names.domain.map(widest)) : width;
  const look = seriesEncoding(series, mark === "bar" ? ["color"] : ["color", "shape"], room, medium);
  const place = { [along]: group, ...(series.length > 1 && { [`${along}Offset`]: offset }) };
  const shown = {
    mark: { type: mark, clip: options.domain !== undefined },
    encoding: { ...place, [value]: values, ...look },
  };
  const colour = mark === "bar" ? {} : { color: look.color };
  const errors = !hasIntervals ? [] : errorBars({ ...place, ...colour }, u, value);
  const { reference } = options;
  const level = reference === undefined ? [] : referenceBelow(reference, u, value);
  const name = reference === undefined ? [] : referenceName(reference, u, value);
  return { layer: mark === "bar" ? [shown, ...errors, ...level, ...name] : [...level, ...name, ...errors, shown] };
}

const widest = (name: string): number => Math.max(...name.split("\n").map((line) => textWidth(line, 8, false)));

/** Whether any value has an interval. */
export function hasInterval(
  values: readonly { readonly low?: number | null; readonly high?: number | null }[],
): boolean {
  return values.some(({ low, high }) => low != null && high != null);
}

/** The layer of error bars, of data that have some. @param axis the one values are on */
export function errorBars(place: VegaLiteSpec, u: number, axis: "x" | "y" = "y"): VegaLiteSpec[] {
  const bar = { [axis]: { field: "low", type: "quantitative" }, [`${axis}2`]: { field: "high" } };
  return [
    {
      transform: [{ filter: "isValid(datum.low) && isValid(datum.high)" }],
      mark: { type: "rule", strokeWidth: 0.8 * u },
      encoding: { ...place, ...bar },
    },
  ];
}
