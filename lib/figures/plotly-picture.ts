import { InvalidArgumentError, visibleText } from "../core";
import type { Figure } from "./figure";
import { barChart } from "./grouped-chart";
import { lineChart } from "./line-chart";
import type { PlotlyTrace } from "./plotly-trace";
import { scatterChart } from "./scatter-chart";
import { spaceChart } from "./space-chart";

type Layout = Readonly<Record<string, unknown>>;

/**
 * The static picture of a plotly figure, from the same data: bars, lines, a cloud of points, or a cloud in space seen
 * from plotly's usual corner.
 *
 * @throws InvalidArgumentError for traces of another type, or of several
 */
export function plotlyPicture(traces: readonly PlotlyTrace[], layout: Layout, caption: string): Figure {
  const options = {
    caption,
    width: "column" as const,
    xTitle: axisTitle(layout, "xaxis"),
    yTitle: axisTitle(layout, "yaxis"),
  };
  const kinds = new Set(traces.map((trace) => trace.type ?? "scatter"));
  const kind = kinds.size === 1 ? [...kinds][0] : "mixed";
  if (kind === "bar") {
    const values = traces.flatMap((trace, t) =>
      pointsOf(trace, t).map(({ series, x, y }) => ({ group: String(x), series, value: y })),
    );
    return barChart(values, { caption, valueTitle: options.yTitle, groupTitle: options.xTitle });
  }
  const numeric = traces.flatMap((trace, t) => pointsOf(trace, t)).map((point) => ({ ...point, x: Number(point.x) }));
  if (kind === "scatter3d") {
    const scene = (layout["scene"] ?? {}) as Layout;
    const titles = (["xaxis", "yaxis", "zaxis"] as const).map((axis) => axisTitle(scene, axis));
    return spaceChart(numeric, { caption, titles: [titles[0], titles[1], titles[2]], height: 2.8 });
  }
  if (kind === "scatter")
    return traces.some((trace) => (trace.mode ?? "lines").includes("lines"))
      ? lineChart(numeric, options)
      : scatterChart(numeric, options);
  throw new InvalidArgumentError(
    `no static picture can be drawn for plotly traces of type ${[...kinds].join(" and ")}`,
    {
      remedy: "give one: { picture: … }, such as a lineChart of the same data",
    },
  );
}

interface Point {
  readonly series: string;
  readonly x: number | string;
  readonly y: number;
  readonly z: number;
}

function pointsOf(trace: PlotlyTrace, number: number): Point[] {
  const { x = [], y = [], z = [] } = trace;
  const series = visibleText(trace.name ?? `series ${number + 1}`);
  return Array.from(x, (value, i) => ({ series, x: value, y: Number(y[i]), z: Number(z[i] ?? 0) }));
}

/** Plotly takes a title as text or as an object with a text. */
function axisTitle(layout: Layout, axis: string): string {
  const title = ((layout[axis] ?? {}) as Layout)["title"];
  const text = typeof title === "object" && title !== null ? (title as Layout)["text"] : title;
  return typeof text === "string" ? visibleText(text) : axis[0];
}
