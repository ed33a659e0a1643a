import { type Interactions, requireSameIds } from "../data";
import { auc } from "./auc";

/** Which rows a forget set touches. One byte a row, 1 where the row belongs. */
export interface ExposureMasks {
  /** The user or the item occurs in the forget set, `[rows]`. */
  readonly or: Uint8Array;
  /** Both occur, `[rows]`. */
  readonly and: Uint8Array;
}

/**
 * The masks of IFRU's evaluation: rows whose user or item (or both) occurs among the rows to forget.
 *
 * @param rows what is evaluated, such as the test split
 * @param train the training set, under the same ids
 * @param forgetRows row numbers of `train`
 * @throws InvalidArgumentError when `rows` has other ids than `train`
 * @example
 * const masks = exposureMasks(test, train, forgetRows); // which test rows the request concerns
 */
export function exposureMasks(rows: Interactions, train: Interactions, forgetRows: Int32Array): ExposureMasks {
  requireSameIds(train, rows, ["train", "rows"]);
  const forgottenUser = new Uint8Array(train.userCount);
  const forgottenItem = new Uint8Array(train.itemCount);
  for (const row of forgetRows) {
    forgottenUser[train.user[row]] = 1;
    forgottenItem[train.item[row]] = 1;
  }
  const or = new Uint8Array(rows.user.length);
  const and = new Uint8Array(rows.user.length);
  for (let row = 0; row < or.length; row++) {
    const user = forgottenUser[rows.user[row]];
    const item = forgottenItem[rows.item[row]];
    or[row] = user | item;
    and[row] = user & item;
  }
  return { or, and };
}

/** AUC over all rows and over those a forget set touches; `null` where one is undefined. */
export interface AucByExposure {
  readonly all: number | null;
  readonly or: number | null;
  readonly and: number | null;
}

/**
 * The three AUC values of IFRU's tables.
 *
 * @example
 * const masks = exposureMasks(test, train, forgetRows);
 * aucByExposure(model.score(test.user, test.item), test.label, masks);
 */
export function aucByExposure(scores: Float32Array, labels: Float32Array, masks: ExposureMasks): AucByExposure {
  return { all: auc(scores, labels), or: auc(scores, labels, masks.or), and: auc(scores, labels, masks.and) };
}
