/**
 * Rows of interactions sorted by user, and what their derivatives need. User u has the rows `userPointers[u]` up to,
 * not including, `userPointers[u + 1]`.
 */
export interface MfCurvatureRows {
  /** `[users + 1]`, ascending from 0 to the number of rows. */
  readonly userPointers: Int32Array;
  /** The item of each row, `[rows]`, below the number of items. */
  readonly item: Int32Array;
  /** r = sigmoid(s) - y of each row, `[rows]`; `null` drops its terms from the Hessian (Gauss-Newton). */
  readonly residual: Float32Array | null;
  /** w = sigmoid(s)(1 - sigmoid(s)) of each row, `[rows]`. */
  readonly curvature: Float32Array;
  /** User embeddings, row-major `[users, width]`. */
  readonly p: Float32Array;
  /** Item embeddings, row-major `[items, width]`. */
  readonly q: Float32Array;
  /** The embedding size; any positive number. */
  readonly width: number;
}

/** One mini-batch of matrix factorisation, and where its gradient goes. */
export interface MfBatch {
  /** User embeddings, row-major `[users, width]`. */
  readonly p: Float32Array;
  /** Item embeddings, row-major `[items, width]`. */
  readonly q: Float32Array;
  readonly width: number;
  /** `[rows]` */
  readonly user: Int32Array;
  /** `[rows]` */
  readonly item: Int32Array;
  /** 0 or 1, `[rows]`. */
  readonly label: Float32Array;
  /** What the summed gradient is multiplied by: 1 / rows for the mean. */
  readonly scale: number;
  /** Added to each row's loss: penalty / 2 x (|p_u|² + |q_i|²). 0 for none. */
  readonly penalty: number;
  /** Left with the residuals sigmoid(s) - y, `[rows]`. */
  readonly residual: Float32Array;
  /** The gradient is *added* here, `[users, width]`. */
  readonly gradientP: Float32Array;
  /** The gradient is *added* here, `[items, width]`. */
  readonly gradientQ: Float32Array;
}

/** Matrix factorisation with binary cross-entropy, in closed form (`lib/ifru/README.md`). */
export interface MfOperations {
  /**
   * s[k] = <p[user[k]], q[item[k]]>
   *
   * @param p `[users, width]`
   * @param q `[items, width]`
   * @param user `[rows]`
   * @param item `[rows]`
   * @param out overwritten, `[rows]`
   */
  mfScores(
    p: Float32Array,
    q: Float32Array,
    user: Int32Array,
    item: Int32Array,
    width: number,
    out: Float32Array,
  ): void;
  /**
   * First and second derivatives of the binary cross-entropy of each row with respect to its score.
   *
   * @param p `[users, width]`
   * @param q `[items, width]`
   * @param user `[rows]`
   * @param item `[rows]`
   * @param label 0 or 1, `[rows]`
   * @param residual overwritten with sigmoid(s) - y, `[rows]`
   * @param curvature overwritten with sigmoid(s)(1 - sigmoid(s)), `[rows]`
   * @returns the summed loss, accumulated in float64
   */
  mfDerivatives(
    p: Float32Array,
    q: Float32Array,
    user: Int32Array,
    item: Int32Array,
    label: Float32Array,
    width: number,
    residual: Float32Array,
    curvature: Float32Array,
  ): number;
  /**
   * Loss and gradient of a mini-batch in one pass. Returns the summed loss, without penalty and scale, accumulated in
   * float64.
   */
  mfLossGradient(batch: MfBatch): number;
  /**
   * The gradient of the summed loss: outP[u] = sum of r q_i, outQ[i] = sum of r p_u. Needs residuals.
   *
   * @param outP overwritten, `[users, width]`
   * @param outQ overwritten, `[items, width]`
   */
  mfGradient(problem: MfCurvatureRows, outP: Float32Array, outQ: Float32Array): void;
  /**
   * The Hessian of the summed loss times a direction (a, b), in closed form: with ds = <a_u, q_i> + <p_u, b_i>,
   * outP[u] = sum of w ds q_i + r b_i and outQ[i] = sum of w ds p_u + r a_u.
   *
   * @param directionP a, `[users, width]`
   * @param directionQ b, `[items, width]`
   * @param outP overwritten, `[users, width]`
   * @param outQ overwritten, `[items, width]`
   */
  mfHessianVectorProduct(
    problem: MfCurvatureRows,
    directionP: Float32Array,
    directionQ: Float32Array,
    outP: Float32Array,
    outQ: Float32Array,
  ): void;
}
