import { visibleText } from "../core";
import type { NamePlace } from "./free-end";
import type { VegaLiteSpec } from "./spec";

/** A level across a chart, such as chance or Retrain's, with the band around it where it has one. */
export interface Reference {
  readonly value: number;
  readonly label: string;
  readonly low?: number;
  readonly high?: number;
}

/** One datum, so that a layer is drawn once and not for every value of the chart. */
const once = { data: { values: [{}] } };

/** What lies under a chart's marks: the band and the dashed line of a reference. @param axis the one its value is on */
export function referenceBelow({ value, low, high }: Reference, u: number, axis: "x" | "y" = "y"): VegaLiteSpec[] {
  const at = (datum: number) => ({ datum, type: "quantitative" });
  const band = {
    ...once,
    mark: { type: "rect", color: "#888888", opacity: 0.18 },
    encoding: { [axis]: at(low ?? value), [`${axis}2`]: { datum: high ?? value } },
  };
  return [
    ...(low === undefined || high === undefined ? [] : [band]),
    { ...once, mark: { type: "rule", strokeDash: [3 * u, 2 * u] }, encoding: { [axis]: at(value) } },
  ];
}

/**
 * What lies over them: its name on a white rim, so that it reads over marks; at an end of a level line, or beside the
 * lower end of an upright one. By default a level's stands above the right end.
 */
export function referenceName(
  { value, label }: Reference,
  u: number,
  axis: "x" | "y" = "y",
  { end, side }: NamePlace = { end: "right", side: "above" },
): VegaLiteSpec[] {
  const encoding = { [axis]: { datum: value, type: "quantitative" } };
  const along = end === "right" ? { align: "right", dx: -2 * u } : { align: "left", dx: 2 * u };
  const place =
    axis === "y"
      ? { ...along, dy: (side === "above" ? -2 : 2) * u, x: end === "right" ? "width" : 0 }
      : { align: "left", dx: 2 * u, dy: -2 * u, y: "height" };
  const baseline = side === "above" ? "bottom" : "top";
  const text = { type: "text", baseline, ...place, text: visibleText(label) };
  return [
    { ...once, mark: { ...text, stroke: "white", strokeWidth: 2.5 * u, strokeJoin: "round" }, encoding },
    { ...once, mark: text, encoding },
  ];
}
