import { visibleText } from "../core";
import { Figure, type FigureOptions } from "./figure";
import { textWidth } from "./fonts";
import { type Reference, referenceBelow } from "./reference";
import { distinct, seriesEncoding, valueAxis, valueScale, type VegaLiteSpec } from "./spec";
import { type Medium, unitOf, widthInPoints } from "./theme";

/** One value of a row, with the ends of its interval where it has one. */
export interface ForestValue {
  /** What is written at the left, such as a method. */
  readonly row: string;
  readonly series: string;
  readonly value: number;
  readonly low?: number | null;
  readonly high?: number | null;
}

export interface ForestChartOptions extends FigureOptions {
  readonly valueTitle: string;
  /** A vertical line with its band, such as Retrain and the noise floor; its name belongs into the axis' title. */
  readonly reference?: Omit<Reference, "label">;
  /** Default: `"linear"`. */
  readonly scale?: "linear" | "log";
}

const rowPoints = 11;
const seriesPoints = 5;
const framePoints = 52;
/** Longer names make a chart as wide as the page, and so do titles and legends that have no room beside the names. */
const mostLabelPoints = 125;
/** As wide as a mark of the legend. */
const symbol = "mmm";

/**
 * Values with intervals, one row below the other, so that long names stay legible; several series of a row side by
 * side. As wide as its names ask for, unless told.
 */
export function forestChart(values: readonly ForestValue[], options: ForestChartOptions): Figure {
  const rows = distinct(values.map(({ row }) => visibleText(row)));
  const series = distinct(values.map((value) => visibleText(value.series)));
  const labels = Math.max(...rows.map((row) => textWidth(row, 8, false)));
  const named = [options.valueTitle, ...(series.length > 1 ? series.map((name) => `${symbol} ${name}`) : [])];
  const beside = Math.max(...named.map((text) => textWidth(visibleText(text), 8, false)));
  const isNarrow = labels <= mostLabelPoints && labels + beside <= widthInPoints("column");
  const wide = options.width ?? (isNarrow ? "column" : "page");
  const width = widthInPoints(wide);
  const height = (framePoints + rows.length * (rowPoints + seriesPoints * (series.length - 1))) / 72;
  const data = values.map(({ row, series, value, low = null, high = null }) => ({ row, series, value, low, high }));
  const hasIntervals = data.some(({ low, high }) => low !== null && high !== null);
  const body = (medium: Medium): VegaLiteSpec => {
    const u = unitOf(medium);
    const x = {
      field: "value",
      type: "quantitative",
      title: options.valueTitle,
      scale: valueScale(options.scale),
      axis: { ...valueAxis(options.scale), grid: true, labelFlush: false },
    };
    const y = {
      field: "row",
      type: "nominal",
      title: null,
      sort: rows,
      scale: { ...(hasIntervals ? {} : { type: "band" }), domain: rows, paddingInner: 0.2, paddingOuter: 0.2 },
      axis: { labelLimit: 0, ticks: false },
    };
    const yOffset = { field: "series", type: "nominal", scale: { domain: series } };
    const place = { y, ...(series.length > 1 && { yOffset }) };
    const look = seriesEncoding(series, ["color", "shape"], width - labels, medium); // the legend is beside the labels
    const interval = { x: { field: "low", type: "quantitative" }, x2: { field: "high" } };
    const rule = {
      transform: [{ filter: "isValid(datum.low) && isValid(datum.high)" }],
      mark: { type: "rule", strokeWidth: 0.9 * u },
      encoding: { ...place, ...interval, color: look.color },
    };
    const reference =
      options.reference === undefined ? [] : referenceBelow({ ...options.reference, label: "" }, u, "x");
    return {
      layer: [
        ...reference,
        ...(hasIntervals ? [rule] : []),
        { mark: { type: "point" }, encoding: { ...place, x, ...look } },
      ],
    };
  };
  return new Figure(data, { height, ...options, width: wide }, body);
}
