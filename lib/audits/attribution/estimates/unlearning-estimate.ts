import type { Interactions } from "../../../data";
import type { Recommender, ReplaceableParameters } from "../../../models";
import { applyUpdate, type UnlearningRequest, type UnlearningResult } from "../../../training";
import type { Estimate } from "../attribution";
import type { Pairs } from "./pairs";

/** A trained model, and how a method forgets from it. */
export interface Unlearnable<M> {
  readonly model: M;
  /** The rows that it was trained on. */
  readonly train: Interactions;
  /** Forgets some of them, with options and preparation of its own. */
  unlearn(request: UnlearningRequest): Promise<Pick<UnlearningResult<M, unknown>, "update">>;
}

/**
 * What a method of unlearning says: the scores of the model after it forgot the rows. So IFRU is an estimate, and so is
 * any other method.
 *
 * @param of a trained model and how it forgets
 * @param pairs whose scores are the outputs
 * @returns scores after forgetting
 * @example
 * const unlearn = (asked: UnlearningRequest) => ifru.unlearn(fit.model, asked, {}, prepared);
 * const pairs = { user: test.user, item: test.item };
 * const estimate = unlearningEstimate({ model: fit.model, train, unlearn }, pairs);
 * const scores = await datamodelingScore(task, { IFRU: estimate }, { subsets: 10, retrainings: 2 });
 */
export function unlearningEstimate<M extends ReplaceableParameters<M> & Recommender>(
  { model, train, unlearn }: Unlearnable<M>,
  { user, item }: Pairs,
): Estimate {
  return async (_kept, left) => {
    const { update } = await unlearn({ name: "what is left out", train, forgetRows: left });
    return applyUpdate(model, update).score(user, item);
  };
}
