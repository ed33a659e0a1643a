import type { PlotlyTrace } from "recsys-unlearning/figures";

/** A plotly figure that only plotly draws, and what its text must name. */
export interface RefusedCase {
  readonly data: readonly PlotlyTrace[];
  readonly layout?: Readonly<Record<string, unknown>>;
  readonly names: RegExp;
}

const xy = { x: [1, 2], y: [1, 2] };

export const refusedCases: readonly RefusedCase[] = [
  { data: [{ type: "violin", y: [1, 2, 3], name: "ages" }], names: /trace 1 \("ages"\) of type violin/ },
  { data: [xy, { type: "pie", values: [1, 2] }], names: /trace 2 of type pie/ },
  { data: [{ type: "surface", z: [[1, 2], [3, 4]] }], names: /type surface/ }, // prettier-ignore
  { data: [{ type: "contour", z: [[1, 2], [3, 4]] }], names: /type contour/ }, // prettier-ignore
  { data: [{ type: "constructor", ...xy }], names: /type constructor/ },
  { data: [{ ...xy, fill: "tozeroy" }], names: /type scatter has fill "tozeroy"/ },
  { data: [{ ...xy, stackgroup: "one" }], names: /stackgroup "one"/ },
  { data: [{ ...xy, line: { shape: "spline" } }], names: /line\.shape "spline"/ },
  { data: [{ ...xy, marker: { symbol: "star" } }], names: /marker\.symbol "star"/ },
  { data: [{ ...xy, marker: { color: [1, 2], colorscale: "Jet" } }], names: /"Jet"/ },
  { data: [{ ...xy, visible: "legendonly" }], names: /visible "legendonly"/ },
  { data: [xy, { ...xy, yaxis: "y2" }], names: /trace 2 of type scatter has yaxis "y2"/ },
  { data: [xy], layout: { grid: { rows: 1, columns: 2 } }, names: /the layout has grid/ },
  { data: [xy], layout: { annotations: [{ text: "here" }] }, names: /annotations/ },
  { data: [xy], layout: { shapes: [{ type: "line" }] }, names: /shapes/ },
  { data: [xy], layout: { template: { layout: {} } }, names: /template/ },
  { data: [xy], layout: { xaxis: { scaleanchor: "y" } }, names: /xaxis\.scaleanchor/ },
  { data: [xy], layout: { xaxis: { tickformat: ".0%" } }, names: /xaxis\.tickformat/ },
  { data: [xy], layout: { yaxis: { range: [null, 3] } }, names: /y axis has an open or unreadable range/ },
  { data: [xy], layout: { title: "x<sup>2</sup>" }, names: /raised, lowered or mathematical/ },
  { data: [{ x: [["a", "a"], ["b", "c"]] as never, y: [1, 2] }], names: /has x \[\["a"/ }, // prettier-ignore
  { data: [{ x: { bdata: "AQI=", dtype: "i1" } as never, y: [1, 2] }], names: /has x \{"bdata"/ },
  { data: [{ type: "bar", ...xy, text: ["one", "two"] }], names: /type bar has text/ },
  { data: [{ type: "bar", ...xy, width: 0.1 }], names: /type bar has width/ },
  { data: [{ type: "bar", ...xy, marker: { pattern: { shape: "/" } } }], names: /marker\.pattern/ },
  { data: [{ type: "bar", ...xy }], layout: { yaxis: { type: "log" } }, names: /bars along an axis of type log/ },
  { data: [{ type: "histogram", x: [1, 2, 3] }], names: /bins plotly chooses/ },
  { data: [{ ...xy, error_y: { array: [5, 5] } }], layout: { yaxis: { type: "log" } }, names: /error bar reaches/ },
  { data: [{ x: ["20-01-01", "20-01-02"], y: [1, 2] }], names: /years of two digits/ },
  { data: [{ type: "scatter3d", x: [1], y: [2], z: [3] }], names: /scatter3d is no plain cloud/ },
  { data: [{ ...xy, markers: { size: 3 } }], names: /has markers.*did you mean "marker"/ },
];
