import { InvalidArgumentError, visibleText } from "../core";
import { textWidth } from "./fonts";
import { type VegaLiteSpec, wrap } from "./spec";
import { dashesIn, type Medium, palette, shapes } from "./theme";

/** What a series without a name is called. */
const nameless = "(no name)";

/** A series' name as a chart shows it: on one line, visible, never empty. The data and the legend must agree on it. */
export function shownName(name: string): string {
  const text = visibleText(name);
  return text.trim() === "" ? nameless : text in Object.prototype ? `${text}\u00a0` : text; // vega looks names up in plain objects
}

/** The different values, in order of first appearance. */
export function distinct(values: readonly string[]): string[] {
  return [...new Set(values)];
}

/** The most series that differ in colour and another sign at once. */
export const mostSeries = palette.length * shapes.length;

/**
 * The names of a chart's series as shown, in order of first appearance.
 *
 * @throws InvalidArgumentError when there are more than can be told apart, or two would be shown by one name
 */
export function seriesNames(values: readonly { readonly series: string }[]): string[] {
  const given = distinct(values.map(({ series }) => series));
  const names = distinct(given.map(shownName));
  if (names.length < given.length) {
    const twice = given.find((name, i) => given.findIndex((other) => shownName(other) === shownName(name)) < i);
    throw new InvalidArgumentError(`two series would be shown as "${shownName(twice ?? "")}"`, {
      remedy: "give each series a name of its own",
    });
  }
  if (names.length > mostSeries)
    throw new InvalidArgumentError(`${names.length} series in one chart`, {
      remedy: `show ${mostSeries} at most, or split the chart`,
    });
  return names;
}

/** The sign of the i-th series in a list of eight: beyond eight, colours come again with other signs. */
export function signOf<T>(signs: readonly T[], i: number): T {
  return signs[(i + Math.floor(i / palette.length)) % signs.length];
}

/** The colour of the i-th series. Those that come again differ by a trace of blue, which tells whose a mark is. */
export function colourOf(i: number): string {
  const colour = parseInt(palette[i % palette.length].slice(1), 16);
  return `#${(colour ^ Math.floor(i / palette.length)).toString(16).padStart(6, "0").toUpperCase()}`;
}

/**
 * How series are told apart: colour, and whichever of shape and dash the mark has. Up to eight by colour alone; more by
 * colour and sign together.
 *
 * @param series their names, in order
 * @param width of the plot, in points
 */
export function seriesEncoding(
  series: readonly string[],
  channels: readonly ("color" | "shape" | "strokeDash")[],
  width: number,
  medium: Medium,
): VegaLiteSpec {
  if (series.length < 2) return { color: { value: palette[0] } };
  const symbols = channels.includes("strokeDash") ? { symbolType: "stroke" } : {};
  const legend = { ...legendLayout(series, width), ...symbols };
  const ranges = {
    color: series.map((_, i) => colourOf(i)),
    shape: series.map((_, i) => signOf(shapes, i)),
    strokeDash: series.map((_, i) => signOf(dashesIn(medium), i)),
  };
  const encode = (channel: keyof typeof ranges) => ({
    ...{ field: "series", type: "nominal", title: null },
    scale: { domain: series, range: ranges[channel] },
    legend,
  });
  return Object.fromEntries(channels.map((channel) => [channel, encode(channel)]));
}

/** Points that the axis of values takes at the left of a picture, where no legend is. */
const axisWidth = 50;
const symbolWidth = 24;

/**
 * A legend above a plot that is as wide as a picture: as many columns as fit beside each other, names of several lines
 * where one alone would be too wide.
 *
 * @param width of the picture, in points
 */
export function legendLayout(labels: readonly string[], width: number): VegaLiteSpec {
  const room = Math.max(60, width - axisWidth);
  const lines = labels.map((label) => wrap(label, room - symbolWidth));
  const isWrapped = lines.some((parts) => parts.length > 1);
  const widths = lines.map((parts) => Math.max(...parts.map((line) => textWidth(line, 8, false))) + symbolWidth);
  return {
    columns: isWrapped ? 1 : columnsOf(widths, room),
    ...(isWrapped && { labelExpr: `${JSON.stringify(lines)}[datum.index]` }),
  };
}

function columnsOf(entries: readonly number[], room: number): number {
  for (let columns = entries.length; columns > 1; columns--) {
    const widths = Array.from({ length: columns }, (_, c) => Math.max(...entries.filter((_, i) => i % columns === c)));
    if (widths.reduce((sum, w) => sum + w, 0) <= room) return columns;
  }
  return 1;
}
