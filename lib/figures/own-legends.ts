import { distinct, legendLayout, shownName } from "./series";
import type { Datum, VegaLiteSpec } from "./spec";

const channels = ["color", "fill", "stroke", "shape", "strokeDash", "opacity", "size"];

/**
 * A specification of one's own with legends that fit above the plot: every name of its discrete channels is shown, as
 * many beside each other as have room.
 *
 * @param width of the picture, in points
 */
export function fittedLegends(spec: VegaLiteSpec, data: readonly Datum[], width: number): VegaLiteSpec {
  const part = (inner: unknown): unknown => {
    if (Array.isArray(inner)) return inner.map(part);
    if (typeof inner !== "object" || inner === null) return inner;
    return Object.fromEntries(
      Object.entries(inner).map(([key, value]) => {
        const isChannel = channels.includes(key) && typeof value === "object" && value !== null;
        return [key, isChannel ? fitted(value as VegaLiteSpec, data, width) : key === "values" ? value : part(value)];
      }),
    );
  };
  return part(spec) as VegaLiteSpec;
}

function fitted(channel: VegaLiteSpec, data: readonly Datum[], width: number): VegaLiteSpec {
  const { field, type, legend } = channel;
  const isOwn = legend === null || (typeof legend === "object" && "columns" in legend);
  if (typeof field !== "string" || (type !== "nominal" && type !== "ordinal") || isOwn) return channel;
  const names = distinct(data.map((datum) => shownName(String(datum[field] ?? "null")))).sort();
  const { columns } = legendLayout(names, width) as { columns: number };
  return { ...channel, legend: { ...(legend as object | undefined), columns } };
}
