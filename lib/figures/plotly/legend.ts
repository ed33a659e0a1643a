import { legendLayout } from "../series";
import type { VegaLiteSpec } from "../spec";
import type { ColourBar, LegendEntry } from "./mark";

/** One datum that is not seen: a legend needs marks to explain. */
const unseen = { mark: { type: "point", opacity: 0, size: 0 } };

/** The legend of traces: how each is drawn, and its name. @param width of the picture, in points */
export function legendLayer(entries: readonly LegendEntry[], width: number, px: number): VegaLiteSpec[] {
  if (entries.length === 0) return [];
  const ids = entries.map((_, i) => String(i));
  const pick = (values: readonly unknown[]) => ({ value: { signal: `${JSON.stringify(values)}[datum.index]` } });
  const names = entries.map(({ name }) => name);
  const symbols = {
    fill: pick(entries.map(({ colour, filled, shape }) => (filled && !shape.startsWith("M-1.8,0L1.8,0") || shape.length > 14 ? colour : "transparent"))), // prettier-ignore
    stroke: pick(entries.map(({ colour }) => colour)),
    strokeDash: pick(entries.map(({ dash }) => dash.map((length) => length * px))),
    opacity: { value: 1 },
  };
  const shape = {
    field: "id",
    type: "nominal",
    scale: { domain: ids, range: entries.map((entry) => entry.shape) },
    legend: {
      labelExpr: `${JSON.stringify(names)}[datum.index]`,
      ...legendLayout(names, width),
      encoding: { symbols },
    },
  };
  return [{ ...unseen, data: { values: ids.map((id) => ({ id })) }, encoding: { shape } }];
}

/** The scale of colours of marks. */
export function colourBarLayer(bar: ColourBar): VegaLiteSpec {
  const { low, high, colours, title } = bar;
  const domain = colours.map((_, k) => low + (k * (high - low)) / (colours.length - 1));
  const fill = {
    field: "value",
    type: "quantitative",
    scale: { domain, range: colours },
    legend: { type: "gradient", orient: "right", direction: "vertical", title: title ?? null },
  };
  return { ...unseen, data: { values: [{ value: low }] }, encoding: { fill } };
}
