import { Figure, type FigureOptions } from "./figure";
import { textWidth } from "./fonts";
import { hasInterval, inPanel, requireOnce } from "./grouped-chart";
import { type Reference, referenceBelow } from "./reference";
import { requirePlaces, valueScale } from "./scales";
import { distinct, seriesEncoding, seriesNames, shownName } from "./series";
import { levelTitle, rowAxis, type VegaLiteSpec } from "./spec";
import { type Medium, unitOf, widthInPoints } from "./theme";

/** One value of a row, with the ends of its interval where it has one. */
export interface ForestValue {
  /** What is written at the left, such as a method. */
  readonly row: string;
  readonly series: string;
  readonly value: number;
  readonly low?: number | null;
  readonly high?: number | null;
  /** Of `panels`, the one that it is in. */
  readonly panel?: string;
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
/** Longer names stand on several lines. */
const mostNamePoints = 240;
/** As wide as a mark of the legend. */
const symbol = "mmm";

/**
 * Values with intervals, one row below the other, so that long names stay legible; several series of a row side by
 * side. As wide as its names ask for, unless told.
 *
 * @example
 * forestChart([{ row: "ml-100k", series: "IFRU", value: 0.02, low: 0.01, high: 0.03 }], {
 *   ...{ valueTitle: "AUC, less Retrain's", caption: "How far from Retrain." },
 * });
 */
export function forestChart(values: readonly ForestValue[], options: ForestChartOptions): Figure {
  const series = seriesNames(values);
  requireOnce(values.map(({ row, series, panel }) => [series, inPanel(row, panel)] as const), "such as the mean"); // prettier-ignore
  const drawn = values.flatMap(({ value, low, high }) => [value, low, high]);
  requirePlaces(drawn, options.scale, options.valueTitle);
  const names = distinct(values.map(({ row }) => shownName(row)));
  const labels = Math.min(Math.max(0, ...names.map((row) => textWidth(row, 8, false))), mostNamePoints);
  const { name, domain: rows } = rowAxis(names, mostNamePoints);
  const named = [options.valueTitle, ...(series.length > 1 ? series.map((name) => `${symbol} ${name}`) : [])];
  const beside = Math.max(...named.map((text) => textWidth(text, 8, false)));
  const isNarrow = labels <= mostLabelPoints && labels + beside <= widthInPoints("column");
  const wide = options.width ?? (isNarrow ? "column" : "page");
  const width = widthInPoints(wide);
  const lines = Math.max(1, ...rows.map((row) => row.split("\n").length));
  const rowHeight = Math.max(rowPoints * lines, rowPoints + seriesPoints * (series.length - 1));
  const height = (framePoints + rows.length * rowHeight) / 72;
  const data = values.map(({ row, series, value, low = null, high = null, panel }) => {
    const place = { row: name(shownName(row)), series: shownName(series), ...(panel !== undefined && { panel }) };
    return { ...place, value, low, high };
  });
  const levels = [options.reference?.value, options.reference?.low, options.reference?.high];
  const hasIntervals = hasInterval(data);
  const body = (medium: Medium): VegaLiteSpec => {
    const u = unitOf(medium);
    const { scale, axis: valueTicks } = valueScale(options.scale, [...drawn, ...levels], medium);
    const x = {
      field: "value",
      type: "quantitative",
      title: levelTitle(options.valueTitle, width - labels - 20),
      scale,
      axis: { ...valueTicks, grid: true, labelFlush: false },
    };
    const y = {
      field: "row",
      type: "nominal",
      title: null,
      sort: rows,
      scale: { ...(hasIntervals ? {} : { type: "band" }), domain: rows, paddingInner: 0.2, paddingOuter: 0.2 },
      axis: { ...rowAxis(names, mostNamePoints, medium).axis, ticks: false },
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
