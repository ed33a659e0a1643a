import { InvalidArgumentError, visibleText } from "../core";
import { Figure, type FigureOptions } from "./figure";
import { type Reference, referenceBelow, referenceName } from "./reference";
import { categoryAxis, distinct, seriesEncoding, valueAxis, valueScale, type VegaLiteSpec } from "./spec";
import { type Medium, unitOf, widthInPoints } from "./theme";

/** One bar or point: a series' value in a group, with the ends of its error bar where it has one. */
export interface GroupedValue {
  readonly group: string;
  readonly series: string;
  /** `null` where undefined; then nothing is drawn. */
  readonly value: number | null;
  readonly low?: number | null;
  readonly high?: number | null;
}

export interface GroupedChartOptions extends FigureOptions {
  /** The title of the axis of values, with its unit. */
  readonly valueTitle: string;
  /** Default: none; the groups name themselves. */
  readonly groupTitle?: string;
  /** The ends of the axis of values. Default: from the data (bars start at 0). */
  readonly domain?: readonly [number, number];
  /** Points only. Default: `"linear"`. */
  readonly scale?: "linear" | "log";
  /** A line across the chart, such as chance level. */
  readonly reference?: Reference;
}

/**
 * Bars side by side within each group, with error bars. For values whose zero means something; for the others,
 * `dotChart`.
 *
 * @throws InvalidArgumentError for a logarithmic scale, on which a bar has no foot
 */
export function barChart(values: readonly GroupedValue[], options: GroupedChartOptions): Figure {
  if (options.scale === "log")
    throw new InvalidArgumentError("bars have no foot on a logarithmic scale", { remedy: "use dotChart" });
  return groupedChart(values, options, "bar");
}

/** Points side by side within each group, with error bars; the axis need not start at 0. */
export function dotChart(values: readonly GroupedValue[], options: GroupedChartOptions): Figure {
  return groupedChart(values, options, "point");
}

function groupedChart(values: readonly GroupedValue[], options: GroupedChartOptions, mark: "bar" | "point"): Figure {
  const series = distinct(values.map((value) => visibleText(value.series)));
  const groups = distinct(values.map((value) => visibleText(value.group)));
  const width = widthInPoints(options.width ?? "column");
  const bandWidth = (width - 50) / Math.max(1, groups.length) - 4;
  const { name } = categoryAxis(groups, bandWidth, "paper");
  const data = values.map(({ group, series, value, low = null, high = null }) => ({
    group: name(visibleText(group)),
    series,
    value,
    low,
    high,
  }));
  const body = (medium: Medium): VegaLiteSpec => {
    const { domain, axis } = categoryAxis(groups, bandWidth, medium);
    const u = unitOf(medium);
    const x = {
      field: "group",
      type: "nominal",
      title: options.groupTitle ?? null,
      scale: { domain, paddingInner: series.length > 1 ? 0.25 : 0.45, paddingOuter: 0.2 },
      axis: { ...axis, ticks: false },
    };
    const xOffset = {
      field: "series",
      type: "nominal",
      scale: { domain: series, ...(mark === "bar" && { paddingInner: 0.08 }) },
    };
    const y = {
      field: "value",
      type: "quantitative",
      title: options.valueTitle,
      scale: {
        ...(mark === "bar" ? { zero: true } : valueScale(options.scale)),
        ...(options.domain && { domain: options.domain }),
      },
      axis: valueAxis(options.scale),
    };
    const look = seriesEncoding(series, mark === "bar" ? ["color"] : ["color", "shape"], width, medium);
    const place = { x, ...(series.length > 1 && { xOffset }) };
    const marks = { mark: { type: mark, clip: options.domain !== undefined }, encoding: { ...place, y, ...look } };
    const colour = mark === "bar" ? {} : { color: look.color };
    const errors = errorBars(data, { ...place, ...colour }, u);
    const { reference } = options;
    const level = reference === undefined ? [] : referenceBelow(reference, u);
    const name = reference === undefined ? [] : referenceName(reference, u);
    return { layer: mark === "bar" ? [marks, ...errors, ...level, ...name] : [...level, ...name, ...errors, marks] };
  };
  return new Figure(data, options, body);
}

/** The layer of error bars, when any datum has one. */
export function errorBars(
  data: readonly { readonly low?: number | null; readonly high?: number | null }[],
  place: VegaLiteSpec,
  u: number,
): VegaLiteSpec[] {
  if (!data.some(({ low, high }) => low != null && high != null)) return [];
  const bar = { y: { field: "low", type: "quantitative" }, y2: { field: "high" } };
  return [
    {
      transform: [{ filter: "isValid(datum.low) && isValid(datum.high)" }],
      mark: { type: "rule", strokeWidth: 0.8 * u },
      encoding: { ...place, ...bar },
    },
  ];
}
