import {
  methodLabel,
  noiseFloorMethod,
  type Parts,
  referenceMethod,
  startMethod,
  type Summary,
  type View,
} from "../experiments";
import { type Circumstances, circumstancesOf } from "./circumstances";
import type { Figure } from "./figure";
import { type PathPoint, pathChart } from "./path-chart";
import { figureName, rowLabel } from "./summary-figures";

/**
 * What is lost against what is still remembered, `trade-off` or `trade-off_CIRCUMSTANCES`: a point for each row, those of one method that
 * differ in numbers alone (where it may stop) joined in the order of the table. *Original* and *Retrain* are named where they stand; the
 * dashed line is what Original foretells of what it never saw. Without views that ask for it (`tradeOff`).
 */
export function tradeOffFigures(summary: Summary, view: View, parts: Parts): ReadonlyMap<string, Figure> {
  const all = circumstancesOf(summary, parts).filter(({ rows }) => rows.some(({ method }) => !isReference(method)));
  const figures = all.flatMap((one) => {
    const figure = tradeOffFigure(one, view, parts);
    return figure === null ? [] : [[figureName("trade-off", all.length > 1 ? one.label : ""), figure] as const];
  });
  return new Map(figures);
}

const isReference = (method: string) => [startMethod, referenceMethod, noiseFloorMethod].includes(method);

function tradeOffFigure({ label, rows }: Circumstances, view: View, parts: Parts): Figure | null {
  const { tradeOff, title } = view;
  if (tradeOff === undefined) return null;
  const placed = rows.flatMap((row) => {
    const { [tradeOff.loss]: lost, [tradeOff.remembered]: remembered } = row.metrics;
    return lost.mean === null || remembered.mean === null ? [] : [{ row, x: lost.mean, y: remembered.mean }];
  });
  if (placed.length === 0) return null;
  const level = rows.find(({ method }) => method === startMethod)?.metrics[tradeOff.unseen].mean ?? null;
  const worded = { ...view, columns: (view.columns ?? []).filter(({ of, option }) => !rows.some(({ options }) => typeof options[of][option] === "number")) }; // prettier-ignore
  const points = placed.flatMap(({ row, x, y }): PathPoint[] =>
    isReference(row.method) ? [] : [{ series: rowLabel(row, rows, worded, parts), x, y }],
  );
  const landmarks = placed
    .filter(({ row }) => isReference(row.method))
    .map(({ row, x, y }) => ({ label: methodLabel(row, parts), x, y }));
  return pathChart(points, {
    caption: [title, ...(label === "" ? [] : [label])].join(": "),
    xTitle: parts.metrics[tradeOff.loss].label,
    yTitle: parts.metrics[tradeOff.remembered].label,
    landmarks,
    ...(level === null ? {} : { reference: { value: level, label: "never seen" } }),
  });
}
