import { optionList, type OptionsOf, wholeOption } from "../../core";
import type { Interactions } from "../../data";
import { type Mf, type RowUpdate, withRows } from "../../models";
import type { IfruPrepared } from "../prepare";
import { preparedDamping, requireRow, ridgeOf } from "./explanation";
import { NodeBlock, type Side, sidesOf } from "./node-block";
import { type MovedScore, MovedScores } from "./moved-scores";
import { requireMf } from "./require-mf";

/** The options of `effectOf`. */
export const effectOptions = optionList("effectOf", {
  top: wholeOption("The most scores that are listed, of the row's user and of its item.", 10, 0),
  damping: preparedDamping,
});

/** Options of `effectOf`; defaults and ranges are in `effectOptions`. */
export interface EffectOptions extends OptionsOf<typeof effectOptions.fields> {}

/** What a training row did. */
export interface RowEffect {
  readonly row: number;
  readonly user: number;
  readonly item: number;
  readonly label: number;
  /** Its own score's change without it. */
  readonly change: number;
  /** The items whose score for the row's user it moves most, strongest first. */
  readonly forUser: readonly MovedScore[];
  /** The users for whom the row's item moves most, strongest first. */
  readonly forItem: readonly MovedScore[];
  readonly damping: number;
}

/**
 * What did this rating do? The reverse of `explain`: forgetting one row moves the vectors of its user and its item, as
 * `ifru.unlearn` would, and with them all scores of either. Nobody else's scores of other items change. For matrix
 * factorisation; for a LightGCN there is `effectOfLightGcn`.
 *
 * @param prepared what `ifru.prepare` returned for the model, in principled mode
 * @param of the training rows, and the number of one of them
 * @throws NotFoundError for a row that is not there
 * @throws InvalidArgumentError for what was prepared of another model or other rows, or a model of another kind
 * @throws InvalidOptionError for unknown options, or when no lambda was prepared or given
 * @throws NumericalError when the system cannot be solved
 * @example
 * const effect = effectOf(model, prepared, { train, row: 12 });
 * effect.forUser[0].rankWithout; // where the item it moves most would stand without the rating
 */
export function effectOf(
  model: Mf,
  prepared: IfruPrepared,
  { train, row }: { readonly train: Interactions; readonly row: number },
  options?: Partial<EffectOptions>,
): RowEffect {
  const { top, damping: asked } = effectOptions.resolve(options);
  requireMf("effectOf", model, "for a LightGCN there is effectOfLightGcn");
  prepared.origin.require("effectOf", train, model);
  requireRow("effectOf", row, train);
  const { damping, ridge } = ridgeOf(asked, prepared, train);
  const after = withoutRow(model, prepared, train, row, ridge);
  return {
    row,
    label: train.label[row],
    damping,
    ...new MovedScores(model, after).of(train.user[row], train.item[row], top),
  };
}

/** The model as IFRU leaves it after forgetting one row. */
function withoutRow(model: Mf, { index }: IfruPrepared, train: Interactions, row: number, ridge: number): Mf {
  const sides = sidesOf(model, train, index);
  const updateOf = (parameter: string, side: Side, id: number): RowUpdate => {
    const block = new NodeBlock(side, id, ridge);
    const change = block.changeWithout(block.rowAt(row));
    return { parameter, rows: Int32Array.of(id), values: block.embedding.map((value, j) => value + change[j]) };
  };
  return withRows(model, [
    updateOf("userEmbedding", sides.user, train.user[row]),
    updateOf("itemEmbedding", sides.item, train.item[row]),
  ]);
}
