import { visibleText } from "../../core";
import type { Datum } from "../spec";
import type { PlotlyAxis } from "./axis";
import { markColours } from "./colours";
import { type DrawnTrace, asDrawn } from "./mark";
import { errorLayers, placedPoints, type PlacedPoint } from "./scatter";
import { at, isColour, isList, lengthOf, NotDrawnError, type Part, within } from "./values";

/** One bar: where it stands, and where it starts and ends. */
interface Bar {
  readonly at: number;
  readonly from: number;
  readonly to: number;
  /** Its place among its trace's values. */
  readonly index: number;
}

/** A trace of bars, before they are placed beside or on top of each other. */
export interface BarTrace {
  readonly trace: Part;
  readonly own: string;
  readonly points: readonly PlacedPoint[];
  /** How wide a bar may be where nothing else says so; of a histogram its bins. */
  readonly step?: number;
}

/** Whether a trace's bars lie: as it says, else where their values alone are given on the other axis. */
export function isLying(trace: Part): boolean {
  if (trace["orientation"] !== undefined) return trace["orientation"] === "h";
  const [counted, other] = trace["type"] === "histogram" ? ["y", "x"] : ["x", "y"];
  return isList(trace[counted]) && !isList(trace[other]);
}

/** The bars of a trace of type bar. */
export function barTrace(trace: Part, own: string, x: PlotlyAxis, y: PlotlyAxis): BarTrace {
  return { trace, own, points: placedPoints(trace, x, y) };
}

/**
 * Draws bars grouped, stacked or over each other, as plotly places them.
 *
 * @throws NotDrawnError where upright and lying bars share axes, or a bar's value axis is logarithmic
 */
export function drawBars(
  all: readonly BarTrace[],
  layout: Part,
  x: PlotlyAxis,
  y: PlotlyAxis,
  lying: boolean,
): DrawnTrace[] {
  const [along, value] = lying ? ([y, x] as const) : ([x, y] as const);
  if (value.kind !== "linear") throw new NotDrawnError(`bars along an axis of type ${value.kind}`);
  if (along.kind === "log") throw new NotDrawnError("bars that stand on a logarithmic axis");
  const placed = all.map(({ trace, points }) => barsOf(trace, points, along.letter, value.letter));
  const step = all[0].step ?? smallestStep(placed.flat().map((bar) => bar.at), along.kind); // prettier-ignore
  const mode = String(layout["barmode"] ?? "group");
  const gap = lengthOf(layout["bargap"], all.some(({ step: own }) => own !== undefined) ? 0 : 0.2);
  const positions = placed.flatMap((bars) => bars.map((bar) => bar.at));
  const beside = mode === "group" && new Set(positions).size < positions.length ? all.length : 1;
  const room = (step * (1 - gap)) / beside;
  const width = room * (1 - lengthOf(layout["bargroupgap"], 0));
  const stacked = mode === "stack" || mode === "relative" ? stack(placed, mode === "relative") : placed;
  return all.map((one, n) => {
    const centre = beside === 1 ? 0 : ((2 * n + 1 - beside) * room) / 2;
    return drawTrace(one, stacked[n], centre, width, x, y, lying);
  });
}

function barsOf(trace: Part, points: readonly PlacedPoint[], along: "x" | "y", value: "x" | "y"): Bar[] {
  return points.flatMap((point, index) => {
    const [place, size] = [point[along], point[value]];
    if (place === null || size === null) return [];
    const from = lengthOf(at(trace["base"], index), 0);
    return [{ at: place, from, to: from + size, index }];
  });
}

/** The least distance between two places; of one place alone, plotly's. */
function smallestStep(places: readonly number[], kind: string): number {
  const sorted = [...new Set(places)].sort((a, b) => a - b);
  const steps = sorted.slice(1).map((place, i) => place - sorted[i]);
  return steps.reduce((a, b) => Math.min(a, b), steps.length > 0 ? Infinity : kind === "date" ? 86_400_000 : 1);
}

/** Each bar on the sum of those before it at its place; upwards and downwards apart where that is asked for. */
function stack(placed: readonly (readonly Bar[])[], apart: boolean): Bar[][] {
  const reached = new Map<string, number>();
  return placed.map((bars) =>
    bars.map((bar) => {
      if (bar.from !== 0) throw new NotDrawnError("bars with a base, stacked");
      const key = `${bar.at} ${apart && bar.to < 0}`;
      const from = reached.get(key) ?? 0;
      reached.set(key, from + bar.to);
      return { ...bar, from, to: from + bar.to };
    }),
  );
}

function drawTrace(
  { trace, own, points }: BarTrace,
  bars: readonly Bar[],
  centre: number,
  width: number,
  x: PlotlyAxis,
  y: PlotlyAxis,
  lying: boolean,
): DrawnTrace {
  const [a, v] = lying ? (["y", "x"] as const) : (["x", "y"] as const);
  const marker = within(trace, "marker");
  const colours = markColours(marker, own, points.length);
  const opacity = lengthOf(trace["opacity"], 1);
  const data = bars.map((bar): Datum => {
    const start = bar.at + centre - width / 2;
    const seen = lengthOf(at(marker["opacity"], bar.index), 1) * opacity;
    const color = colours.of(bar.index) ?? own;
    return { [a]: start, [`${a}2`]: start + width, [v]: bar.from, [`${v}2`]: bar.to, color, opacity: seen };
  });
  const tops = bars.map((bar): PlacedPoint => ({ x: null, y: null, [a]: bar.at + centre, [v]: bar.to }));
  const edge = within(marker, "line");
  const stroke = isColour(edge["color"]) ? { stroke: edge["color"] } : {};
  // error bars of a trace are given by place among all of its values
  const byIndex = points.map((_, i) => tops[bars.findIndex((bar) => bar.index === i)] ?? { x: null, y: null });
  const errors = errorLayers(trace, byIndex, x, y, "#444444", opacity);
  const reach = {
    [a]: { values: data.flatMap((datum) => [Number(datum[a]), Number(datum[`${a}2`])]), marks: false, zero: false },
    [v]: { values: [...bars.flatMap(({ from, to }) => [from, to]), ...errors[v]], marks: true, zero: true },
  };
  const ends = { x2: { field: "x2" }, y2: { field: "y2" } };
  const layer = {
    data,
    mark: (px: number) => ({ type: "rect", ...stroke, strokeWidth: lengthOf(edge["width"], 0) * px }),
    encoding: () => ({ ...ends, ...asDrawn("color", "opacity") }),
  };
  return {
    layers: [layer, ...errors.layers],
    x: reach["x"],
    y: reach["y"],
    legend: {
      name: visibleText(typeof trace["name"] === "string" ? trace["name"] : ""),
      ...{ colour: colours.of(0) ?? own, dash: [], shape: "square", filled: true },
    },
    ...(colours.bar && { bar: colours.bar }),
  };
}

/**
 * A histogram as bars: how many values each bin holds.
 *
 * @throws NotDrawnError where plotly would choose the bins
 */
export function histogramTrace(trace: Part, own: string, axis: PlotlyAxis, lying: boolean): BarTrace {
  const given = trace[axis.letter];
  const places = isList(given) ? Array.from(given, axis.place).filter((place) => place !== null) : [];
  const norm = String(trace["histnorm"] ?? "");
  const { start, step, count } = binsOf(trace, axis);
  const counts = new Float64Array(count);
  for (const place of places) {
    const bin = Math.floor((place - start) / step + 1e-9);
    if (bin >= 0 && bin < count) counts[bin]++;
  }
  const total = counts.reduce((sum, value) => sum + value, 0);
  const per = (norm === "percent" ? 100 : 1) / (/percent|probability/.test(norm) ? total || 1 : 1) / (/density/.test(norm) ? step : 1); // prettier-ignore
  const points = Array.from(counts, (value, k): PlacedPoint => {
    const middle = start + (k + 0.5) * step;
    return lying ? { x: value * per, y: middle } : { x: middle, y: value * per };
  });
  return { trace, own, points, step };
}

function binsOf(trace: Part, axis: PlotlyAxis): { start: number; step: number; count: number } {
  if (axis.kind === "category") return { start: -0.5, step: 1, count: axis.categories.length };
  const { start, end, size } = within(trace, `${axis.letter}bins`);
  if (axis.kind !== "linear" || typeof start !== "number" || typeof end !== "number" || typeof size !== "number")
    throw new NotDrawnError(`a histogram whose bins plotly chooses; give ${axis.letter}bins: { start, end, size }`);
  const count = Math.ceil((end - start) / size - 1e-9);
  if (!(count > 0 && count <= 10_000)) throw new NotDrawnError(`a histogram of ${count} bins`);
  return { start, step: size, count };
}
