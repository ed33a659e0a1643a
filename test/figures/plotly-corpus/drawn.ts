import type { PlotlyTrace } from "recsys-unlearning/figures";

type Place = number | string;

/** A plotly figure, and what it must show in the coordinates of its data; the long rounds ask plotly itself. */
export interface DrawnCase {
  readonly name: string;
  readonly data: readonly PlotlyTrace[];
  readonly layout?: Readonly<Record<string, unknown>>;
  /** Every mark of every trace, in order. */
  readonly points?: readonly (readonly [Place, Place])[];
  /** Every unbroken line. */
  readonly lines?: readonly (readonly (readonly [Place, Place])[])[];
  /** Every bar or cell: from x, to x, from y, to y. */
  readonly bars?: readonly (readonly [number, number, number, number])[];
  /** Every error bar: one end, other end. */
  readonly errors?: readonly (readonly [number, number, number, number])[];
  readonly texts?: readonly string[];
  readonly xLabels?: readonly string[];
  readonly yLabels?: readonly string[];
  readonly legend?: readonly string[];
  /** Axes that run the other way. */
  readonly reversed?: readonly ("x" | "y")[];
  readonly log?: readonly ("x" | "y")[];
  /** Places along x as shares of the first to the last. */
  readonly xShares?: readonly number[];
  /** Colours of marks, in order. */
  readonly colours?: readonly string[];
  /** Diameters of marks in pixels, in order. */
  readonly diameters?: readonly number[];
}

const day = 86_400_000;

export const drawnCases: readonly DrawnCase[] = [
  {
    name: "points without lines beside a line",
    data: [
      { mode: "markers", x: [3, 1, 2], y: [1, 2, 3] },
      { mode: "lines", x: [0, 4], y: [0, 4] },
    ],
    points: [[3, 1], [1, 2], [2, 3]], // prettier-ignore
    lines: [[[0, 0], [4, 4]]], // prettier-ignore
    legend: ["trace 0", "trace 1"],
  },
  {
    name: "a few points, by default with lines and marks",
    data: [{ x: [1, 2, 3], y: [2, 1, 2] }],
    points: [[1, 2], [2, 1], [3, 2]], // prettier-ignore
    lines: [[[1, 2], [2, 1], [3, 2]]], // prettier-ignore
    legend: [],
  },
  {
    name: "twenty points, by default without marks",
    data: [{ x: Array.from({ length: 20 }, (_, i) => i), y: Array.from({ length: 20 }, (_, i) => i % 7) }],
    points: [],
    lines: [Array.from({ length: 20 }, (_, i) => [i, i % 7] as const)],
  },
  {
    name: "a gap where a value is null",
    data: [{ x: [1, 2, 3, 4, 5], y: [1, 2, null, 4, 5] }],
    points: [[1, 1], [2, 2], [4, 4], [5, 5]], // prettier-ignore
    lines: [[[1, 1], [2, 2]], [[4, 4], [5, 5]]], // prettier-ignore
  },
  {
    name: "gaps that are connected",
    data: [{ x: [1, 2, 3], y: [1, null, 3], connectgaps: true }],
    points: [[1, 1], [3, 3]], // prettier-ignore
    lines: [[[1, 1], [3, 3]]], // prettier-ignore
  },
  {
    name: "a gap in x and one that is not finite",
    data: [{ mode: "lines", x: [1, null, 3, 4, 5], y: [1, 2, 3, NaN, 1] }],
    lines: [[[1, 1]], [[3, 3]], [[5, 1]]], // prettier-ignore
  },
  {
    name: "dates, by their distance in time",
    data: [{ x: ["2020-01-01", "2020-02-01", "2020-03-01"], y: [4, 5, 6], mode: "markers" }],
    xShares: [0, 31 / 60, 1],
  },
  {
    name: "times of a day",
    data: [{ x: ["2020-01-01 00:00", "2020-01-01 06:00", "2020-01-02 00:00"], y: [1, 2, 3], mode: "markers" }],
    xShares: [0, 0.25, 1],
  },
  {
    name: "values of Date",
    data: [{ x: [0, 1, 4].map((d) => new Date(d * day)), y: [1, 2, 3], mode: "markers" }],
    xShares: [0, 0.25, 1],
  },
  {
    name: "categories in the order of appearance, across traces",
    data: [
      { x: ["b", "a"], y: [4, 5], mode: "markers", name: "one" },
      { x: ["c", "a"], y: [6, 7], mode: "markers", name: "two" },
    ],
    points: [["b", 4], ["a", 5], ["c", 6], ["a", 7]], // prettier-ignore
    xLabels: ["b", "a", "c"],
    legend: ["one", "two"],
  },
  {
    name: "categories in an order that is given, with one that has no value",
    data: [{ x: ["b", "a"], y: [4, 5], mode: "markers" }],
    layout: { xaxis: { categoryarray: ["z", "a", "b"] } },
    points: [["b", 4], ["a", 5]], // prettier-ignore
    xLabels: ["z", "a", "b"],
  },
  {
    name: "numbers that an axis takes as categories",
    data: [{ x: [10, 3, 10], y: [1, 2, 3], mode: "markers" }],
    layout: { xaxis: { type: "category" } },
    points: [["10", 1], ["3", 2], ["10", 3]], // prettier-ignore
    xLabels: ["10", "3"],
  },
  {
    name: "numbers written as text",
    data: [{ x: ["1", "2", "10"], y: ["4", "5", "6"], mode: "markers" }],
    points: [[1, 4], [2, 5], [10, 6]], // prettier-ignore
  },
  { name: "values without x", data: [{ y: [4, 5, 6], mode: "lines" }], lines: [[[0, 4], [1, 5], [2, 6]]] }, // prettier-ignore
  {
    name: "values from a start in steps",
    data: [{ y: [4, 5, 6], x0: 10, dx: 5, mode: "markers" }],
    points: [[10, 4], [15, 5], [20, 6]], // prettier-ignore
  },
  {
    name: "logarithmic axes, and a trace that is not seen",
    data: [
      { x: [1, 10, 100, 1000], y: [1, 10, 100, 1000], mode: "lines" },
      { x: [1, 1000], y: [1000, 1], visible: false },
    ],
    layout: { xaxis: { type: "log" }, yaxis: { type: "log" } },
    lines: [[[1, 1], [10, 10], [100, 100], [1000, 1000]]], // prettier-ignore
    log: ["x", "y"],
    xLabels: ["1", "10", "100", "1,000"],
  },
  {
    name: "a logarithmic axis within one power of ten, and a value that has no place on it",
    data: [{ x: [1, 2, 3], y: [0, 200, 700], mode: "markers" }],
    layout: { yaxis: { type: "log" } },
    points: [[2, 200], [3, 700]], // prettier-ignore
    log: ["y"],
  },
  {
    name: "a range of a logarithmic axis, in powers of ten",
    data: [{ x: [1, 2], y: [1e-6, 1e-2], mode: "markers" }],
    layout: { yaxis: { type: "log", range: [-7, -1] } },
    points: [[1, 1e-6], [2, 1e-2]], // prettier-ignore
    log: ["y"],
    yLabels: ["10⁻⁷", "10⁻⁶", "10⁻⁵", "10⁻⁴", "10⁻³", "10⁻²", "10⁻¹"],
  },
  {
    name: "a range that leaves points out",
    data: [{ x: [1, 2, 3], y: [1, 2, 3], mode: "markers" }],
    layout: { xaxis: { range: [0, 10] }, yaxis: { range: [-5, 5] } },
    points: [[1, 1], [2, 2], [3, 3]], // prettier-ignore
    xLabels: ["0", "2", "4", "6", "8", "10"],
  },
  {
    name: "an axis that runs downwards",
    data: [{ x: [1, 2], y: [1, 2], mode: "markers" }],
    layout: { yaxis: { autorange: "reversed" } },
    points: [[1, 1], [2, 2]], // prettier-ignore
    reversed: ["y"],
  },
  {
    name: "a range from right to left",
    data: [{ x: [1, 2], y: [1, 2], mode: "markers" }],
    layout: { xaxis: { range: [5, 0] } },
    points: [[1, 1], [2, 2]], // prettier-ignore
    reversed: ["x"],
  },
  {
    name: "error bars, even and uneven, one of them missing",
    data: [
      { x: [1, 2], y: [3, 4], mode: "markers", error_y: { array: [1, null] } },
      { x: [3], y: [4], mode: "markers", error_y: { type: "data", symmetric: false, array: [0.5], arrayminus: [2] } },
    ],
    points: [[1, 3], [2, 4], [3, 4]], // prettier-ignore
    errors: [[1, 2, 1, 4], [3, 2, 3, 4.5]], // prettier-ignore
  },
  {
    name: "error bars of a constant and of percent",
    data: [
      {
        x: [10, 20],
        y: [3, 4],
        mode: "markers",
        error_x: { type: "constant", value: 2 },
        error_y: { type: "percent", value: 50 },
      },
    ],
    errors: [[8, 3, 12, 3], [18, 4, 22, 4], [10, 1.5, 10, 4.5], [20, 2, 20, 6]], // prettier-ignore
  },
  {
    name: "colours and sizes of each point",
    data: [
      {
        x: [1, 2, 3],
        y: [1, 2, 3],
        mode: "markers",
        marker: { color: ["red", "#00ff00", "rgb(0,0,255)"], size: [10, 20, 30] },
      },
    ],
    points: [[1, 1], [2, 2], [3, 3]], // prettier-ignore
    colours: ["red", "#00ff00", "rgb(0,0,255)"],
    diameters: [10, 20, 30],
  },
  {
    name: "colours of numbers, by plotly's scale",
    data: [
      {
        x: [1, 2, 3],
        y: [1, 2, 3],
        mode: "markers",
        marker: { color: [0, 5, 10], colorscale: "Viridis", showscale: true },
      },
    ],
    points: [[1, 1], [2, 2], [3, 3]], // prettier-ignore
    colours: ["rgb(68,1,84)", "rgb(33,145,140)", "rgb(253,231,37)"],
  },
  {
    name: "areas of bubbles by a reference",
    data: [{ x: [1, 2], y: [1, 2], mode: "markers", marker: { size: [100, 400], sizemode: "area", sizeref: 0.5 } }],
    points: [[1, 1], [2, 2]], // prettier-ignore
    diameters: [20, 40],
  },
  {
    name: "texts at points",
    data: [{ x: [1, 2], y: [1, 2], mode: "markers+text", text: ["one", "<b>two</b>"], textposition: "top center" }],
    points: [[1, 1], [2, 2]], // prettier-ignore
    texts: ["one", "<b>two</b>"],
  },
  {
    name: "titles with markup, and labels of one's own",
    data: [{ x: [1, 2], y: [1, 2], mode: "markers" }],
    layout: {
      title: { text: "<b>A &amp; B</b>" },
      xaxis: { title: "time", tickvals: [1, 2], ticktext: ["first", "second"] },
      yaxis: { ticksuffix: " %" },
    },
    xLabels: ["first", "second"],
    xShares: [0, 1],
  },
  {
    name: "bars",
    data: [{ type: "bar", x: ["a", "b"], y: [3, -4] }],
    bars: [[-0.4, 0.4, 0, 3], [0.6, 1.4, 0, -4]], // prettier-ignore
    xLabels: ["a", "b"],
  },
  {
    name: "bars in groups, one missing",
    data: [
      { type: "bar", x: ["a", "b"], y: [3, 4], name: "one" },
      { type: "bar", x: ["a", "b"], y: [2, null], name: "two" },
    ],
    bars: [[-0.4, 0, 0, 3], [0.6, 1, 0, 4], [0, 0.4, 0, 2]], // prettier-ignore
    xLabels: ["a", "b"],
    legend: ["one", "two"],
  },
  {
    name: "bars that are stacked, upwards and downwards in one sum",
    data: [
      { type: "bar", x: [1, 2], y: [3, 4] },
      { type: "bar", x: [1, 2], y: [2, -1] },
    ],
    layout: { barmode: "stack" },
    bars: [[0.6, 1.4, 0, 3], [1.6, 2.4, 0, 4], [0.6, 1.4, 3, 5], [1.6, 2.4, 4, 3]], // prettier-ignore
  },
  {
    name: "bars that are stacked, upwards and downwards apart",
    data: [
      { type: "bar", x: [1, 2], y: [3, 4] },
      { type: "bar", x: [1, 2], y: [2, -1] },
    ],
    layout: { barmode: "relative" },
    bars: [[0.6, 1.4, 0, 3], [1.6, 2.4, 0, 4], [0.6, 1.4, 3, 5], [1.6, 2.4, 0, -1]], // prettier-ignore
  },
  {
    name: "bars over each other, narrower",
    data: [
      { type: "bar", x: [0, 10], y: [3, 4] },
      { type: "bar", x: [0, 10], y: [2, 1] },
    ],
    layout: { barmode: "overlay", bargap: 0.5 },
    bars: [[-2.5, 2.5, 0, 3], [7.5, 12.5, 0, 4], [-2.5, 2.5, 0, 2], [7.5, 12.5, 0, 1]], // prettier-ignore
  },
  {
    name: "lying bars, the first category below",
    data: [{ type: "bar", orientation: "h", x: [4, 5, 6], y: ["a", "b", "c"] }],
    bars: [[0, 4, -0.4, 0.4], [0, 5, 0.6, 1.4], [0, 6, 1.6, 2.4]], // prettier-ignore
    yLabels: ["a", "b", "c"],
  },
  {
    name: "bars with a base and error bars",
    data: [{ type: "bar", x: [1, 2], y: [3, 4], base: [1, 0], error_y: { array: [1, 0.5] } }],
    bars: [[0.6, 1.4, 1, 4], [1.6, 2.4, 0, 4]], // prettier-ignore
    errors: [[1, 3, 1, 5], [2, 3.5, 2, 4.5]], // prettier-ignore
  },
  {
    name: "a histogram of given bins",
    data: [{ type: "histogram", x: [1, 1.5, 2, 2.5, 2.9, 9], xbins: { start: 1, end: 4, size: 1 } }],
    bars: [[1, 2, 0, 2], [2, 3, 0, 3]], // prettier-ignore
  },
  {
    name: "a histogram of categories, as shares",
    data: [{ type: "histogram", x: ["a", "b", "a", "a"], histnorm: "probability" }],
    bars: [[-0.5, 0.5, 0, 0.75], [0.5, 1.5, 0, 0.25]], // prettier-ignore
    xLabels: ["a", "b"],
  },
  {
    name: "a heatmap, a cell of it empty",
    data: [{ type: "heatmap", z: [[1, 2], [3, null]], colorscale: "Greys" }], // prettier-ignore
    bars: [[-0.5, 0.5, -0.5, 0.5], [0.5, 1.5, -0.5, 0.5], [-0.5, 0.5, 0.5, 1.5]], // prettier-ignore
  },
  {
    name: "boxes, a value beyond a whisker",
    data: [
      { type: "box", y: [1, 2, 3, 4, 5, 6, 7, 30], name: "scores" },
      { type: "box", y: [4, 5, 6, 7], name: "others" },
    ],
    points: [["scores", 30]],
    bars: [[-0.35, 0.35, 2.5, 6.5], [0.65, 1.35, 4.5, 6.5]], // prettier-ignore
    xLabels: ["scores", "others"],
  },
  {
    name: "steps",
    data: [{ x: [1, 2, 3], y: [1, 3, 2], mode: "lines", line: { shape: "hv" } }],
    lines: [[[1, 1], [2, 3], [3, 2]]], // prettier-ignore
  },
];
