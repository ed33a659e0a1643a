import type { Interactions } from "../../../data";
import { Mf } from "../../../models";
import type { Estimate } from "../attribution";
import { type FactorModel, type Pairs, rowProduct, spreadOver } from "./pairs";

/**
 * Gradient products, as TracIn has them (Pruthi et al., NeurIPS 2020): without some rows a score changes by the sum,
 * over these rows and over checkpoints of the training, of the score's gradient times the row's loss gradient. The
 * steps of an optimiser that are lost, as if each were one of plain descent: the curvature plays no part. In closed
 * form for scores that are dot products and cross-entropy on labels 0 and 1; through the propagation for LightGCN.
 *
 * @param checkpoints models of one training; the last one alone is the form that needs nothing but the trained model
 * @param train the rows that they were trained on
 * @param pairs whose scores are the outputs
 * @returns changes of the scores, up to the step size
 * @example
 * const products = gradientProducts([fit.model], train, { user: test.user, item: test.item });
 * const scores = await datamodelingScore(task, { "gradient products": products }, { subsets: 10, retrainings: 2 });
 */
export function gradientProducts(checkpoints: readonly FactorModel[], train: Interactions, pairs: Pairs): Estimate {
  const stages = checkpoints.map((model) => ({ model, scored: model.propagated() }));
  return (_kept, left) => {
    const changes = new Float64Array(pairs.user.length);
    for (const { model, scored } of stages) {
      const moved = spreadOver(model, spreadOver(model, lossGradient(scored, train, left)));
      addProducts(scored, moved, pairs, changes);
    }
    return Float32Array.from(changes);
  };
}

/** The gradient of some rows' summed loss with respect to the scored embeddings. */
function lossGradient(scored: Mf, { user, item, label }: Interactions, rows: Int32Array): Mf {
  const { userEmbedding: p, itemEmbedding: q, embeddingSize: width } = scored;
  const [ofUsers, ofItems] = [new Float32Array(p.length), new Float32Array(q.length)];
  for (const row of rows) {
    const [u, i] = [user[row], item[row]];
    const residual = 1 / (1 + Math.exp(-rowProduct(p, u, q, i, width))) - label[row];
    for (let j = 0; j < width; j++) {
      ofUsers[u * width + j] += residual * q[i * width + j];
      ofItems[i * width + j] += residual * p[u * width + j];
    }
  }
  return new Mf(ofUsers, ofItems, width);
}

/** The gradient of each pair's score, times what the embeddings are moved by. */
function addProducts(scored: Mf, moved: Mf, { user, item }: Pairs, out: Float64Array): void {
  const { userEmbedding: p, itemEmbedding: q, embeddingSize: width } = scored;
  for (let k = 0; k < out.length; k++)
    out[k] +=
      rowProduct(moved.userEmbedding, user[k], q, item[k], width) +
      rowProduct(moved.itemEmbedding, item[k], p, user[k], width);
}
