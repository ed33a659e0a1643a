import { visibleText } from "../core";
import { Figure, type FigureOptions, heightInPoints } from "./figure";
import { requirePlaces, valueScale } from "./scales";
import { seriesEncoding, seriesNames, shownName } from "./series";
import { levelTitle, uprightTitle, type VegaLiteSpec } from "./spec";
import { type Medium, unitOf, widthInPoints } from "./theme";

/** One point of a cloud. */
export interface ScatterPoint {
  readonly series: string;
  readonly x: number;
  readonly y: number;
}

export interface ScatterChartOptions extends FigureOptions {
  readonly xTitle: string;
  readonly yTitle: string;
  /** From 0 (unseen) to 1. Default: 0.7. */
  readonly opacity?: number;
  /** What the line on which x = y stands for. Default: no line. */
  readonly diagonal?: string;
}

/**
 * A cloud of points, each series with its own colour and shape.
 *
 * @example
 * const [before, after] = [model, unlearned].map((one) => one.score(test.user, test.item));
 * scatterChart(
 *   Array.from(before, (x, row) => ({ series: "test", x, y: after[row] })),
 *   { xTitle: "score before", yTitle: "after", diagonal: "unchanged", caption: "Scores of test rows." },
 * );
 */
export function scatterChart(points: readonly ScatterPoint[], options: ScatterChartOptions): Figure {
  const series = seriesNames(points);
  requirePlaces(points.map(({ x }) => x), "linear", options.xTitle); // prettier-ignore
  requirePlaces(points.map(({ y }) => y), "linear", options.yTitle); // prettier-ignore
  const width = widthInPoints(options.width ?? "column");
  const data = points.map(({ series: name, x, y }) => ({ series: shownName(name), x, y }));
  const body = (medium: Medium): VegaLiteSpec => {
    const u = unitOf(medium);
    const axis = (field: "x" | "y", title: string | string[]) => {
      const { scale, axis } = valueScale("linear", points.map((point) => point[field]), medium); // prettier-ignore
      return { field, type: "quantitative", title, scale, axis: { ...axis, grid: true } };
    };
    const cloud = {
      mark: { type: "point", size: 14 * u * u, opacity: options.opacity ?? 0.7 },
      encoding: {
        x: axis("x", levelTitle(options.xTitle, width - 40)),
        y: axis("y", uprightTitle(options.yTitle, heightInPoints(options))),
        ...seriesEncoding(series, ["color", "shape"], width, medium),
      },
    };
    return options.diagonal === undefined ? cloud : { layer: diagonalLayers(points, options.diagonal, u, cloud) };
  };
  return new Figure(data, options, body);
}

/** A cloud over the line x = y, which reaches as far as there are points, its name at its upper end on a white rim. */
function diagonalLayers(points: readonly ScatterPoint[], name: string, u: number, cloud: VegaLiteSpec): VegaLiteSpec[] {
  const low = points.reduce((least, { x, y }) => Math.min(least, Math.max(x, y)), Infinity);
  const high = points.reduce((most, { x, y }) => Math.max(most, Math.min(x, y)), -Infinity);
  const ends = [Math.min(low, high), Math.max(low, high)].map((at) => ({ at }));
  const encoding = { x: { field: "at", type: "quantitative" }, y: { field: "at", type: "quantitative" } };
  const line = { type: "line", color: "#777777", strokeWidth: 0.8 * u, strokeDash: [3 * u, 2 * u] };
  const label = { type: "text", align: "right", baseline: "bottom", dx: -6 * u, text: visibleText(name) };
  const top = { values: ends.slice(1) };
  return [
    { data: { values: ends }, mark: line, encoding },
    cloud,
    { data: top, mark: { ...label, stroke: "white", strokeWidth: 3 * u, strokeJoin: "round" }, encoding },
    { data: top, mark: label, encoding },
  ];
}
