/** A named parameter and its values, shared with the model (not a copy). */
export interface Parameter {
  readonly name: string;
  /** `values` is row-major in this shape, such as `[userCount, embeddingSize]`. */
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/**
 * A trained (or trainable) recommender. Parameters are ordinary typed arrays; training and unlearning copy what they
 * work on to the engine's memory and back.
 */
export interface Recommender {
  /** The kind of model, such as `"mf"`. */
  readonly kind: string;
  /** In a fixed order. */
  parameters(): readonly Parameter[];
  /**
   * Scores (logits: higher is likelier) of user-item pairs.
   *
   * @param users dense user ids, `[pairs]`
   * @param items dense item ids, `[pairs]`
   * @returns `[pairs]`
   */
  score(users: Int32Array, items: Int32Array): Float32Array;
}
