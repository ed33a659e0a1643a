import { InvalidArgumentError, visibleText } from "../core";
import { Figure, type FigureOptions, heightInPoints } from "./figure";
import { errorBars } from "./grouped-chart";
import { type Reference, referenceBelow, referenceName } from "./reference";
import { distinct, seriesEncoding, uprightTitle, valueAxis, valueScale, type VegaLiteSpec } from "./spec";
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
  /** How intervals are drawn. Default: `"bars"`. */
  readonly intervals?: "bars" | "bands";
  /** Levels across the chart. Default: none. */
  readonly references?: readonly Reference[];
  /** Which values the axis of x is labelled at. Default: chosen by vega. */
  readonly xValues?: readonly number[];
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
      scale: {
        ...valueScale(options.xScale),
        ...(isLabelledLog(options) && { nice: false, padding: 6 * unitOf(medium) }),
      },
      axis: {
        ...valueAxis(options.xScale),
        ...(options.xValues && { values: options.xValues, labelExpr: "'' + datum.value" }),
      },
    };
    const y = {
      field: "y",
      type: "quantitative",
      title: uprightTitle(options.yTitle, heightInPoints(options)),
      scale: { ...valueScale(options.yScale), ...(options.yDomain && { domain: options.yDomain }) },
      axis: valueAxis(options.yScale),
    };
    const place = { x, y };
    const u = unitOf(medium);
    const errors = (colour: VegaLiteSpec) =>
      options.intervals === "bands" ? bands(data, { x, ...colour }) : errorBars(data, { x, ...colour }, u);
    const { references = [] } = options;
    const below = references.flatMap((reference) => referenceBelow(reference, u));
    const names = references.flatMap((reference) => referenceName(reference, u));
    if (!marked) {
      const look = seriesEncoding(series, ["color", "strokeDash"], width, medium);
      const lines = { mark: line, encoding: { ...place, ...look } };
      return { layer: [...below, lines, ...errors({ color: look.color }), ...names] };
    }
    const look = seriesEncoding(series, ["color", "shape"], width, medium);
    const lines = series.map((name, i) => ({
      transform: [{ filter: { field: "series", equal: name } }],
      mark: { ...line, strokeDash: dashesIn(medium)[i] },
      encoding: { ...place, color: look.color },
    }));
    const marks = { mark: "point", encoding: { ...place, ...look } };
    return { layer: [...below, ...errors({ color: look.color }), ...lines, marks, ...names] };
  };
  return new Figure(data, options, body);
}

const line = { type: "line", clip: true };

/** Whether a logarithmic axis is labelled at values of its own, which then are its ends. */
const isLabelledLog = ({ xScale, xValues }: LineChartOptions) => xScale === "log" && xValues !== undefined;

/** The layer of bands between the ends of intervals, when any point has them. */
function bands(data: readonly LinePoint[], place: VegaLiteSpec): VegaLiteSpec[] {
  if (!data.some(({ low, high }) => low != null && high != null)) return [];
  return [
    {
      transform: [{ filter: "isValid(datum.low) && isValid(datum.high)" }],
      mark: { type: "area", line: false, opacity: 1, fillOpacity: 0.18 },
      encoding: { ...place, y: { field: "low", type: "quantitative" }, y2: { field: "high" } },
    },
  ];
}

function requirePositive(values: readonly (number | null)[], scale: "linear" | "log" | undefined, title: string): void {
  const wrong = values.find((value) => value !== null && value <= 0);
  if (scale === "log" && wrong !== undefined)
    throw new InvalidArgumentError(`${wrong} has no place on the logarithmic axis "${title}"`, {
      remedy: "leave the point out or use a linear scale",
    });
}
