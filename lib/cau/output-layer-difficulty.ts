import { Breather } from "../core";
import { historyCount } from "../data";
import { scoreBlocks, type SessionRecommender } from "../models";
import type { ForgetSamples } from "./forget-samples";

/**
 * Gradient difficulty of each sample over the output layer alone (README, equation 5): minus the cosine between the gradient of the
 * unlearning loss and that of the recommendation and KL losses together. Both are outer products with the same state, so the cosine
 * is that of their gradients by the logits: one forward pass, no backward pass. It is a method of its own, not a stand-in for the
 * gradients of all parameters.
 *
 * @param original what the KL loss holds on to. Default: `recommender`, as before the first step
 * @returns in [-1, 1], higher is harder, `[samples]`; 0 where a gradient vanishes
 * @throws CancelledError when it is interrupted
 */
export async function outputLayerDifficulty(
  recommender: SessionRecommender,
  samples: ForgetSamples,
  original: SessionRecommender = recommender,
): Promise<Float64Array> {
  const difficulty = new Float64Array(historyCount(samples));
  const breather = new Breather("scoring difficulty");
  const { itemCount } = recommender;
  const originals = original === recommender ? null : scoreBlocks(original, samples);
  for await (const { first, count, scores } of scoreBlocks(recommender, samples)) {
    const held = originals === null ? scores : ((await originals.next()).value as { scores: Float32Array }).scores;
    for (let k = 0; k < count; k++) {
      const row = (block: Float32Array) => softmax(block.subarray(k * itemCount, (k + 1) * itemCount));
      const now = row(scores);
      const before = held === scores ? now : row(held);
      difficulty[first + k] = -logitCosine(now, before, samples.target[first + k], samples.next[first + k]);
    }
    await breather.breathe();
  }
  return difficulty;
}

/**
 * cos(e_target - p, (p - e_next) + (p - q)): the cosine between the logit gradient of the unlearning loss and that of the other two.
 *
 * @param p probabilities now, `[items]`
 * @param q probabilities of the original, `[items]`
 * @param next -1 where there is none, and with it no recommendation loss
 */
export function logitCosine(p: Float64Array, q: Float64Array, target: number, next: number): number {
  const hasNext = next >= 0 ? 1 : 0;
  let [pp, pr, rr] = [0, 0, 0]; // r = the other gradient without e_next
  for (let item = 0; item < p.length; item++) {
    const r = (1 + hasNext) * p[item] - q[item];
    pp += p[item] * p[item];
    pr += p[item] * r;
    rr += r * r;
  }
  const at = (item: number) => (1 + hasNext) * p[item] - q[item];
  const dot = at(target) - pr - hasNext * (Number(target === next) - p[Math.max(next, 0)]);
  const forget = 1 - 2 * p[target] + pp;
  const keep = rr - hasNext * (2 * at(Math.max(next, 0)) - 1);
  return forget > 0 && keep > 0 ? Math.min(1, Math.max(-1, dot / Math.sqrt(forget * keep))) : 0;
}

function softmax(logits: Float32Array): Float64Array {
  const largest = logits.reduce((most, value) => Math.max(most, value), -Infinity);
  const powers = Float64Array.from(logits, (value) => Math.exp(value - largest));
  const sum = powers.reduce((total, value) => total + value, 0);
  return powers.map((value) => value / sum);
}
