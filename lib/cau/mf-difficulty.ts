import { cosineOf } from "./logit-products";
import type { LossRows, CauMfProblem } from "./mf-problem";

/**
 * Gradient difficulty of each forgotten row (README, equation 13): minus the cosine between the gradients of its
 * unlearning loss and of its recommendation and KL losses, by the two embeddings that the first has a gradient by, its
 * user's and its item's.
 *
 * @returns in [-1, 1], higher is harder, `[forgotten]`; 0 where a gradient vanishes
 */
export function mfDifficulty(problem: CauMfProblem): Float64Array {
  const { width, losses } = problem;
  const [asked, companions, anchors] = losses;
  const [forget, keep] = [new Float64Array(2 * width), new Float64Array(2 * width)];
  return Float64Array.from(asked.user, (user, k) => {
    const own = { user, item: asked.item[k] };
    forget.fill(0);
    keep.fill(0);
    addGradient(problem, asked, k, own, -1, forget);
    addGradient(problem, companions, k, own, 1, keep);
    addGradient(problem, anchors, k, own, 1, keep);
    const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, j) => sum + value * b[j], 0);
    return -cosineOf({ forget: dot(forget, forget), both: dot(forget, keep), keep: dot(keep, keep) });
  });
}

/** out += sign × the mean gradient of forgotten row k's rows by one user's and one item's embedding, `[2 width]`. */
function addGradient(
  { p, q, width }: CauMfProblem,
  { user, item, label, pointers }: LossRows,
  k: number,
  own: { readonly user: number; readonly item: number },
  sign: number,
  out: Float64Array,
): void {
  const share = sign / Math.max(1, pointers[k + 1] - pointers[k]);
  for (let row = pointers[k]; row < pointers[k + 1]; row++) {
    const [u, i] = [user[row] * width, item[row] * width];
    let score = 0;
    for (let j = 0; j < width; j++) score += p[u + j] * q[i + j];
    const slope = share * (1 / (1 + Math.exp(-score)) - label[row]);
    if (user[row] === own.user) for (let j = 0; j < width; j++) out[j] += slope * q[i + j];
    if (item[row] === own.item) for (let j = 0; j < width; j++) out[width + j] += slope * p[u + j];
  }
}
