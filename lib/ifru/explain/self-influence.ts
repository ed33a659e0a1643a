import { Breather, optionList, type OptionsOf } from "../../core";
import { type Interactions, rowCount } from "../../data";
import type { Mf } from "../../models";
import type { IfruPrepared } from "../prepare";
import { preparedDamping, ridgeOf } from "./explanation";
import { NodeBlock, type Side, sidesOf } from "./node-block";
import { requireMf } from "./require-mf";

/** The options of `selfInfluence`. */
export const selfInfluenceOptions = optionList("selfInfluence", {
  damping: preparedDamping,
});

/** Options of `selfInfluence`; defaults and ranges are in `selfInfluenceOptions`. */
export interface SelfInfluenceOptions extends OptionsOf<typeof selfInfluenceOptions.fields> {}

/** How much each training row holds its own prediction. */
export interface SelfInfluence {
  /** To first order, by how much forgetting the row alone raises its own loss, in nats, `[rows]`; never negative. */
  readonly influence: Float64Array;
  /** Row numbers, the most influential first: where wrong labels gather. `[rows]` */
  readonly ranking: Int32Array;
  readonly damping: number;
}

/**
 * Self-influence of all training rows: ∇ℓ' A⁻¹ ∇ℓ of each, with its own curvature taken out of A (`README.md`, equation
 * 18). A row that nothing but itself supports has much of it, so that wrong labels and rare tastes come first: rows
 * worth a look, not rows that are wrong. One factor for each user and item, two half solves for each row. For matrix
 * factorisation; for a LightGCN there is `selfInfluenceLightGcn`.
 *
 * @param prepared what `ifru.prepare` returned for the model, in principled mode
 * @param train the rows the model was trained on
 * @throws InvalidArgumentError for what was prepared of another model or other rows, or a model of another kind
 * @throws InvalidOptionError for unknown options, or when no lambda was prepared or given
 * @throws NumericalError when the system cannot be solved
 * @throws CancelledError when the current signal is aborted
 * @example
 * const { ranking } = await selfInfluence(model, prepared, train);
 * selectRows(train, ranking.subarray(0, 20)); // the first rows to look at
 */
export async function selfInfluence(
  model: Mf,
  prepared: IfruPrepared,
  train: Interactions,
  options?: Partial<SelfInfluenceOptions>,
): Promise<SelfInfluence> {
  const { damping: asked } = selfInfluenceOptions.resolve(options);
  requireMf("selfInfluence", model, "for a LightGCN there is selfInfluenceLightGcn");
  prepared.origin.require("selfInfluence", train, model);
  const { damping, ridge } = ridgeOf(asked, prepared, train);
  const sides = sidesOf(model, train, prepared.index);
  const influence = new Float64Array(rowCount(train));
  const breather = new Breather("finding self-influence");
  await addSide(sides.user, ridge, influence, breather);
  await addSide(sides.item, ridge, influence, breather);
  const ranking = Int32Array.from(influence.keys()).sort((a, b) => influence[b] - influence[a] || a - b);
  return { influence, ranking, damping };
}

/** What a row's user, or its item, contributes: r² h / (1 - w h) for h = x' A⁻¹ x. */
async function addSide(side: Side, ridge: number, influence: Float64Array, breather: Breather): Promise<void> {
  for (let id = 0; id + 1 < side.pointers.length; id++) {
    if (side.pointers[id] === side.pointers[id + 1]) continue;
    const block = new NodeBlock(side, id, ridge);
    for (const row of block.rows) {
      const { x, residual, curvature } = block.rowAt(row);
      const leverage = block.inverseForm(x);
      influence[row] += (residual * residual * leverage) / (1 - curvature * leverage);
    }
    await breather.breathe();
  }
}
