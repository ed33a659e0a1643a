import type { Interactions } from "../data";
import type { RowUpdate } from "../models";

/** What is asked to be forgotten, and what stays. */
export interface UnlearningRequest {
  /** Names the request in records, such as `"2%"` or `"user 42"`. */
  readonly name: string;
  /** The rows the original model was trained on. */
  readonly train: Interactions;
  /** Row numbers of `train` to forget, ascending, `[forgotten]`. */
  readonly forgetRows: Int32Array;
}

/**
 * What a method changes: the touched rows, or a whole new model from methods that retrain. `applyUpdate` turns
 * `(original, update)` into the model after forgetting, so a small request never copies or walks everything.
 */
export type ModelUpdate<M> =
  { readonly kind: "rows"; readonly updates: readonly RowUpdate[] } | { readonly kind: "model"; readonly model: M };

/** What a request cost. Speed claims rest on the counts as much as on the seconds. */
export interface UnlearningCost {
  /** Seconds by stage, such as `{ selection, gradient, solve, writeBack }`. */
  readonly seconds: Readonly<Record<string, number>>;
  /** Passes over rows that computed a gradient, in rows. */
  readonly gradientRows: number;
  readonly hessianVectorProducts: number;
  /** Training rows that share a user or an item with the parameters being solved for, or `null` where the idea has no meaning. */
  readonly incidentRows: number | null;
  /** Parameter rows (users and items) the update touches. */
  readonly rowsTouched: number;
}

/** What a method returns. */
export interface UnlearningResult<M, D> {
  readonly update: ModelUpdate<M>;
  readonly cost: UnlearningCost;
  readonly diagnostics: D;
}

/**
 * An unlearning method: one file whose body is its update rule.
 *
 * @typeParam M the model it works on
 * @typeParam P what `prepare` makes
 * @typeParam O its options
 * @typeParam D its diagnostics
 * @typeParam T what it prepares from: the trained model, where the method's own kind of model is another (an ensemble)
 */
export interface UnlearningMethod<M, P, O, D, T = M> {
  readonly name: string;
  /** What is paid once per trained model (indexes, damping, shards); costed apart. */
  prepare?(original: T, train: Interactions, options?: Partial<O>): Promise<P>;
  unlearn(original: M, request: UnlearningRequest, options?: Partial<O>, prepared?: P): Promise<UnlearningResult<M, D>>;
}
