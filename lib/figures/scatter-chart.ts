import { visibleText } from "../core";
import { Figure, type FigureOptions } from "./figure";
import { distinct, seriesEncoding, type VegaLiteSpec } from "./spec";
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
}

/** A cloud of points, each series with its own colour and shape. */
export function scatterChart(points: readonly ScatterPoint[], options: ScatterChartOptions): Figure {
  const series = distinct(points.map((point) => visibleText(point.series)));
  const width = widthInPoints(options.width ?? "column");
  const data = points.map(({ series, x, y }) => ({ series, x, y }));
  const body = (medium: Medium): VegaLiteSpec => {
    const u = unitOf(medium);
    const axis = (field: "x" | "y", title: string) => ({
      field,
      type: "quantitative",
      title,
      scale: { zero: false },
      axis: { tickCount: 5, grid: true },
    });
    return {
      mark: { type: "point", size: 14 * u * u, opacity: options.opacity ?? 0.7 },
      encoding: {
        x: axis("x", options.xTitle),
        y: axis("y", options.yTitle),
        ...seriesEncoding(series, ["color", "shape"], width, medium),
      },
    };
  };
  return new Figure(data, options, body);
}
