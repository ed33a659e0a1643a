import { Random } from "../../../core";
import { type Interactions, retainedRows, selectRows } from "../../../data";
import { ratingMargins } from "../../../audits";
import type { RatingsContext, RatingsModel } from "../types";

/** Most rows of the kinds that are drawn; all forgotten rows are looked at. */
const drawn = 2000;

/** The rows whose margins are looked at. */
export interface LookedAt {
  readonly forgotten: Interactions;
  /** Rows that stay, drawn: what else changed. */
  readonly retained: Interactions;
  readonly test: Interactions;
  /** Of the forgotten rows: what their labels would be if they were not wrong. */
  readonly trueLabel: Float32Array;
}

/** The same rows for every run of a request. */
export function lookedAt({ split, request }: Pick<RatingsContext, "split" | "request">): LookedAt {
  const { train, forgetRows } = request;
  const retained = retainedRows(train, forgetRows);
  const some = (rows: ArrayLike<number>, of: string): Int32Array => {
    const count = Math.min(drawn, rows.length);
    return Random.derive(1, "margins", of)
      .sample(rows.length, count)
      .sort()
      .map((k) => rows[k]);
  };
  return {
    forgotten: selectRows(train, forgetRows),
    retained: selectRows(train, some(retained, "retained")),
    test: selectRows(split.test, some(Int32Array.from(split.test.user.keys()), "test")),
    trueLabel: Float32Array.from(forgetRows, (row) => split.trueLabel[row]),
  };
}

/** Margins of several models by kind of row, `[models][rows]`. */
export type MarginsByKind = Readonly<Record<"forgotten" | "retained" | "test", readonly Float32Array[]>>;

/** The kinds of rows, in the order of files. */
export const kinds = ["forgotten", "retained", "test"] as const;

/** What models believe of these rows. */
export function marginsOf(models: readonly Pick<RatingsModel, "score">[], rows: LookedAt): MarginsByKind {
  const of = ({ user, item, label }: Interactions) =>
    models.map((model) => ratingMargins(model.score(user, item), label));
  return { forgotten: of(rows.forgotten), retained: of(rows.retained), test: of(rows.test) };
}
