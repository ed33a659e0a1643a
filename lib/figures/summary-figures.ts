import {
  type OptionColumn,
  type Parts,
  startMethod,
  type SummaryRow,
  type View,
  type ViewSummary,
} from "../experiments";
import { chartGroups, type InPanel, inPanels, panelsOf } from "./chart-groups";
import { type Circumstances, circumstancesOf, narrowedLabel } from "./circumstances";
import type { Drawing } from "./drawing";
import type { Figure } from "./figure";
import { forestChart } from "./forest-chart";
import { isDrawn, type Quantity, quantityOf } from "./quantity";
import { rowLabel, valueOf } from "./row-label";
import { sweepFigure } from "./sweep-figure";

/**
 * The figures of a view, by name: the metric, and behind a `_` what else tells it. Every metric has one, as its
 * difference from Retrain with the same seed where Retrain has a value of its own, mean and 95 % interval over seeds;
 * the grey band is where 95 % of retrainings with another seed fall (the noise floor). Where the view's first column is
 * a number they are lines over it, else methods below each other. A view of times has the seconds too; one of
 * *Original* alone has its models below each other, if there are several.
 *
 * @example
 * const { summary, view } = (await experiment("cau-main")).result;
 * const figure = summaryFigures(summary, view, builtInParts).get("drop-at-10"); // of the metric "drop@10"
 */
export function summaryFigures(
  summary: ViewSummary,
  view: View,
  parts: Parts,
  drawing: Drawing = {},
): ReadonlyMap<string, Figure> {
  if (summary.rows.every(({ method }) => method === startMethod)) return modelFigures(summary, view, parts, drawing);
  const [first] = view.columns ?? [];
  const isSwept = first?.of !== "data" && summary.rows.some((row) => typeof valueOf(row, first) === "number");
  const swept = isSwept ? first : undefined;
  const { whole = summary.rows } = drawing;
  const forgetting = circumstancesOf(summary, parts, swept, whole).filter(({ rows }) => rows.some(isMethod));
  const ofWhole = circumstancesOf({ ...summary, rows: whole }, parts, swept).filter(({ rows }) => rows.some(isMethod));
  const rowsOf = (some: readonly Circumstances[]) => some.flatMap(({ rows }) => rows);
  const groups = chartGroups(forgetting, swept !== undefined, drawing, {
    labelOf: (some) => narrowedLabel(rowsOf(some), rowsOf(ofWhole), parts),
    wholeCount: ofWhole.length,
  });
  const figures = new Map<string, Figure>();
  for (const name of [...(view.drawn ?? view.metrics), ...(view.timing ? ["seconds"] : [])])
    for (const { label, circumstances } of groups) {
      const isOver = swept !== undefined && placesOf(circumstances, swept) > 1;
      const quantity = quantityOf(name, circumstances, parts);
      const caption = [view.title, quantity.title, ...(label === "" ? [] : [label])].join(": ");
      const placed = inPanels(circumstances, drawing, swept !== undefined);
      const figure = !isOver
        ? rowsFigure(placed, view, parts, quantity, caption, drawing)
        : sweepFigure(placed, swept, view, parts, quantity, caption, drawing);
      if (figure !== null) figures.set(figureName(name.replace("@", "-at-"), label), figure);
    }
  return figures;
}

/** A figure's name where several show the same: of file names' letters. */
export function figureName(what: string, label: string): string {
  return label === ""
    ? what
    : `${what}_${label
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/-$/, "")}`;
}

/** How many places of a sweep some rows are at: others are beside it, and one place has no lines. */
function placesOf(circumstances: readonly InPanel[], swept: OptionColumn): number {
  const values = circumstances.flatMap(({ rows }) => rows.map((row) => valueOf(row, swept)));
  return new Set(values.filter((value) => typeof value === "number")).size;
}

/** Whether a row is not only what others start from. */
const isMethod = ({ method }: SummaryRow) => method !== startMethod;

/** Every metric of models before anything is forgotten, a mark for each dataset. */
function modelFigures(
  { rows }: ViewSummary,
  { title, metrics }: View,
  parts: Parts,
  { frame, whole = rows }: Drawing,
): ReadonlyMap<string, Figure> {
  const part = narrowedLabel(rows, whole, parts);
  if (new Set(rows.map(({ backbone }) => backbone)).size < 2) return new Map();
  const figures = metrics.map((name) => {
    const { label } = parts.metrics[name];
    const values = rows.flatMap(({ dataset, backbone, metrics: { [name]: found } }) => {
      const { mean: value, interval } = found;
      const [row, series] = [parts.backbones[backbone].label, parts.datasets[dataset].label ?? dataset];
      const [low, high] = interval ?? [null, null];
      return value === null ? [] : [{ row, series, value, low, high }];
    });
    return [
      figureName(name.replace("@", "-at-"), part),
      forestChart(values, { ...frame, caption: [title, label, ...(part === "" ? [] : [part])].join(": "), valueTitle: label }), // prettier-ignore
    ] as const;
  });
  return new Map(figures);
}

/** A quantity of every method, one below the other, the circumstances side by side. */
function rowsFigure(
  circumstances: readonly InPanel[],
  view: View,
  parts: Parts,
  quantity: Quantity,
  caption: string,
  { frame, hidden }: Drawing,
): Figure | null {
  const all = circumstances.flatMap(({ rows }) => rows); // they share the names at the side
  const values = circumstances.flatMap(({ label: series, rows, panel }) =>
    rows
      .filter((row) => isDrawn(row, quantity) && hidden?.has(row) !== true)
      .flatMap((row) =>
        quantity.of(row, rows).map(({ mean: value, interval, how }) => {
          const [low, high] = interval ?? [null, null];
          const label = rowLabel(row, all, view, parts);
          const place = { row: how === undefined ? label : `${label}, ${how}`, ...(panel !== undefined && { panel }) };
          return { ...place, series, value, low, high };
        }),
      ),
  );
  if (values.length === 0) return null;
  const { title, scale, reference } = quantity;
  return forestChart(values, {
    ...frame,
    ...panelsOf(values),
    caption,
    valueTitle: title,
    scale,
    ...(reference === undefined ? {} : { reference }),
  });
}
