/**
 * Inner products of two gradients by the logits of one sample (README, equation 2): e_target - p, and (p - e_next) +
 * (p - q).
 */
export interface LogitProducts {
  /** Of the unlearning loss's gradient with itself. */
  readonly forget: number;
  /** Of the two. */
  readonly both: number;
  /** Of the gradient of the recommendation and KL losses together with itself. */
  readonly keep: number;
}

/** Probabilities of one sample. */
type Probabilities = Float32Array | Float64Array;

/**
 * How the gradients of the losses at one sample relate: their inner products, without making either of them.
 *
 * @param p probabilities now, `[classes]`
 * @param q probabilities of the original, `[classes]`
 * @param target class to forget
 * @param next class that came after it; -1 where there is none, and with it no recommendation loss
 * @example
 * const p = Float64Array.of(0.5, 0.25, 0.25); // as the original has it
 * logitProducts(p, p, 0, 1); // { forget: 0.375, both: 0.375, keep: 0.875 }
 */
export function logitProducts(p: Probabilities, q: Probabilities, target: number, next: number): LogitProducts {
  const shares = next >= 0 ? 2 : 1;
  let [forget, both, keep] = [0, 0, 0];
  for (let c = 0; c < p.length; c++) {
    const a = (c === target ? 1 : 0) - p[c];
    const b = shares * p[c] - q[c] - (c === next ? 1 : 0);
    forget += a * a;
    both += a * b;
    keep += b * b;
  }
  return { forget, both, keep };
}

/**
 * The cosine of two gradients from their products, in [-1, 1]; 0 where one of them vanishes.
 *
 * @example
 * cosineOf({ forget: 4, both: -3, keep: 9 }); // -0.5: forgetting and keeping pull apart
 */
export function cosineOf({ forget, both, keep }: LogitProducts): number {
  return forget > 0 && keep > 0 ? Math.min(1, Math.max(-1, both / Math.sqrt(forget * keep))) : 0;
}
