import { type Choice, methodLabel, type OptionColumn, type Parts, type SummaryRow, type View } from "../experiments";
import { type InPanel, panelsOf } from "./chart-groups";
import type { Drawing } from "./drawing";
import type { Figure } from "./figure";
import { lineChart, type LinePoint } from "./line-chart";
import { isDrawn, type Quantity } from "./quantity";
import { valueOf } from "./row-label";

/** A quantity by the value of an option, a line for each method; methods without the option are level lines. */
export function sweepFigure(
  circumstances: readonly InPanel[],
  column: OptionColumn,
  view: View,
  parts: Parts,
  quantity: Quantity,
  caption: string,
  { frame, hidden }: Drawing,
): Figure | null {
  const rows = circumstances.flatMap((one) => one.rows);
  const placeOf = new Map(circumstances.flatMap((one) => one.rows.map((row) => [row, one])));
  const { option, label = option } = column;
  const percent = column.format !== undefined && "percent" in column.format;
  const placesOf = (row: SummaryRow) =>
    numbersIn(valueOf(row, column)).map((value) => (percent ? Number((100 * value).toPrecision(6)) : value));
  const values = rows.flatMap(placesOf);
  const ends = [Math.min(...values), Math.max(...values)];
  const points = rows.flatMap((row): (LinePoint & { isLevel: boolean })[] => {
    const isShown = isDrawn(row, quantity) && hidden?.has(row) !== true;
    const [found] = isShown ? quantity.of(row, placeOf.get(row)?.rows ?? rows) : [];
    const panel = placeOf.get(row)?.panel;
    if (found === undefined) return [];
    const own = placesOf(row);
    const isLevel = own.length === 0;
    const [low, high] = isLevel ? [null, null] : (found.interval ?? [null, null]);
    return seriesLabels(row, column, view, parts).flatMap((series) =>
      (isLevel ? ends : own).map((x) => ({
        ...{ series, x, y: found.mean, low, high, isLevel },
        ...(panel !== undefined && { panel }),
      })),
    );
  });
  if (points.length === 0) return null;
  points.sort((a, b) => Number(a.isLevel) - Number(b.isLevel));
  const steps = [...new Set(values)].sort((a, b) => a - b);
  const logarithmic = ends[0] > 0 && (ends[1] / ends[0] >= 100 || isGeometric(steps));
  return lineChart(points, {
    height: 2.2,
    ...frame,
    ...panelsOf(points),
    caption,
    xTitle: percent ? `${label}, %` : label,
    yTitle: quantity.title,
    xScale: logarithmic ? "log" : "linear",
    yScale: quantity.scale,
    intervals: "bands",
    ...(logarithmic && !isGeometric(steps) ? {} : { xValues: steps }),
    ...(quantity.reference === undefined ? {} : { references: [quantity.reference] }),
  });
}

/** Whether each value is as many times the one before, as of batch sizes. @param values ascending, positive */
function isGeometric(values: readonly number[]): boolean {
  const ratio = values[1] / values[0];
  return values.length > 3 && values.slice(1).every((value, k) => Math.abs(value / values[k] / ratio - 1) < 1e-9);
}

/**
 * The lines a row is on; else its method, with the value of the swept option where that is a word, such as
 * "calibrated".
 */
function seriesLabels(row: SummaryRow, column: OptionColumn, view: View, parts: Parts): string[] {
  const { lines = [], linesOnly = false } = view;
  const own = valueOf(row, column);
  const is = ({ name, options = {} }: Choice) =>
    row.method === name && Object.entries(options).every(([option, value]) => row.options.method[option] === value);
  const on = lines.filter(({ methods }) => methods.some(is)).map(({ label }) => label);
  if (on.length > 0 || linesOnly) return on;
  const name = methodLabel(row, parts);
  return [column.of === "method" && typeof own === "string" ? `${name}, ${own}` : name];
}

const numbersIn = (value: unknown): number[] => (typeof value === "number" ? [value] : []);
