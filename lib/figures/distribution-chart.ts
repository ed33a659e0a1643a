import { InvalidArgumentError, requireNumber } from "../core";
import { Figure, type FigureOptions } from "./figure";
import { seriesEncoding, seriesNames, shownName } from "./series";
import { type Datum, levelTitle, type VegaLiteSpec } from "./spec";
import { type Medium, widthInPoints } from "./theme";

/** The values of one series. */
export interface Sample {
  readonly series: string;
  /** Those that are not finite are left out. */
  readonly values: ArrayLike<number>;
}

export interface DistributionChartOptions extends FigureOptions {
  readonly valueTitle: string;
  /** How many bins of equal width all series share. Default: 40. */
  readonly bins?: number;
  /** The ends of the axis of values; those outside are left out. Default: from the data. */
  readonly domain?: readonly [number, number];
}

/**
 * How values are distributed, one outline per series, each of area 1.
 *
 * @throws InvalidArgumentError when no value is finite
 * @example
 * const losses = (one: Mf) => logLosses(one.score(test.user, test.item), test.label);
 * const samples = [
 *   { series: "original", values: losses(model) },
 *   { series: "Retrain", values: losses(retrained) },
 * ];
 * distributionChart(samples, { valueTitle: "loss (nats)", caption: "Losses of test rows." });
 */
export function distributionChart(samples: readonly Sample[], options: DistributionChartOptions): Figure {
  const series = seriesNames(samples);
  const bins = requireNumber("bins", options.bins ?? 40, { min: 1, max: 10_000, integer: true });
  const [low, high] = options.domain ?? rangeOf(samples);
  const data = samples.flatMap(({ series, values }) =>
    outline(shownName(series), densities(values, low, high, bins), low, (high - low) / bins),
  );
  const width = widthInPoints(options.width ?? "column");
  const body = (medium: Medium): VegaLiteSpec => {
    const x = {
      field: "x",
      type: "quantitative",
      title: levelTitle(options.valueTitle, width - 40),
      scale: { domain: [low, high], nice: false },
      axis: { tickCount: 5 },
    };
    const y = { field: "density", type: "quantitative", title: "density", axis: { tickCount: 4 } };
    const { strokeDash, ...colour } = seriesEncoding(series, ["color", "strokeDash"], width, medium);
    return {
      encoding: { x, ...colour },
      layer: [
        { mark: { type: "area", interpolate: "step-after", line: false }, encoding: { y: { ...y, stack: null } } },
        {
          mark: { type: "line", interpolate: "step-after" },
          encoding: { y, ...(strokeDash !== undefined && { strokeDash }) },
        },
      ],
    };
  };
  return new Figure(data, options, body);
}

function rangeOf(samples: readonly Sample[]): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const { values } of samples)
    for (const value of Array.from(values).filter(Number.isFinite)) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  if (low > high) throw new InvalidArgumentError("no value to show", { remedy: "give at least one finite value" });
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}

/** The share of values per bin over the bin's width, `[bins]`. */
function densities(values: ArrayLike<number>, low: number, high: number, bins: number): Float64Array {
  const counts = new Float64Array(bins);
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    const bin = Math.floor(((values[i] - low) / (high - low)) * bins);
    if (!(values[i] >= low && values[i] <= high)) continue;
    counts[Math.min(bin, bins - 1)]++;
    total++;
  }
  return counts.map((count) => (total === 0 ? 0 : (count * bins) / (total * (high - low))));
}

/** The corners of a stepped outline: each bin's left end with its height, and the right end of the last. */
function outline(series: string, heights: Float64Array, low: number, step: number): Datum[] {
  const corners = Array.from(heights, (density, i) => ({ series, x: low + i * step, density }));
  return [...corners, { series, x: low + heights.length * step, density: heights[heights.length - 1] }];
}
