import { visibleText } from "../../core";
import type { Datum } from "../spec";
import type { PlotlyAxis } from "./axis";
import { markColours } from "./colours";
import { errorBarsOf } from "./error-bars";
import { asDrawn, byDiameter, type DrawnTrace, type MarkLayer } from "./mark";
import { symbolShapes } from "./supported";
import { at, isColour, isList, lengthOf, type Part, within } from "./values";

/** A trace of fewer points has marks unless it is told otherwise. */
const fewPoints = 20;

/** Plotly's dashes in pixels, for a line of a width. */
function dashOf(dash: unknown, width: number): number[] {
  const w = Math.max(width, 3);
  const named: Record<string, number[]> = {
    ...{ solid: [], dot: [w, w], dash: [3 * w, 3 * w], longdash: [5 * w, 5 * w] },
    ...{ dashdot: [3 * w, w, w, w], longdashdot: [5 * w, 2 * w, w, 2 * w] },
  };
  if (typeof dash !== "string") return [];
  const own = [...dash.matchAll(/[\d.]+/g)].map(([length]) => Number(length));
  return Object.hasOwn(named, dash) ? named[dash] : own;
}

/** A point of a trace on the axes; a coordinate is `null` in a gap. */
export interface PlacedPoint {
  readonly x: number | null;
  readonly y: number | null;
}

/** How many points a trace has. */
export function countOf({ x, y }: Part): number {
  const lengths = [x, y].flatMap((list) => (isList(list) ? [list.length] : []));
  return lengths.length === 0 ? 0 : Math.min(...lengths);
}

/** Where the points of a trace are; what has no list counts from its start in equal steps. */
export function placedPoints(trace: Part, x: PlotlyAxis, y: PlotlyAxis): PlacedPoint[] {
  const along = (axis: PlotlyAxis) => {
    const list = trace[axis.letter];
    if (isList(list)) return (i: number) => axis.place(list[i]);
    const start = axis.place(trace[`${axis.letter}0`] ?? 0) ?? 0;
    const step = lengthOf(trace[`d${axis.letter}`], 1);
    return (i: number) => (axis.kind === "category" ? i : start + i * step);
  };
  const [xAt, yAt] = [along(x), along(y)];
  return Array.from({ length: countOf(trace) }, (_, i) => ({ x: xAt(i), y: yAt(i) }));
}

/** Draws points, the lines between them, their error bars and texts. @param own the trace's colour */
export function drawScatter(trace: Part, x: PlotlyAxis, y: PlotlyAxis, own: string): DrawnTrace {
  const points = placedPoints(trace, x, y);
  const mode = String(trace["mode"] ?? (points.length < fewPoints ? "lines+markers" : "lines"));
  const [marker, line] = [within(trace, "marker"), within(trace, "line")];
  const has = { lines: mode.includes("lines"), markers: mode.includes("markers"), text: mode.includes("text") };
  const fallback = firstColour(has.lines ? [line["color"], marker["color"]] : [marker["color"], line["color"]]) ?? own;
  const lineColour = isColour(line["color"]) ? line["color"] : fallback;
  const width = lengthOf(line["width"], 2);
  const opacity = lengthOf(trace["opacity"], 1);
  const colours = markColours(marker, isColour(marker["color"]) ? marker["color"] : fallback, points.length);
  const errors = errorLayers(trace, points, x, y, fallback, opacity);
  const layers: MarkLayer[] = [
    ...errors.layers,
    ...(has.lines ? [lineLayer(points, line, lineColour, width, opacity, trace["connectgaps"] === true)] : []),
    ...(has.markers ? [markerLayer(points, marker, colours.of, opacity)] : []),
    ...(has.text ? textLayers(points, trace, opacity) : []),
  ];
  const drawn = points.filter((point) => point.x !== null && point.y !== null);
  const symbol = String(at(marker["symbol"], 0) ?? "circle");
  const shape = shapeOf(symbol);
  return {
    layers,
    x: {
      values: [...drawn.map((point) => point.x as number), ...errors.x],
      marks: has.markers || has.text,
      zero: false,
    },
    y: { values: [...drawn.map((point) => point.y as number), ...errors.y], marks: true, zero: false },
    legend: {
      name: visibleText(typeof trace["name"] === "string" ? trace["name"] : ""),
      colour: has.lines ? lineColour : (colours.of(0) ?? fallback),
      dash: has.lines ? dashOf(line["dash"], width) : [],
      shape: has.lines ? (has.markers ? lineWithMark : lineAlone) : shape,
      filled: !symbol.endsWith("-open"),
    },
    ...(colours.bar === undefined || !has.markers ? {} : { bar: colours.bar }),
  };
}

const lineAlone = "M-1.8,0L1.8,0";
const lineWithMark = "M-1.8,0L1.8,0M-0.7,0A0.7,0.7,0,1,0,0.7,0A0.7,0.7,0,1,0,-0.7,0";

const firstColour = (values: readonly unknown[]) => values.find(isColour);
const shapeOf = (symbol: string) => symbolShapes[symbol.replace(/-open$/, "")];

/** Lines, each unbroken stretch of points for itself. */
function lineLayer(
  points: readonly PlacedPoint[],
  line: Part,
  colour: string,
  width: number,
  opacity: number,
  connects: boolean,
): MarkLayer {
  const steps: Record<string, string> = { hv: "step-after", vh: "step-before", hvh: "step" };
  const data: Datum[] = [];
  let stretch = 0;
  points.forEach(({ x, y }, order) => {
    if (x !== null && y !== null) data.push({ x, y, order, stretch });
    else if (!connects) stretch++;
  });
  return {
    data,
    mark: (px) => ({
      ...{ type: "line", color: colour, strokeWidth: width * px, opacity, strokeJoin: "round" },
      interpolate: steps[String(line["shape"])] ?? "linear",
      strokeDash: dashOf(line["dash"], width).map((length) => length * px),
    }),
    encoding: () => ({
      detail: { field: "stretch", type: "nominal" },
      order: { field: "order", type: "quantitative" },
    }),
  };
}

function markerLayer(
  points: readonly PlacedPoint[],
  marker: Part,
  colour: (i: number) => string | null,
  opacity: number,
): MarkLayer {
  const isBubble = isList(marker["size"]);
  const data = points.flatMap(({ x, y }, i): Datum[] => {
    const color = colour(i);
    const diameter = diameterOf(marker, i);
    if (x === null || y === null || color === null || diameter === 0) return [];
    const symbol = String(at(marker["symbol"], i) ?? "circle");
    const seen = lengthOf(at(marker["opacity"], i), isBubble ? 0.7 : 1) * opacity;
    return [{ x, y, color, shape: shapeOf(symbol), diameter, opacity: seen, ...openness(symbol) }];
  });
  return {
    data,
    mark: (px) => ({ type: "point", filled: true, strokeWidth: px }),
    encoding: (px) => ({ ...asDrawn("color", "shape", "opacity", "fillOpacity", "strokeOpacity"), ...byDiameter(px) }),
  };
}

/** An open mark has an outline, a closed one none of its own. */
function openness(symbol: string): Datum {
  return symbol.endsWith("-open") ? { fillOpacity: 0, strokeOpacity: 1 } : { fillOpacity: 1, strokeOpacity: 0 };
}

/** A mark's diameter in pixels, by plotly's rule for bubbles. */
function diameterOf(marker: Part, i: number): number {
  const { size, sizemode } = marker;
  if (!isList(size)) return lengthOf(size, 6);
  const value = lengthOf(at(size, i), 0) / 2 / lengthOf(marker["sizeref"], 1);
  const radius = sizemode === "area" ? Math.sqrt(Math.max(0, value)) : value;
  return radius > 0 ? 2 * Math.max(radius, lengthOf(marker["sizemin"], 0)) : 0;
}

function textLayers(points: readonly PlacedPoint[], trace: Part, opacity: number): MarkLayer[] {
  const byPosition = new Map<string, Datum[]>();
  points.forEach(({ x, y }, i) => {
    const text = at(trace["text"], i);
    if (x === null || y === null || text === undefined || text === null || text === "") return;
    const position = String(at(trace["textposition"], i) ?? "middle center");
    const shown = visibleText(String(text as string | number));
    byPosition.set(position, [...(byPosition.get(position) ?? []), { x, y, text: shown }]);
  });
  const font = within(trace, "textfont");
  return [...byPosition].map(([position, data]) => {
    const [up, along] = [
      /^top/.test(position) ? -1 : /^bottom/.test(position) ? 1 : 0,
      position.split(" ")[1] ?? "center",
    ];
    const side = along === "left" ? "right" : along === "right" ? "left" : "center";
    return {
      ...{ data, isWhole: true },
      mark: (px) => ({
        ...{ type: "text", align: side, baseline: up < 0 ? "bottom" : up > 0 ? "top" : "middle", opacity },
        ...{ dy: 4 * up * px, dx: (side === "center" ? 0 : side === "left" ? 4 : -4) * px },
        ...(isColour(font["color"]) && { color: font["color"] }),
      }),
      encoding: () => ({ text: { field: "text", type: "nominal" } }),
    };
  });
}

/** Error bars as rules with ends that reach as far as the axis shows. */
export function errorLayers(
  trace: Part,
  points: readonly PlacedPoint[],
  x: PlotlyAxis,
  y: PlotlyAxis,
  colour: string,
  opacity: number,
): { readonly layers: readonly MarkLayer[]; readonly x: readonly number[]; readonly y: readonly number[] } {
  const reached = { x: [] as number[], y: [] as number[] };
  const layers = [x, y].flatMap(({ letter, kind }): MarkLayer[] => {
    const ends = errorBarsOf(trace, letter, kind === "log");
    if (ends === undefined) return [];
    const data = points.flatMap((point, i): Datum[] => {
      const found = point.x === null || point.y === null ? null : ends(point[letter] as number, i);
      if (found === null) return [];
      reached[letter].push(...found);
      return [{ ...point, [letter]: found[0], [`${letter}2`]: found[1] }];
    });
    const own = within(trace, `error_${letter}`)["color"];
    const look = { color: isColour(own) ? own : colour, opacity };
    const two = { [`${letter}2`]: { field: `${letter}2` } };
    return [{ data, mark: (px) => ({ type: "rule", strokeWidth: 2 * px, ...look }), encoding: () => two }];
  });
  return { layers, ...reached };
}
