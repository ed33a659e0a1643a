import type { ScaleKind } from "./scales";

/** Where the name of a level stands: at which end of it, and on which side. */
export interface NamePlace {
  readonly end: "right" | "left";
  readonly side: "above" | "below";
}

/** What is drawn at a place of a line: a mark, with its interval where it has one. */
interface DrawnPoint {
  readonly series: string;
  readonly panel?: string;
  readonly x: number;
  readonly y: number | null;
  readonly low?: number | null;
  readonly high?: number | null;
}

/** In order of preference, where there is as much room. */
const placesOfName: readonly NamePlace[] = [
  { end: "right", side: "above" },
  { end: "left", side: "above" },
  { end: "right", side: "below" },
  { end: "left", side: "below" },
];

/** How a chart of lines lays out its values; sizes in points. */
export interface PlotShape {
  readonly width: number;
  readonly height: number;
  readonly xScale: ScaleKind | undefined;
  readonly yScale: ScaleKind | undefined;
  /** What stands along each axis; the outermost are its ends. */
  readonly xs: readonly number[];
  readonly ys: readonly number[];
}

/** Of a letter of a name, whose type is 8 points: half as wide as high, and some white around the line. */
const [letterPoints, linePoints] = [4.2, 13];

/** How many places of a stretch of line are looked at. */
const steps = 12;

/** The place of a level's name that covers the least of a chart's marks, lines and intervals. */
export function freestPlace(
  { value, label }: { readonly value: number; readonly label: string },
  points: readonly DrawnPoint[],
  shape: PlotShape,
): NamePlace {
  const [along, up] = [fractionOf(shape.xs, shape.xScale), fractionOf(shape.ys, shape.yScale)];
  const [width, height] = [(letterPoints * label.length) / shape.width, linePoints / shape.height];
  const drawn = drawnPlaces(points, along, up);
  const covered = ({ end, side }: NamePlace) => {
    const [left, bottom] = [end === "right" ? 1 - width : 0, side === "above" ? up(value) : up(value) - height];
    const outside = bottom < 0 || bottom + height > 1 ? 1 : 0;
    const marks = drawn.filter(
      ({ x, y }) => x >= left && x <= left + width && y > bottom + 1e-6 && y < bottom + height - 1e-6,
    );
    return marks.length + outside * drawn.length;
  };
  return placesOfName.reduce((best, one) => (covered(one) < covered(best) ? one : best));
}

/** A value's place between the ends of its axis, from 0 to 1. */
function fractionOf(values: readonly number[], kind: ScaleKind | undefined): (value: number) => number {
  const scaled = (value: number) => (kind === "log" ? Math.log(value) : value);
  const [low, high] = [scaled(Math.min(...values)), scaled(Math.max(...values))];
  return (value) => (high === low ? 0.5 : (scaled(value) - low) / (high - low));
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Places along everything that a chart draws: lines between neighbours of a series, and intervals. */
function drawnPlaces(
  points: readonly DrawnPoint[],
  along: (x: number) => number,
  up: (y: number) => number,
): readonly Place[] {
  const lines = new Map<string, Place[]>();
  const places: Place[] = [];
  for (const { series, panel, x, y, low, high } of points) {
    if (y === null) continue;
    const name = JSON.stringify([series, panel]);
    const place = { x: along(x), y: up(y) };
    lines.set(name, [...(lines.get(name) ?? []), place]);
    if (typeof low === "number" && typeof high === "number")
      places.push(...between({ x: place.x, y: up(low) }, { x: place.x, y: up(high) }));
  }
  for (const line of lines.values()) {
    line.sort((a, b) => a.x - b.x);
    line.forEach((place, k) => places.push(...(k === 0 ? [place] : between(line[k - 1], place))));
  }
  return places;
}

function between(a: Place, b: Place): Place[] {
  return Array.from({ length: steps + 1 }, (_, k) => {
    return { x: a.x + (k / steps) * (b.x - a.x), y: a.y + (k / steps) * (b.y - a.y) };
  });
}
