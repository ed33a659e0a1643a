import { NotFoundError, numberOption, numberOrWordOption, optionList, type OptionsOf, wholeOption } from "../../core";
import { type Interactions, rowCount } from "../../data";
import { dampingOf, type IfruPrepared } from "../prepare";

/** Lambda as `prepare` chose it, or another; the same option of all that explain. */
export const preparedDamping = numberOrWordOption(
  "Lambda, relative to the mean loss. `calibrated`: the one that `prepare` chose on training rows.",
  ["calibrated"],
  "calibrated",
  { above: 0 },
);

/** The options of `explain`. */
export const explainOptions = optionList("explain", {
  top: wholeOption("The most rows that are listed for the score, and against it.", 10, 0),
  damping: preparedDamping,
  tolerance: numberOption("LightGCN: stop when the relative residual is below this.", 1e-3, { above: 0, max: 1 }),
  iterations: wholeOption("LightGCN: the most conjugate-gradient iterations.", 200, 1),
});

/** Options of `explain`; defaults and ranges are in `explainOptions`. */
export interface ExplainOptions extends OptionsOf<typeof explainOptions.fields> {}

/** The score that is asked about. */
export interface ScoreOf {
  /** The rows the model was trained on. */
  readonly train: Interactions;
  /** Dense ids. */
  readonly user: number;
  readonly item: number;
}

/** A training row, and what forgetting it would do to a score. */
export interface ExplainingRow {
  readonly row: number;
  readonly user: number;
  readonly item: number;
  /** As it was trained with, 0 or 1. */
  readonly label: number;
  /** The score (a logit) without the row, less the score now: negative where the row speaks for the score. */
  readonly change: number;
}

/** Rows that pull a score one way. */
export interface ExplanationSide {
  /** The strongest first, at most `top`. */
  readonly rows: readonly ExplainingRow[];
  /** What forgetting all these rows at once would add to the score. */
  readonly together: number;
  /** How many rows pull this way, listed or not. */
  readonly count: number;
}

/** Why a score is what it is. */
export interface Explanation {
  readonly user: number;
  readonly item: number;
  /** The logit now. */
  readonly score: number;
  /** Rows without which the score would be lower. */
  readonly supporting: ExplanationSide;
  /** Rows without which it would be higher. */
  readonly opposing: ExplanationSide;
  /** All rows that were looked at, and the change of each, `[rows]`. */
  readonly rows: Int32Array;
  readonly changes: Float64Array;
  readonly damping: number;
}

/** What a model's own formulas tell of a score. */
export interface RowChanges {
  readonly score: number;
  readonly rows: Int32Array;
  readonly changes: Float64Array;
  /** What forgetting several of these rows at once adds to the score. */
  together(rows: Int32Array): number;
}

/** Sorts the rows into those for and against the score. */
export function explanationOf(
  { train, user, item }: ScoreOf,
  found: RowChanges,
  damping: number,
  top: number,
): Explanation {
  const { score, rows, changes } = found;
  const side = (sign: 1 | -1): ExplanationSide => {
    const places = Array.from(rows.keys()).filter((k) => sign * changes[k] > 0);
    places.sort((a, b) => sign * (changes[b] - changes[a]) || rows[a] - rows[b]);
    const listed = places.slice(0, top).map((k) => rowOf(train, rows[k], changes[k]));
    const together = listed.length === 0 ? 0 : found.together(Int32Array.from(listed, ({ row }) => row));
    return { rows: listed, together, count: places.length };
  };
  return { user, item, score, supporting: side(-1), opposing: side(1), rows, changes, damping };
}

function rowOf({ user, item, label }: Interactions, row: number, change: number): ExplainingRow {
  return { row, user: user[row], item: item[row], label: label[row], change };
}

/** n λ of what was prepared, or of a λ that is given. */
export function ridgeOf(damping: number | "calibrated", prepared: IfruPrepared, train: Interactions) {
  const lambda = dampingOf({ mode: "principled", damping, seed: 0 }, prepared)!;
  return { damping: lambda, ridge: lambda * rowCount(train) };
}

/** @throws NotFoundError for a user or an item that the model does not know */
export function requireKnown(where: string, kind: "user" | "item", id: number, count: number): void {
  if (Number.isInteger(id) && id >= 0 && id < count) return;
  throw new NotFoundError(`there is no ${kind} ${id}`, {
    where,
    remedy: `dense ids go from 0 to ${count - 1}; train.${kind}s.toDense(id) makes one of the dataset's own`,
  });
}

/** @throws NotFoundError for a row that is not there */
export function requireRow(where: string, row: number, train: Interactions): void {
  const count = rowCount(train);
  if (Number.isInteger(row) && row >= 0 && row < count) return;
  throw new NotFoundError(`there is no row ${row}`, { where, remedy: `training rows go from 0 to ${count - 1}` });
}
