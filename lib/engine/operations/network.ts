/** One step of a gated recurrent unit over a batch, gates in the order reset, update, candidate. */
export interface GruStep {
  /** The input's part of the gates, W_i x + b_i, `[rows, 3 width]`. */
  readonly fromInput: Float32Array;
  /** The state's part of the gates, W_h h + b_h, `[rows, 3 width]`. */
  readonly fromState: Float32Array;
  /** The state before the step, h, `[rows, width]`. */
  readonly state: Float32Array;
  /** The gates r, z and n, `[rows, 3 width]`. */
  readonly gates: Float32Array;
  readonly width: number;
}

/** Where the gradients of one step of a gated recurrent unit go. All are overwritten. */
export interface GruStepGradients {
  /** Of `fromInput`, `[rows, 3 width]`. */
  readonly fromInput: Float32Array;
  /** Of `fromState`, `[rows, 3 width]`. */
  readonly fromState: Float32Array;
  /** Of `state`, without the part that goes through `fromState`, `[rows, width]`. */
  readonly state: Float32Array;
}

/** A layer normalisation over the last axis, and what its gradient needs of the forward pass. */
export interface LayerNorm {
  /** `[rows, width]` */
  readonly x: Float32Array;
  /** `[width]` */
  readonly gain: Float32Array;
  /** Mean of each row, `[rows]`. */
  readonly mean: Float32Array;
  /** 1 / sqrt(variance + epsilon) of each row, `[rows]`. */
  readonly inverseDeviation: Float32Array;
}

/** What neural recommenders spend their time on beside matrix products. */
export interface NetworkOperations {
  /**
   * Cross-entropy of softmax over a whole catalogue, row by row: loss = log(sum of exp(x_j)) - x_label, and its
   * gradient.
   *
   * @param logits x, `[rows, classes]`
   * @param labels `[rows]`, each below `classes`
   * @param weights what each row's gradient is multiplied by, `[rows]`: 1 / rows for the gradient of the mean
   * @param losses overwritten with unweighted losses, `[rows]`
   * @param gradient overwritten with weight (softmax(x) - onehot(label)), `[rows, classes]`; may be `logits`
   */
  softmaxCrossEntropy(
    logits: Float32Array,
    labels: Int32Array,
    weights: Float32Array,
    losses: Float32Array,
    gradient: Float32Array,
  ): void;
  /**
   * r = sigmoid(i_r + s_r), z = sigmoid(i_z + s_z), n = tanh(i_n + r s_n), out = (1 - z) n + z h, with i `fromInput`
   * and s `fromState`.
   *
   * @param step `gates` is overwritten
   * @param out the state after the step, overwritten, `[rows, width]`
   */
  gruForward(step: GruStep, out: Float32Array): void;
  /** The gradients of one step. `gradient`: of the state after the step, `[rows, width]` */
  gruBackward(step: GruStep, gradient: Float32Array, out: GruStepGradients): void;
  /**
   * out = (x - mean) inverseDeviation gain + bias, mean and (biased) variance over each row.
   *
   * @param norm `mean` and `inverseDeviation` are overwritten
   * @param bias `[width]`
   * @param epsilon added to the variance
   * @param out overwritten, `[rows, width]`
   */
  layerNorm(norm: LayerNorm, bias: Float32Array, epsilon: number, out: Float32Array): void;
  /**
   * The gradients of a layer normalisation.
   *
   * @param norm as the forward pass left it
   * @param gradient of the output, `[rows, width]`
   * @param outX overwritten, `[rows, width]`
   * @param outGain overwritten, `[width]`
   * @param outBias overwritten, `[width]`
   */
  layerNormGradient(
    norm: LayerNorm,
    gradient: Float32Array,
    outX: Float32Array,
    outGain: Float32Array,
    outBias: Float32Array,
  ): void;
}
