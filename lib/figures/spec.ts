import { InvalidArgumentError, visibleText } from "../core";
import { textWidth } from "./fonts";
import { dashesIn, type Medium, palette, shapes, unitOf } from "./theme";

/** A vega-lite 5 specification. Plain JSON. */
export type VegaLiteSpec = Readonly<Record<string, unknown>>;

/** One datum of a chart. Plain JSON. */
export type Datum = Readonly<Record<string, string | number | boolean | null>>;

/**
 * A part of a specification with its texts made visible, so that no name of a dataset breaks a picture or reorders its
 * labels. Line breaks stay, except in titles, which vega puts into expressions.
 */
export function visibleStrings<T>(part: T, key = ""): T {
  if (typeof part === "string" && part in Object.prototype) return `${part}\u00a0` as T; // vega looks names up in plain objects
  if (typeof part === "string")
    return (key === "title" ? visibleText(part) : part.split("\n").map(visibleText).join("\n")) as T;
  if (Array.isArray(part)) return part.map((inner) => visibleStrings(inner as unknown, key)) as T;
  if (typeof part !== "object" || part === null) return part;
  return Object.fromEntries(
    Object.entries(part).map(([name, inner]) => [name, visibleStrings(inner as unknown, name)]),
  ) as T;
}

/** Keys by which viewers fetch something, or are told what to do with a figure. */
const outward = new Set(["url", "href", "usermeta", "$schema"]);

/**
 * Checks that a specification draws from nothing but itself.
 *
 * @throws InvalidArgumentError when it names an address: `url`, `href`, `usermeta`, `$schema` or a text with `url(`
 *   anywhere outside its data values, or an image mark
 */
export function requireSelfContained(spec: unknown, path = "spec"): void {
  if (Array.isArray(spec)) return spec.forEach((part, i) => requireSelfContained(part, `${path}[${i}]`));
  if (typeof spec !== "object" || spec === null) return;
  for (const [key, value] of Object.entries(spec)) {
    const here = `${path}.${key}`;
    const image = (key === "mark" || key === "type") && value === "image";
    const paint = typeof value === "string" && /url\s*\(/i.test(value);
    if (outward.has(key) || image || paint)
      throw new InvalidArgumentError("a figure may not point outside itself", {
        where: here,
        remedy: "put the values into the specification; links and images are left out",
      });
    if (key !== "values") requireSelfContained(value, here);
  }
}

/** The different values, in order of first appearance. */
export function distinct(values: readonly string[]): string[] {
  return [...new Set(values)];
}

/** @throws InvalidArgumentError when there are more series than a reader can tell apart */
function requireFewSeries(series: readonly string[]): void {
  if (series.length > palette.length)
    throw new InvalidArgumentError(`${series.length} series in one chart`, {
      remedy: `show ${palette.length} at most, or split the chart`,
    });
}

/**
 * How series are told apart: colour, and whichever of shape and dash the mark has.
 *
 * @param series their names, in order
 * @param width of the picture, in points
 */
export function seriesEncoding(
  series: readonly string[],
  channels: readonly ("color" | "shape" | "strokeDash")[],
  width: number,
  medium: Medium,
): VegaLiteSpec {
  requireFewSeries(series);
  if (series.length < 2) return { color: { value: palette[0] } };
  const symbols = channels.includes("strokeDash") ? { symbolType: "stroke" } : {};
  const legend = { columns: legendColumns(series, width), ...symbols };
  const ranges = { color: palette, shape: shapes, strokeDash: dashesIn(medium) };
  const encode = (channel: keyof typeof ranges) => ({
    field: "series",
    type: "nominal",
    title: null,
    scale: { domain: series, range: ranges[channel].slice(0, series.length) },
    legend,
  });
  return Object.fromEntries(channels.map((channel) => [channel, encode(channel)]));
}

/** Points that the axis of values takes at the left of a picture, where no legend is. */
const axisWidth = 50;

/** As many columns as fit beside each other above the plot. */
export function legendColumns(labels: readonly string[], width: number): number {
  const entries = labels.map((label) => textWidth(label, 8, false) + 24);
  for (let columns = labels.length; columns > 1; columns--) {
    const widths = Array.from({ length: columns }, (_, c) => Math.max(...entries.filter((_, i) => i % columns === c)));
    if (widths.reduce((sum, w) => sum + w, 0) <= width - axisWidth) return columns;
  }
  return 1;
}

/** A categorical axis whose labels are neither cut nor laid over each other: on one line, on several, or slanted. */
export interface CategoryAxis {
  /** A category's name as the data must hold it. */
  readonly name: (category: string) => string;
  readonly domain: readonly string[];
  readonly axis: VegaLiteSpec;
}

/** @param bandWidth room for one label, in points */
export function categoryAxis(categories: readonly string[], bandWidth: number, medium: Medium): CategoryAxis {
  const wrapped = new Map(categories.map((category) => [category, wrap(category, bandWidth)]));
  const fits = [...wrapped.values()].every((lines) => lines.every((line) => textWidth(line, 8, false) <= bandWidth));
  const u = unitOf(medium);
  const name = (category: string) => (fits ? (wrapped.get(category) ?? [category]).join("\n") : category);
  return {
    name,
    domain: categories.map(name),
    axis: fits
      ? { labelExpr: "split(datum.label, '\\n')", labelLimit: 0 }
      : { labelAngle: -35, labelAlign: "right", labelBaseline: "middle", labelLimit: 110 * u },
  };
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = lines.length === 0 ? word : `${lines[lines.length - 1]} ${word}`;
    if (lines.length === 0 || textWidth(longer, 8, false) > width) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

/**
 * The title of an upright axis, on several lines where a picture of that height would cut it.
 *
 * @param height in points
 */
export function uprightTitle(title: string, height: number): string | string[] {
  const text = visibleText(title);
  return textWidth(text, 8, false) <= height ? text : wrap(text, 0.75 * height);
}

/** The scale of an axis of numbers that need not show 0. */
export function valueScale(kind: "linear" | "log" | undefined): VegaLiteSpec {
  return kind === "log" ? { type: "log" } : { zero: false, nice: true };
}

/** Powers of ten on a logarithmic axis, spelt so that 1,000 and 0.001 read as themselves. */
export function valueAxis(kind: "linear" | "log" | undefined): VegaLiteSpec {
  return kind === "log"
    ? {
        values: Array.from({ length: 31 }, (_, i) => Number(`1e${i - 15}`)),
        format: "~r",
        labelExpr: "abs(log(datum.value) / LN10) > 5 ? format(datum.value, '~e') : format(datum.value, ',~r')",
      }
    : { tickCount: 5 };
}
