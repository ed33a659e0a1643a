import type { Interactions } from "../../../data";
import type { Mf } from "../../../models";
import type { Estimate } from "../attribution";
import type { FactorModel, Pairs } from "./pairs";

/**
 * Similarity of embeddings: a row speaks for a score by the cosine of what the model's last step sees of both, the
 * products of the user's and the item's embedding coordinate by coordinate; a row with label 0 speaks against it.
 * Nothing is differentiated. What any better estimate has to beat.
 *
 * @param model LightGCN's embeddings are the final ones
 * @param train the rows that it was trained on
 * @param pairs whose scores are the outputs
 * @returns changes of the scores, up to a scale
 * @example
 * const similarity = embeddingSimilarity(fit.model, train, { user: test.user, item: test.item });
 * const scores = await datamodelingScore(task, { similarity }, { subsets: 10, retrainings: 2 });
 */
export function embeddingSimilarity(model: FactorModel, train: Interactions, pairs: Pairs): Estimate {
  const scored = model.propagated();
  const { embeddingSize: width } = scored;
  const ofPairs = Array.from(pairs.user, (user, k) => directionOf(scored, user, pairs.item[k]));
  return (_kept, left) => {
    const sum = new Float64Array(width); // cosines with many rows are one product with their summed directions
    for (const row of left) {
      const direction = directionOf(scored, train.user[row], train.item[row]);
      const sign = train.label[row] > 0 ? 1 : -1;
      for (let j = 0; j < width; j++) sum[j] += sign * direction[j];
    }
    return Float32Array.from(ofPairs, (direction) => -direction.reduce((total, value, j) => total + value * sum[j], 0));
  };
}

/** What the score of a pair is the sum of, at length 1. */
function directionOf({ userEmbedding: p, itemEmbedding: q, embeddingSize: width }: Mf, user: number, item: number) {
  const products = Float64Array.from({ length: width }, (_, j) => p[user * width + j] * q[item * width + j]);
  const norm = Math.sqrt(products.reduce((sum, value) => sum + value * value, 0));
  return norm === 0 ? products : products.map((value) => value / norm);
}
