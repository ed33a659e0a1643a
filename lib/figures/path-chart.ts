import { visibleText } from "../core";
import { Figure, type FigureOptions } from "./figure";
import { type Reference, referenceBelow, referenceName } from "./reference";
import { requirePlaces } from "./scales";
import { seriesEncoding, seriesNames, shownName, signOf } from "./series";
import { levelTitle, uprightTitle, type VegaLiteSpec } from "./spec";
import { dashesIn, type Medium, unitOf, widthInPoints } from "./theme";

/** A place on a series' way. */
export interface PathPoint {
  readonly series: string;
  readonly x: number;
  readonly y: number;
}

export interface PathChartOptions extends FigureOptions {
  readonly xTitle: string;
  readonly yTitle: string;
  /** Places that are named where they are. Default: none. */
  readonly landmarks?: readonly { readonly label: string; readonly x: number; readonly y: number }[];
  /** A level line of y. */
  readonly reference?: Reference;
}

/** More series make a chart as wide as the page, so that their legend leaves room for it. */
const manySeries = 4;

/**
 * Points of a plane, those of a series joined in the order given.
 *
 * @example
 * pathChart([{ series: "CAU", x: 0.9, y: 0.2 }, { series: "CAU", x: 0.6, y: 0.19 }], {
 *   ...{ xTitle: "forgetting", yTitle: "ndcg@10", caption: "Two steps." },
 * });
 */
export function pathChart(points: readonly PathPoint[], options: PathChartOptions): Figure {
  const { xTitle, yTitle, reference } = options;
  const series = seriesNames(points);
  requirePlaces(points.map(({ x }) => x), "linear", xTitle); // prettier-ignore
  requirePlaces(points.map(({ y }) => y), "linear", yTitle); // prettier-ignore
  const wide = options.width ?? (series.length > manySeries ? "page" : "column");
  const width = widthInPoints(wide);
  const data = points.map(({ series: name, x, y }, order) => ({ series: shownName(name), x, y, order }));
  const named = (options.landmarks ?? [])
    .map(({ label, x, y }) => ({ label: visibleText(label), x, y }))
    .sort((a, b) => b.y - a.y);
  const body = (medium: Medium): VegaLiteSpec => {
    const u = unitOf(medium);
    const axis = (field: "x" | "y", title: string | string[]) => ({
      ...{ field, type: "quantitative", title },
      ...{ scale: { zero: false, nice: false, padding: 10 * u }, axis: { tickCount: 5, grid: true } }, // names have room
    });
    const height = 72 * (options.height ?? (wide === "page" ? 3.2 : 2.4));
    const place = { x: axis("x", levelTitle(xTitle, width - 40)), y: axis("y", uprightTitle(yTitle, height)) };
    const look = seriesEncoding(series, ["color", "shape"], width, medium);
    const paths = series.map((name, i) => ({
      transform: [{ filter: { field: "series", equal: name } }],
      mark: { type: "line", strokeDash: signOf(dashesIn(medium), i) },
      encoding: { ...place, order: { field: "order" }, color: look.color },
    }));
    const ring = { type: "point", filled: false, size: 70 * u * u, color: "#222222" };
    const above = { type: "text", align: "left", baseline: "bottom", dx: 4 * u, dy: -3 * u };
    const below = { type: "text", align: "right", baseline: "top", dx: 6 * u, dy: 6 * u };
    const rim = { stroke: "white", strokeWidth: 2.5 * u, strokeJoin: "round" };
    const text = { ...place, text: { field: "label" } };
    const landmarks = named.flatMap((landmark, i) => {
      const data = { values: [landmark] };
      const label = i > 0 && i === named.length - 1 ? below : above; // so that two close to each other can be read
      return [
        { data, mark: ring, encoding: place },
        { data, mark: { ...label, ...rim }, encoding: text },
        { data, mark: label, encoding: text },
      ];
    });
    return {
      layer: [
        ...(reference === undefined ? [] : referenceBelow(reference, u)),
        ...paths,
        ...landmarks,
        { mark: "point", encoding: { ...place, ...look } },
        ...(reference === undefined ? [] : referenceName(reference, u)),
      ],
    };
  };
  return new Figure(data, { height: wide === "page" ? 3.2 : 2.4, ...options, width: wide }, body);
}
