import { visibleText } from "../core";
import { Figure, type FigureOptions } from "./figure";
import { requirePlaces } from "./scales";
import { seriesEncoding, seriesNames, shownName } from "./series";
import type { Datum, VegaLiteSpec } from "./spec";
import { type Medium, unitOf, widthInPoints } from "./theme";

/** One point in space. */
export interface SpacePoint {
  readonly series: string;
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

export interface SpaceChartOptions extends FigureOptions {
  /** The titles of the axes x, y and z. */
  readonly titles: readonly [string, string, string];
}

/** Where the viewer stands, in radians: around the vertical axis, and above the floor. */
const azimuth = Math.PI / 4;
const elevation = Math.PI / 7;

type Corner = readonly [number, number, number];

/**
 * An orthographic projection of the unit cube centred on the origin: right, up, and distance to the back (larger is
 * farther).
 */
export function project([x, y, z]: Corner): { readonly right: number; readonly up: number; readonly back: number } {
  const right = y * Math.cos(azimuth) - x * Math.sin(azimuth);
  const ahead = x * Math.cos(azimuth) + y * Math.sin(azimuth);
  return {
    right,
    up: z * Math.cos(elevation) - ahead * Math.sin(elevation),
    back: -(ahead * Math.cos(elevation) + z * Math.sin(elevation)),
  };
}

/**
 * A cloud of points in a box, seen from a corner; near points are drawn over far ones.
 *
 * @example
 * spaceChart([{ series: "a", x: 1, y: 2, z: 3 }], { titles: ["x", "y", "z"], caption: "One point in space." });
 */
export function spaceChart(points: readonly SpacePoint[], options: SpaceChartOptions): Figure {
  const series = seriesNames(points);
  (["x", "y", "z"] as const).forEach(
    (axis, i) =>
    requirePlaces(points.map((point) => point[axis]), "linear", options.titles[i]), // prettier-ignore
  );
  const width = widthInPoints(options.width ?? "column");
  const ranges = (["x", "y", "z"] as const).map((axis) => rangeOf(points.map((point) => point[axis])));
  const place = (value: number, axis: number) => (value - ranges[axis][0]) / (ranges[axis][1] - ranges[axis][0]) - 0.5;
  const data = points
    .map(({ series: name, x, y, z }) => ({
      series: shownName(name),
      x,
      y,
      z,
      ...project([place(x, 0), place(y, 1), place(z, 2)]),
    }))
    .sort((a, b) => b.back - a.back);
  const labels = axisLabels(ranges, options.titles.map(visibleText));
  const body = (medium: Medium): VegaLiteSpec => {
    const u = unitOf(medium);
    const axis = { type: "quantitative", axis: null, scale: { domain: [-1.02, 1.02], nice: false } };
    const x = { field: "right", ...axis };
    const y = { field: "up", ...axis, scale: { domain: [-0.95, 0.85], nice: false } };
    return {
      layer: [
        {
          data: { values: boxEdges() },
          mark: { type: "rule", color: "#bbbbbb", strokeWidth: 0.6 * u },
          encoding: { x, y, x2: { field: "right2" }, y2: { field: "up2" } },
        },
        {
          data: { values: labels },
          mark: { type: "text", fontSize: 8 * u },
          encoding: { x, y, text: { field: "text" } },
        },
        {
          mark: { type: "point", size: 14 * u * u, opacity: 0.8 },
          encoding: { x, y, ...seriesEncoding(series, ["color", "shape"], width, medium) },
        },
      ],
    };
  };
  return new Figure(data, options, body);
}

function rangeOf(values: readonly number[]): readonly [number, number] {
  const finite = values.filter(Number.isFinite);
  const low = finite.reduce((a, b) => Math.min(a, b), Infinity);
  const high = finite.reduce((a, b) => Math.max(a, b), -Infinity);
  return low < high ? [low, high] : [(finite[0] ?? 0) - 0.5, (finite[0] ?? 0) + 0.5];
}

/** The nine edges of the box behind the points; the three that meet at the nearest corner are left out. */
function boxEdges(): Datum[] {
  const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((n): Corner => [(n & 1) - 0.5, ((n >> 1) & 1) - 0.5, (n >> 2) - 0.5]);
  const pairs = corners.flatMap((from, a) =>
    [1, 2, 4].filter((bit) => (a & bit) === 0).map((bit) => [from, corners[a | bit]]),
  );
  const nearest = 7;
  return pairs
    .filter((pair) => !pair.includes(corners[nearest]))
    .map(([from, to]) => {
      const [a, b] = [project(from), project(to)];
      return { right: a.right, up: a.up, right2: b.right, up2: b.up };
    });
}

/** Each axis' title, and its ends' values, beside the edge of the box that is free of points. */
function axisLabels(ranges: readonly (readonly [number, number])[], titles: readonly string[]): Datum[] {
  const out = 0.62;
  const edges: ((along: number) => Corner)[] = [
    (along) => [along, out, -out],
    (along) => [out, along, -out],
    (along) => [out, -out, along],
  ];
  return edges.flatMap((edge, axis) => {
    const title =
      axis === 2 ? edge(0).map((v, i) => (i === 1 ? v - 0.12 : v)) : edge(0).map((v, i) => (i === 2 ? v - 0.1 : v));
    const at = (corner: Corner, text: string) => ({ ...pick(project(corner)), text });
    const ends = ranges[axis].map((value, end) => at(edge(end - 0.5), shortNumber(value)));
    return [...ends, at(title as unknown as Corner, titles[axis])];
  });
}

function pick({ right, up }: { readonly right: number; readonly up: number }): { right: number; up: number } {
  return { right, up };
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(2))).replace(/-/g, "\u2212");
}
