/** What Adam moves, and the two moments it keeps; all of one length. */
export interface AdamState {
  readonly parameters: Float32Array;
  /** The gradient; an operation that uses it leaves zeros, ready for the next batch. */
  readonly gradient: Float32Array;
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
}

/** The numbers of one Adam step, bias corrections folded in: w -= stepSize m / (sqrt(v) rootScale + epsilon). */
export interface AdamStep {
  /** learningRate / (1 - beta1^step) */
  readonly stepSize: number;
  /** 1 / sqrt(1 - beta2^step) */
  readonly rootScale: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** Adam (Kingma and Ba, algorithm 1). */
export interface AdamOperations {
  /** One Adam step on every element. The gradient is left zero. */
  adam(state: AdamState, step: AdamStep): void;
  /**
   * One Adam step on the listed rows of `width` elements. Their gradient is left zero. `rows`: `[count]`, none twice
   */
  adamRows(state: AdamState, width: number, rows: Int32Array, step: AdamStep): void;
  /**
   * What several Adam steps without a gradient do to the listed rows; `LazyAdam` derives and supplies the numbers.
   *
   * @param rows `[count]`, none twice
   * @param coefficients `[count, 4]`: c, e, decay1, decay2 of w -= c m / (sqrt(v) + e), m *= decay1, v *= decay2
   */
  adamCatchUp(state: Omit<AdamState, "gradient">, width: number, rows: Int32Array, coefficients: Float32Array): void;
}
