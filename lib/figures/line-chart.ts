import { InvalidArgumentError, visibleText } from "../core";
import { Figure, type FigureOptions } from "./figure";
import { errorBars } from "./grouped-chart";
import { distinct, seriesEncoding, valueAxis, valueScale, type VegaLiteSpec } from "./spec";
import { dashesIn, type Medium, unitOf, widthInPoints } from "./theme";

/** One point of a line. */
export interface LinePoint {
  readonly series: string;
  readonly x: number;
  /** `null` where undefined; then the line has a gap. */
  readonly y: number | null;
  readonly low?: number | null;
  readonly high?: number | null;
}

export interface LineChartOptions extends FigureOptions {
  readonly xTitle: string;
  readonly yTitle: string;
  /** Default: `"linear"`. */
  readonly xScale?: "linear" | "log";
  /** Default: `"linear"`. */
  readonly yScale?: "linear" | "log";
  /** The ends of the axis of values. Default: from the data. */
  readonly yDomain?: readonly [number, number];
  /** Whether points are marked. Default: true for at most 30 points a line. */
  readonly points?: boolean;
}

/**
 * Lines with points and error bars, one per series.
 *
 * @throws InvalidArgumentError for a value that is not positive on a logarithmic scale
 */
export function lineChart(points: readonly LinePoint[], options: LineChartOptions): Figure {
  requirePositive(
    points.map((point) => point.x),
    options.xScale,
    options.xTitle,
  );
  requirePositive(
    points.map((point) => point.y),
    options.yScale,
    options.yTitle,
  );
  const series = distinct(points.map((point) => visibleText(point.series)));
  const width = widthInPoints(options.width ?? "column");
  const marked = options.points ?? points.length <= 30 * series.length;
  const data = points.map(({ series, x, y, low = null, high = null }) => ({ series, x, y, low, high }));
  const body = (medium: Medium): VegaLiteSpec => {
    const x = {
      field: "x",
      type: "quantitative",
      title: options.xTitle,
      scale: valueScale(options.xScale),
      axis: valueAxis(options.xScale),
    };
    const y = {
      field: "y",
      type: "quantitative",
      title: options.yTitle,
      scale: { ...valueScale(options.yScale), ...(options.yDomain && { domain: options.yDomain }) },
      axis: valueAxis(options.yScale),
    };
    const place = { x, y };
    const errors = (colour: VegaLiteSpec) => errorBars(data, { x, ...colour }, unitOf(medium));
    if (!marked) {
      const look = seriesEncoding(series, ["color", "strokeDash"], width, medium);
      return { layer: [{ mark: line, encoding: { ...place, ...look } }, ...errors({ color: look.color })] };
    }
    const look = seriesEncoding(series, ["color", "shape"], width, medium);
    const lines = series.map((name, i) => ({
      transform: [{ filter: { field: "series", equal: name } }],
      mark: { ...line, strokeDash: dashesIn(medium)[i] },
      encoding: { ...place, color: look.color },
    }));
    return { layer: [...lines, ...errors({ color: look.color }), { mark: "point", encoding: { ...place, ...look } }] };
  };
  return new Figure(data, options, body);
}

const line = { type: "line", clip: true };

function requirePositive(values: readonly (number | null)[], scale: "linear" | "log" | undefined, title: string): void {
  const wrong = values.find((value) => value !== null && value <= 0);
  if (scale === "log" && wrong !== undefined)
    throw new InvalidArgumentError(`${wrong} has no place on the logarithmic axis "${title}"`, {
      remedy: "leave the point out or use a linear scale",
    });
}
