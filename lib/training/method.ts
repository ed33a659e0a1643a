import type { Interactions } from "../data";
import type { RowUpdate } from "../models";
import type { MethodDescription } from "./method-description";

/**
 * What is asked to be forgotten, and what stays.
 *
 * @typeParam R what the original was trained on: `Interactions`, or `Sessions`
 */
export interface UnlearningRequest<R = Interactions> {
  /** Names the request in records, such as `"2%"` or `"user 42"`. */
  readonly name: string;
  /** The rows the original model was trained on. */
  readonly train: R;
  /**
   * Row numbers to forget, ascending, `[forgotten]`. What a row is, is the task's: a row of `train` for interactions,
   * an event for sessions, by its row of the interactions that they came from (`Sessions.row`).
   */
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
  /**
   * The same stages where work that does not wait for each other is done at once, on as many machines: shards take as
   * long as the slowest. Left out by methods that do one thing after another.
   */
  readonly parallelSeconds?: Readonly<Record<string, number>>;
  /** Passes over rows that computed a gradient, in rows. */
  readonly gradientRows: number;
  readonly hessianVectorProducts: number;
  /**
   * Training rows that share a user or an item with the parameters being solved for, or `null` where the idea has no
   * meaning.
   */
  readonly incidentRows: number | null;
  /** Parameter rows (users and items) the update touches; items of every shard count. */
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
 * @typeParam R what models are trained on
 */
export interface UnlearningMethod<M, P, O, D, T = M, R = Interactions> {
  readonly name: string;
  /** What experiments, tables and help know of it. Default: the method is in no table of methods. */
  readonly description?: MethodDescription<D, P>;
  /** What is paid once per trained model (indexes, damping, shards); costed apart. */
  prepare?(original: T, train: R, options?: Partial<O>): Promise<P>;
  unlearn(
    original: M,
    request: UnlearningRequest<R>,
    options?: Partial<O>,
    prepared?: P,
  ): Promise<UnlearningResult<M, D>>;
}
