import {
  methodLabel,
  noiseFloorMethod,
  type OptionColumn,
  type Parts,
  referenceMethod,
  startMethod,
  type ViewSummary,
  type View,
} from "../experiments";
import { type Circumstances, circumstancesOf } from "./circumstances";
import type { Drawing } from "./drawing";
import type { Figure } from "./figure";
import { type PathPoint, pathChart } from "./path-chart";
import { rowLabel } from "./row-label";
import { figureName } from "./summary-figures";

/**
 * What is lost against what is still remembered, `trade-off` or `trade-off_CIRCUMSTANCES`: a point for each row, those
 * of one method that differ in numbers alone (where it may stop) joined in the order of the table. *Original* and
 * *Retrain* are named where they stand; the dashed line is what Original predicts of what it never saw. Methods that
 * not all circumstances have come last, so that colours stay the same. Without views that ask for it (`tradeOff`).
 *
 * @example
 * const { summary, view } = (await experiment("cau-pareto")).result;
 * const figure = tradeOffFigures(summary, view, builtInParts).get("trade-off_amazon-beauty-sasrec");
 */
export function tradeOffFigures(
  summary: ViewSummary,
  view: View,
  parts: Parts,
  { frame, hidden, whole }: Drawing = {},
): ReadonlyMap<string, Figure> {
  const { tradeOff } = view;
  if (tradeOff === undefined) return new Map();
  const all = circumstancesOf(summary, parts, undefined, whole).filter(({ rows }) =>
    rows.some(({ method }) => !isReference(method)),
  );
  const placed = all
    .map((one) => placesOf(one, { ...view, tradeOff }, parts, hidden))
    .filter(({ points }) => points.length > 0);
  const isInAll = ({ series }: PathPoint) => placed.every(({ points }) => points.some((one) => one.series === series));
  const figures = placed.map(({ told, points, landmarks, level }) => {
    const figure = pathChart([...points.filter(isInAll), ...points.filter((point) => !isInAll(point))], {
      ...frame,
      ...(isCrowded(points, frame) ? { height: crowdedInches } : {}),
      caption: [view.title, ...(told === "" ? [] : [told])].join(": "),
      xTitle: parts.metrics[tradeOff.loss].label,
      yTitle: parts.metrics[tradeOff.remembered].label,
      landmarks,
      ...(level === null ? {} : { reference: { value: level, label: "never seen" } }),
    });
    return [figureName("trade-off", told), figure] as const;
  });
  return new Map(figures);
}

/** Inches of a chart of a column whose legend has a line for each series. */
const crowdedInches = 3.4;

function isCrowded(points: readonly PathPoint[], frame: Drawing["frame"]): boolean {
  return (frame?.width ?? Infinity) < 5 && new Set(points.map(({ series }) => series)).size > 4;
}

const isReference = (method: string) => [startMethod, referenceMethod, noiseFloorMethod].includes(method);

/** Where the rows of some circumstances stand. */
function placesOf(
  { told, rows }: Circumstances,
  view: View & Pick<Required<View>, "tradeOff">,
  parts: Parts,
  hidden?: Drawing["hidden"],
) {
  const { tradeOff, columns = [] } = view;
  const isNumber = ({ of, option }: OptionColumn) =>
    rows.some(({ options }) => typeof options[of][option] === "number");
  const worded = { ...view, columns: columns.filter((column) => !isNumber(column)) };
  const placed = rows.flatMap((row) => {
    const { [tradeOff.loss]: lost, [tradeOff.remembered]: remembered } = row.metrics;
    return lost.mean === null || remembered.mean === null ? [] : [{ row, x: lost.mean, y: remembered.mean }];
  });
  return {
    told,
    points: placed
      .filter(({ row }) => !isReference(row.method) && hidden?.has(row) !== true)
      .map(({ row, x, y }): PathPoint => ({ series: rowLabel(row, rows, worded, parts), x, y })),
    landmarks: placed
      .filter(({ row }) => isReference(row.method))
      .map(({ row, x, y }) => ({ label: methodLabel(row, parts), x, y })),
    level: rows.find(({ method }) => method === startMethod)?.metrics[tradeOff.unseen].mean ?? null,
  };
}
