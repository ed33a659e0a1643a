import { InvalidArgumentError } from "../../core";
import { LightGcn, Mf } from "../../models";
import type { IfruLightGcnPrepared } from "../ifru-lightgcn";
import type { IfruPrepared } from "../prepare";
import {
  type Explanation,
  explanationOf,
  type ExplainOptions,
  explainOptions,
  requireKnown,
  ridgeOf,
  type RowChanges,
  type ScoreOf,
} from "./explanation";
import { lightGcnChanges } from "./lightgcn-changes";
import { NodeBlock, sidesOf } from "./node-block";
import { ScoreOfPair } from "./score-of-pair";

/**
 * Why does a model give a score? The training rows that speak most for it and against it, by what forgetting them would
 * do (`README.md`, equations 15 to 18).
 *
 * - {@link Mf}: each row's `change` is what `ifru.unlearn` of that row does to the score, to float32; `together` is
 *   that of the listed rows in one request. Rows of other users and items change nothing, so only those of this user
 *   and this item are looked at. One solve of two blocks, then a pass over these rows.
 * - {@link LightGcn}: the first-order change of `ifruLightGcn` with all embeddings free: what the row taught, and what
 *   its edge carries. Every training row counts. `together` is the sum.
 *
 * @param model the model that was prepared
 * @param prepared what `ifru.prepare` or `ifruLightGcn.prepare` returned for the model, in principled mode
 * @param of the training rows, and the user and item by dense ids
 * @throws NotFoundError for a user or an item that the model does not know
 * @throws InvalidArgumentError for what was prepared of another model or other rows, or a model of another kind
 * @throws InvalidOptionError for unknown options, or when no lambda was prepared or given
 * @throws NumericalError when the system cannot be solved
 * @throws CancelledError when the current signal is aborted
 * @example
 * const why = await explain(model, prepared, { train, user: 3, item: 7 });
 * why.supporting.rows[0].change; // -0.4: without this row the score would be lower by about that
 */
export async function explain(
  model: Mf | LightGcn,
  prepared: IfruPrepared | IfruLightGcnPrepared,
  of: ScoreOf,
  options?: Partial<ExplainOptions>,
): Promise<Explanation> {
  const resolved = explainOptions.resolve(options);
  const { train, user, item } = of;
  prepared.origin.require("explain", train, model);
  requireKnown("explain", "user", user, model.userCount);
  requireKnown("explain", "item", item, model.itemCount);
  const { damping, ridge } = ridgeOf(resolved.damping, prepared, train);
  const changes = await changesOf(model, prepared, of, ridge, resolved);
  return explanationOf(of, changes, damping, resolved.top);
}

async function changesOf(
  model: Mf | LightGcn,
  prepared: IfruPrepared | IfruLightGcnPrepared,
  of: ScoreOf,
  ridge: number,
  options: ExplainOptions,
): Promise<RowChanges> {
  if (model instanceof LightGcn) return lightGcnChanges(model, prepared, of, ridge, options);
  if (!(model instanceof Mf))
    throw new InvalidArgumentError(`a model of kind ${(model as Mf).kind} has no closed form here`, {
      where: "explain",
      remedy: "pass an Mf or a LightGcn; for a session model use explainNext",
    });
  const sides = sidesOf(model, of.train, prepared.index);
  return new ScoreOfPair(new NodeBlock(sides.user, of.user, ridge), new NodeBlock(sides.item, of.item, ridge));
}
