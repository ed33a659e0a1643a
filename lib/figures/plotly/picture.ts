import { visibleText } from "../../core";
import { Figure } from "../figure";
import { spaceChart } from "../space-chart";
import type { Datum, VegaLiteSpec } from "../spec";
import { type Medium, palette, unitOf } from "../theme";
import { axisChannel, endsOf, type PlotlyAxis, plotlyAxis, type Reach } from "./axis";
import { barTrace, drawBars, histogramTrace, isLying } from "./bars";
import { boxName, drawBox } from "./box";
import { drawHeatmap } from "./heatmap";
import { colourBarLayer, legendLayer } from "./legend";
import type { DrawnTrace } from "./mark";
import { countOf, drawScatter } from "./scatter";
import { requireDrawable, traceName, typeOf } from "./supported";
import { isColour, isList, lengthOf, NotDrawnError, numberOf, type Part, plainTitle, within } from "./values";

/** Plotly's own size of a figure, in pixels. */
const ownSize = { width: 700, height: 450 } as const;

/**
 * The static picture of a plotly figure, drawn from the same data and with the same positions, without plotly. What
 * cannot be drawn as plotly draws it is refused by name.
 *
 * @throws NotDrawnError that names the trace, its type and the option
 */
export function plotlyPicture(data: readonly Part[], layout: Part, caption: string): Figure {
  requireDrawable(data, layout);
  const traces = data.map((trace, number) => ({ trace, number })).filter(({ trace }) => trace["visible"] !== false);
  if (traces.some(({ trace }) => typeOf(trace) === "scatter3d")) return spacePicture(traces, layout, caption);
  const own = (number: number) => {
    const colours = layout["colorway"];
    const all = isList(colours) && colours.length > 0 ? Array.from(colours) : palette;
    const colour = all[number % all.length];
    return isColour(colour) ? colour : palette[0];
  };
  const lists = (letter: "x" | "y") => traces.map(({ trace, number }) => valuesOn(letter, trace, number));
  const [x, y] = (["x", "y"] as const).map((letter) => plotlyAxis(letter, layout, lists(letter)));
  const drawn = drawTraces(traces, layout, x, y, own);
  const bars = drawn.flatMap(({ bar }) => bar ?? []);
  if (bars.length > 1) throw new NotDrawnError(`${bars.length} scales of colours beside one plot`);
  return figureOf(drawn, traces, layout, x, y, caption);
}

interface Numbered {
  readonly trace: Part;
  readonly number: number;
}

/** What a trace has along an axis, from which the axis' kind and categories come. */
function valuesOn(letter: "x" | "y", trace: Part, number: number): ArrayLike<unknown> {
  const list = trace[letter];
  if (typeOf(trace) === "histogram") return isLying(trace) === (letter === "y") && isList(list) ? list : [];
  if (typeOf(trace) === "box" && letter === "x" && !isList(list)) return [boxName(trace, number)];
  if (!isList(list)) return trace[`${letter}0`] === undefined ? [] : [trace[`${letter}0`]];
  return typeOf(trace) === "heatmap" ? list : Array.from(list).slice(0, countOf(trace));
}

function drawTraces(
  traces: readonly Numbered[],
  layout: Part,
  x: PlotlyAxis,
  y: PlotlyAxis,
  own: (number: number) => string,
): DrawnTrace[] {
  const isBar = ({ trace }: Numbered) => typeOf(trace) === "bar" || typeOf(trace) === "histogram";
  const bars = drawBarTraces(traces.filter(isBar), layout, x, y, own);
  return traces.map((one) => {
    const { trace, number } = one;
    try {
      if (isBar(one)) return bars.shift() as DrawnTrace;
      if (typeOf(trace) === "box") return drawBox(trace, number, x, y, own(number));
      return typeOf(trace) === "heatmap" ? drawHeatmap(trace, x, y) : drawScatter(trace, x, y, own(number));
    } catch (error) {
      throw named(error, trace, number);
    }
  });
}

function drawBarTraces(
  traces: readonly Numbered[],
  layout: Part,
  x: PlotlyAxis,
  y: PlotlyAxis,
  own: (number: number) => string,
): DrawnTrace[] {
  if (traces.length === 0) return [];
  const [{ trace: first, number: n }] = traces;
  const lying = isLying(first);
  try {
    if (traces.some(({ trace }) => isLying(trace) !== lying)) throw new NotDrawnError("upright beside lying bars");
    if (new Set(traces.map(({ trace }) => typeOf(trace))).size > 1) throw new NotDrawnError("histograms beside bars");
    const made = traces.map(({ trace, number }) =>
      typeOf(trace) === "bar"
        ? barTrace(trace, own(number), x, y)
        : histogramTrace(trace, own(number), lying ? y : x, lying),
    );
    if (new Set(made.map(({ step }) => step)).size > 1) throw new NotDrawnError("histograms of different bins");
    return drawBars(made, layout, x, y, lying);
  } catch (error) {
    throw named(error, first, n);
  }
}

/** A refusal that says whose it is. */
function named(error: unknown, trace: Part, number: number): unknown {
  return error instanceof NotDrawnError
    ? new NotDrawnError(`${traceName(trace, number)}: ${error.reason}, which plotly alone draws`)
    : error;
}

function figureOf(
  drawn: readonly DrawnTrace[],
  traces: readonly Numbered[],
  layout: Part,
  x: PlotlyAxis,
  y: PlotlyAxis,
  caption: string,
): Figure {
  const [xEnds, yEnds] = [endsOf(x, reachOf(drawn, "x")), endsOf(y, reachOf(drawn, "y"))];
  const isWithin = ({ x: along, y: up }: Datum) =>
    [[along, xEnds] as const, [up, yEnds] as const].every(
      ([at, { low, high }]) => Number(at) >= low && Number(at) <= high,
    );
  const layers = drawn
    .flatMap((trace) => trace.layers)
    .map((layer) => (layer.isWhole === true ? { ...layer, data: layer.data.filter(isWithin) } : layer))
    .filter(({ data }) => data.length > 0);
  const data = layers.flatMap(({ data }, layer) => data.map((datum): Datum => ({ ...datum, layer })));
  const entries = legendEntries(drawn, traces, layout);
  const bars = drawn.flatMap(({ bar }) => bar ?? []);
  const size = sizeOf(layout);
  const title = plainTitle(layout["title"], "the title")?.split("\n");
  const body = (medium: Medium): VegaLiteSpec => {
    const px = unitOf(medium) / unitOf("screen");
    const place = { x: axisChannel(x, xEnds, size.width, medium), y: axisChannel(y, yEnds, size.height, medium) };
    const nothing = { data: { values: [{}] }, mark: { type: "point", opacity: 0 }, encoding: place };
    const marks = layers.map((layer, n) => ({
      transform: [{ filter: { field: "layer", equal: n } }],
      mark: { clip: layer.isWhole !== true, ...layer.mark(px) },
      encoding: { ...place, ...layer.encoding?.(px) },
    }));
    const explained = [...legendLayer(entries, size.width / unitOf("screen"), px), ...bars.map(colourBarLayer)];
    return {
      ...(title !== undefined && { title: { text: title.length === 1 ? title[0] : title, anchor: "start" } }),
      layer: [...(marks.length === 0 ? [nothing] : marks), ...explained],
      resolve: { scale: { fill: "independent", shape: "independent" } },
    };
  };
  const inches = (pixels: number) => pixels / unitOf("screen") / 72;
  return new Figure(data, { caption, width: inches(size.width), height: inches(size.height) }, body);
}

function reachOf(drawn: readonly DrawnTrace[], letter: "x" | "y"): Reach {
  const all = drawn.map((trace) => trace[letter]);
  return {
    values: all.flatMap(({ values }) => values),
    marks: all.some(({ marks }) => marks),
    zero: all.some(({ zero }) => zero),
  };
}

/** Traces stand in a legend where there are several, or one asks for it. */
function legendEntries(drawn: readonly DrawnTrace[], traces: readonly Numbered[], layout: Part) {
  const asked = traces.some(({ trace }) => trace["showlegend"] === true);
  const shown = layout["showlegend"] ?? (traces.length > 1 || asked);
  if (shown !== true) return [];
  return drawn.flatMap(({ legend }, i) => {
    const { trace, number } = traces[i];
    if (legend === undefined || trace["showlegend"] === false) return [];
    return [{ ...legend, name: legend.name === "" ? `trace ${number}` : legend.name }];
  });
}

function sizeOf(layout: Part): { readonly width: number; readonly height: number } {
  const within = (pixels: number) => Math.min(3000, Math.max(120, pixels));
  return {
    width: within(lengthOf(layout["width"], ownSize.width)),
    height: within(lengthOf(layout["height"], ownSize.height)),
  };
}

/** A cloud of points in space, from plotly's usual corner, without perspective. */
function spacePicture(traces: readonly Numbered[], layout: Part, caption: string): Figure {
  const other = traces.find(({ trace }) => typeOf(trace) !== "scatter3d");
  if (other !== undefined) throw new NotDrawnError(`${traceName(other.trace, other.number)} beside scatter3d`);
  const points = traces.flatMap(({ trace, number }) => {
    const [x, y, z] = ["x", "y", "z"].map((letter) => trace[letter]);
    const color = within(trace, "marker")["color"];
    const isPlain = trace["mode"] === "markers" && isList(x) && isList(y) && isList(z) && color === undefined;
    if (!isPlain) throw new NotDrawnError(`${traceName(trace, number)} is no plain cloud of markers`);
    const series = visibleText(typeof trace["name"] === "string" ? trace["name"] : `trace ${number}`);
    const count = Math.min(x.length, y.length, z.length);
    return Array.from({ length: count }, (_, i) => {
      const [a, b, c] = [x[i], y[i], z[i]];
      const isText = [a, b, c].some((value) => value !== null && typeof value !== "number");
      if (isText) throw new NotDrawnError(`${traceName(trace, number)} has coordinates that are no numbers`);
      return { series, x: numberOf(a), y: numberOf(b), z: numberOf(c) };
    }).filter((point): point is { series: string; x: number; y: number; z: number } =>
      [point.x, point.y, point.z].every((value) => value !== null),
    );
  });
  const scene = within(layout, "scene");
  const titles = ["x", "y", "z"].map((letter) => plainTitle(within(scene, `${letter}axis`)["title"], letter) ?? letter);
  return spaceChart(points, { caption, titles: [titles[0], titles[1], titles[2]], height: 2.8 });
}
