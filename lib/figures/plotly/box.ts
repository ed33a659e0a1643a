import { visibleText } from "../../core";
import type { Datum } from "../spec";
import type { PlotlyAxis } from "./axis";
import { asDrawn, byDiameter, type DrawnTrace, type MarkLayer } from "./mark";
import { isColour, isList, lengthOf, NotDrawnError, type Part, within } from "./values";

/** The five numbers of a box, and what lies beyond its whiskers. */
interface Box {
  readonly at: number;
  readonly q1: number;
  readonly median: number;
  readonly q3: number;
  readonly low: number;
  readonly high: number;
  readonly outliers: readonly number[];
}

/** A box' share of its place. */
const boxWidth = 0.7;

/**
 * Draws boxes: quartiles (linear between values), whiskers to the last value within 1.5 of the quartiles' distance.
 *
 * @param number of the trace among boxes, which stand at their names where they are given no places
 */
export function drawBox(trace: Part, number: number, x: PlotlyAxis, y: PlotlyAxis, own: string): DrawnTrace {
  if (!isList(trace["y"])) throw new NotDrawnError("lying boxes");
  if (y.kind !== "linear") throw new NotDrawnError(`boxes along an axis of type ${y.kind}`);
  if (x.kind !== "category") throw new NotDrawnError("boxes that stand on numbers or dates");
  const boxes = boxesOf(trace, number, x, y);
  const marker = within(trace, "marker");
  const line = within(trace, "line");
  const colour = [line["color"], marker["color"]].find(isColour) ?? own;
  const opacity = lengthOf(trace["opacity"], 1);
  const half = boxWidth / 2;
  const sides = (box: Box, share = 1) => ({ x: box.at - half * share, x2: box.at + half * share });
  const rule = (data: Datum[]): MarkLayer => ({
    data,
    mark: (px) => ({ type: "rule", color: colour, strokeWidth: lengthOf(line["width"], 2) * px, opacity }),
    encoding: () => ({ x2: { field: "x2" }, y2: { field: "y2" } }),
  });
  const level = (box: Box, at: number, share = 1): Datum => ({ ...sides(box, share), y: at, y2: at });
  const upright = (box: Box, y: number, y2: number): Datum => ({ x: box.at, x2: box.at, y, y2 });
  const layers: MarkLayer[] = [
    {
      data: boxes.map((box): Datum => ({ ...sides(box), y: box.q1, y2: box.q3 })),
      mark: (px) => ({
        ...{ type: "rect", fill: isColour(trace["fillcolor"]) ? trace["fillcolor"] : colour },
        ...{ fillOpacity: isColour(trace["fillcolor"]) ? 1 : 0.5, stroke: colour, strokeWidth: 2 * px, opacity },
      }),
      encoding: () => ({ x2: { field: "x2" }, y2: { field: "y2" } }),
    },
    rule(boxes.flatMap((box) => [level(box, box.median), level(box, box.low, 0.5), level(box, box.high, 0.5)])),
    rule(boxes.flatMap((box) => [upright(box, box.low, box.q1), upright(box, box.q3, box.high)])),
    {
      data: boxes.flatMap((box) =>
        trace["boxpoints"] === false
          ? []
          : box.outliers.map((y): Datum => ({ x: box.at, y, color: colour, diameter: 6, opacity })),
      ),
      mark: () => ({ type: "point", filled: true, strokeWidth: 0 }),
      encoding: (px) => ({ ...asDrawn("color", "opacity"), ...byDiameter(px) }),
    },
  ];
  return {
    layers,
    x: { values: boxes.map(({ at }) => at), marks: false, zero: false },
    y: { values: boxes.flatMap(({ low, high, outliers }) => [low, high, ...outliers]), marks: true, zero: false },
    legend: { name: visibleText(boxName(trace, number)), colour, dash: [], shape: "square", filled: true },
  };
}

/** Where a box stands that is given no places: at its trace's name. */
export function boxName(trace: Part, number: number): string {
  return typeof trace["name"] === "string" ? trace["name"] : `trace ${number}`;
}

function boxesOf(trace: Part, number: number, x: PlotlyAxis, y: PlotlyAxis): Box[] {
  const groups = new Map<number, number[]>();
  const { x: where, y: values } = trace;
  if (!isList(values)) return [];
  Array.from(values, y.place).forEach((value, i) => {
    const place = x.place(isList(where) ? where[i] : boxName(trace, number));
    if (value === null || place === null) return;
    groups.set(place, [...(groups.get(place) ?? []), value]);
  });
  return [...groups].map(([at, group]) => ({ at, ...fiveNumbers(group.sort((a, b) => a - b)) }));
}

function fiveNumbers(sorted: readonly number[]): Omit<Box, "at"> {
  const quantile = (share: number) => {
    const place = Math.min(sorted.length - 1, Math.max(0, share * sorted.length - 0.5));
    const below = sorted[Math.floor(place)];
    return below + (place % 1) * (sorted[Math.ceil(place)] - below);
  };
  const [q1, median, q3] = [quantile(0.25), quantile(0.5), quantile(0.75)];
  const reach = 1.5 * (q3 - q1);
  const inside = sorted.filter((value) => value >= q1 - reach && value <= q3 + reach);
  const low = Math.min(q1, inside[0]);
  const high = Math.max(q3, inside[inside.length - 1]);
  return { q1, median, q3, low, high, outliers: sorted.filter((value) => value < low || value > high) };
}
