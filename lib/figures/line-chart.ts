import { Figure, type FigureOptions, heightInPoints } from "./figure";
import { errorBars, hasInterval, inPanel, requireOnce } from "./grouped-chart";
import { freestPlace } from "./free-end";
import { type Reference, referenceBelow, referenceName } from "./reference";
import { requirePlaces, valueScale } from "./scales";
import { seriesEncoding, seriesNames, shownName, signOf } from "./series";
import { levelTitle, uprightTitle, type VegaLiteSpec } from "./spec";
import { dashesIn, type Medium, unitOf, widthInPoints } from "./theme";

/** One point of a line. */
export interface LinePoint {
  readonly series: string;
  readonly x: number;
  /** `null` where undefined; then the line has a gap. */
  readonly y: number | null;
  readonly low?: number | null;
  readonly high?: number | null;
  /** Of `panels`, the one that it is in. */
  readonly panel?: string;
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
 * @throws InvalidArgumentError for a value that is not positive on a logarithmic scale, and for several values of one
 *   series at one x
 * @example
 * const { history } = await fitMf(train, valid, { epochs: 5 });
 * lineChart(
 *   history.map(({ epoch, loss }) => ({ series: "MF", x: epoch, y: loss })),
 *   { xTitle: "epoch", yTitle: "training loss", caption: "How the loss falls." },
 * );
 */
export function lineChart(points: readonly LinePoint[], options: LineChartOptions): Figure {
  const series = seriesNames(points);
  const xs = points.map((point) => point.x);
  const ys = points.flatMap(({ y, low, high }) => [y, low, high]);
  requirePlaces(xs, options.xScale, options.xTitle);
  requirePlaces(ys, options.yScale, options.yTitle);
  requireOnce(points.map(({ series: name, x, panel }) => [name, inPanel(x, panel)] as const), "such as the mean"); // prettier-ignore
  const width = widthInPoints(options.width ?? "column");
  const marked = options.points ?? points.length <= 30 * series.length;
  const data = points.map(({ series: name, x, y, low = null, high = null, panel }) => {
    return { series: shownName(name), x, y, low, high, ...(panel !== undefined && { panel }) };
  });
  const { references = [] } = options;
  const levels = references.flatMap(({ value, low, high }) => [value, low, high]);
  const shape = {
    ...{ width: width - axisPoints, height: heightInPoints(options) - axisPoints },
    ...{ xScale: options.xScale, yScale: options.yScale, xs: [...xs, ...(options.xValues ?? [])] },
    ys: (options.yDomain ?? [...ys, ...levels]).filter((value) => typeof value === "number"),
  };
  const named = references.map((reference) => ({ reference, place: freestPlace(reference, points, shape) }));
  const body = (medium: Medium): VegaLiteSpec => {
    const xAxis = valueScale(options.xScale, [...xs, ...(options.xValues ?? [])], medium);
    const yAxis = valueScale(options.yScale, [...ys, ...levels], medium, options.yDomain);
    const x = {
      ...{ field: "x", type: "quantitative", title: levelTitle(options.xTitle, width - axisPoints) },
      scale: xAxis.scale,
      axis: { ...xAxis.axis, ...(options.xValues && ticksAt(options.xValues)) },
    };
    const y = {
      ...{ field: "y", type: "quantitative", title: uprightTitle(options.yTitle, heightInPoints(options)) },
      ...yAxis,
    };
    const place = { x, y };
    const u = unitOf(medium);
    const errors = (colour: VegaLiteSpec) =>
      !hasInterval(data)
        ? []
        : options.intervals === "bands"
          ? bands({ x, ...colour })
          : errorBars({ x, ...colour }, u);
    const below = references.flatMap((reference) => referenceBelow(reference, u));
    const names = named.flatMap(({ reference, place: at }) => referenceName(reference, u, "y", at));
    if (!marked) {
      const look = seriesEncoding(series, ["color", "strokeDash"], width, medium);
      const lines = { mark: line, encoding: { ...place, ...look } };
      return { layer: [...below, lines, ...errors({ color: look.color }), ...names] };
    }
    const look = seriesEncoding(series, ["color", "shape"], width, medium);
    const lines = series.map((name, i) => ({
      transform: [{ filter: { field: "series", equal: name } }],
      mark: { ...line, strokeDash: signOf(dashesIn(medium), i) },
      encoding: { ...place, color: look.color },
    }));
    const marks = { mark: "point", encoding: { ...place, ...look } };
    return { layer: [...below, ...errors({ color: look.color }), ...lines, marks, ...names] };
  };
  return new Figure(data, options, body);
}

const line = { type: "line", clip: true };

/** Points beside a plot that its axis takes. */
const axisPoints = 40;

/** Labels at these values, each as it is. */
function ticksAt(values: readonly number[]): VegaLiteSpec {
  return { values, tickCount: values.length, labelExpr: "replace('' + datum.value, '-', '\u2212')" };
}

/** The layer of bands between the ends of intervals, of data that have some. */
function bands(place: VegaLiteSpec): VegaLiteSpec[] {
  return [
    {
      transform: [{ filter: "isValid(datum.low) && isValid(datum.high)" }],
      mark: { type: "area", line: false, opacity: 1, fillOpacity: 0.18 },
      encoding: { ...place, y: { field: "low", type: "quantitative" }, y2: { field: "high" } },
    },
  ];
}
