import { divergingChart, type Figure } from "../figures";

/** A notebook of a window 1100 pixels wide, beside its files, has room for it. */
const inches = 5.5;

/** A training row, and what the score would gain without it. */
export interface ExplainedRow {
  readonly row: number;
  readonly user: number;
  readonly item: number;
  readonly label: number;
  readonly change: number;
}

/** What the chart reads of what `explain` of the area `ifru` returns. */
export interface ExplainedScore {
  readonly user: number;
  readonly item: number;
  readonly score: number;
  readonly supporting: { readonly rows: readonly ExplainedRow[] };
  readonly opposing: { readonly rows: readonly ExplainedRow[] };
}

/** How users and items are called, by dense id. */
export interface ExplanationNames {
  readonly titleOf: (item: number) => string;
  /** Default: `user 12`, by the dense id. */
  readonly nameOf?: (user: number) => string;
  /** Default: says whose score of which item it is. */
  readonly caption?: string;
}

/**
 * The rows that speak for a score, and below them those against it: a bar is what the row adds to the score, that is,
 * what forgetting it would take away. ♥ is a label of 1, ✗ one of 0.
 *
 * @param why what `explain` returned; it lists as many rows as its option `top` says
 * @example
 * explanationChart(await explain(model, prepared, { train, user, item }), { titleOf });
 */
export function explanationChart(why: ExplainedScore, names: ExplanationNames): Figure {
  const { titleOf, nameOf = (user: number) => `user ${user}` } = names;
  const rows = [...why.supporting.rows, ...[...why.opposing.rows].reverse()];
  const labels = rows.map((row) => labelOf(row, why, titleOf, nameOf));
  return divergingChart(
    rows.map(({ row, change }, k) => {
      const isTwice = labels.indexOf(labels[k]) !== labels.lastIndexOf(labels[k]);
      return { label: isTwice ? `${labels[k]} (row ${row})` : labels[k], value: -change };
    }),
    {
      valueTitle: "what the rating adds to the score (logit)",
      sides: ["speaks for it", "speaks against it"],
      width: inches,
      caption:
        names.caption ?? `Why ${nameOf(why.user)} is given the score ${why.score.toFixed(2)} for ${titleOf(why.item)}`,
    },
  );
}

/** Of the user's own ratings the item, of others' ratings of the item the person. */
function labelOf(
  { user, item, label }: ExplainedRow,
  why: ExplainedScore,
  titleOf: (item: number) => string,
  nameOf: (user: number) => string,
): string {
  const sign = label > 0 ? "♥" : "✗";
  if (user === why.user) return `${sign} ${titleOf(item)}`;
  return item === why.item ? `${sign} by ${nameOf(user)}` : `${sign} ${titleOf(item)}, by ${nameOf(user)}`;
}
