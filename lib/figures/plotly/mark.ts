import type { Datum, VegaLiteSpec } from "../spec";
import type { Reach } from "./axis";

/** Marks of a trace that vega-lite draws the same way. */
export interface MarkLayer {
  /** Vega-lite's mark; `px` is one pixel of plotly in the picture's units. */
  mark(px: number): VegaLiteSpec;
  /** Channels beside `x` and `y`, which all layers have. */
  encoding?(px: number): VegaLiteSpec;
  readonly data: readonly Datum[];
  /** Whether marks are whole beyond the ends of the axes, where their places are within them. Default: cut there. */
  readonly isWhole?: boolean;
}

/** How a trace stands in the legend. */
export interface LegendEntry {
  readonly name: string;
  readonly colour: string;
  readonly dash: readonly number[];
  /** Vega's shape, or a path. */
  readonly shape: string;
  readonly filled: boolean;
}

/** A scale of colours beside a plot. */
export interface ColourBar {
  readonly title: string | undefined;
  readonly low: number;
  readonly high: number;
  /** From low to high, at equal distances. */
  readonly colours: readonly string[];
}

/** What a trace comes to. */
export interface DrawnTrace {
  readonly layers: readonly MarkLayer[];
  readonly x: Reach;
  readonly y: Reach;
  readonly legend?: LegendEntry;
  readonly bar?: ColourBar;
}

/** Channels whose values stand in the data as they are drawn. */
export function asDrawn(...channels: string[]): VegaLiteSpec {
  return Object.fromEntries(
    channels.map((channel) => [
      channel,
      { field: channel, type: /opacity/i.test(channel) ? "quantitative" : "nominal", scale: null, legend: null },
    ]),
  );
}

/** The area of a mark by the datum `diameter`, in pixels of plotly. */
export function byDiameter(px: number): VegaLiteSpec {
  const scale = { type: "pow", exponent: 2, domain: [0, 1000], range: [0, 1e6 * px * px] };
  return { size: { field: "diameter", type: "quantitative", scale, legend: null } };
}
