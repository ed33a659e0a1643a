import { Breather } from "../../core";
import { type ForgetSamples, historyCount } from "../../data";
import { scoreBlocks, type SessionRecommender } from "../../models";
import { cosineOf, logitProducts } from "../logit-products";

/**
 * Gradient difficulty of each sample over the output layer alone (README, equation 5): minus the cosine between the
 * gradient of the unlearning loss and that of the recommendation and KL losses together. Both are outer products with
 * the same state, so the cosine is that of their gradients by the logits: one forward pass, no backward pass. It is a
 * method of its own, not a stand-in for the gradients of all parameters.
 *
 * @param original what the KL loss holds on to. Default: `recommender`, as before the first step
 * @returns in [-1, 1], higher is harder, `[samples]`; 0 where a gradient vanishes
 * @throws CancelledError when it is interrupted
 * @example
 * const samples = forgetSamples(sessions, sessionItemRows(sessions, 0.02, 1));
 * const difficulty = await outputLayerDifficulty(gru, samples); // any model of sessions will do
 */
export async function outputLayerDifficulty(
  recommender: SessionRecommender,
  samples: ForgetSamples,
  original: SessionRecommender = recommender,
): Promise<Float64Array> {
  const difficulty = new Float64Array(historyCount(samples));
  const breather = new Breather("scoring difficulty");
  const { itemCount } = recommender;
  const now = new Float64Array(itemCount);
  const before = original === recommender ? now : new Float64Array(itemCount);
  const originals = original === recommender ? null : scoreBlocks(original, samples);
  for await (const { first, count, scores } of scoreBlocks(recommender, samples)) {
    const held = originals && ((await originals.next()).value as { scores: Float32Array }).scores;
    for (let k = 0; k < count; k++) {
      const row = (block: Float32Array) => block.subarray(k * itemCount, (k + 1) * itemCount);
      softmax(row(scores), now);
      if (held !== null) softmax(row(held), before);
      difficulty[first + k] = -cosineOf(logitProducts(now, before, samples.target[first + k], samples.next[first + k]));
    }
    await breather.breathe();
  }
  return difficulty;
}

function softmax(logits: Float32Array, out: Float64Array): void {
  let largest = -Infinity;
  for (let k = 0; k < logits.length; k++) if (logits[k] > largest) largest = logits[k];
  let sum = 0;
  for (let k = 0; k < logits.length; k++) sum += out[k] = Math.exp(logits[k] - largest);
  for (let k = 0; k < logits.length; k++) out[k] /= sum;
}
