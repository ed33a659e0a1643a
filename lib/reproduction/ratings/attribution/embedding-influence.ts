import { embeddingSimilarity } from "../../../audits";
import { estimator } from "./estimator";
import { leftOutOf } from "./retrainings";

/** Similarity of embeddings: what needs no gradient. */
export const embeddingInfluence = estimator({
  code: __filename,
  label: () => "embedding similarity",
  fields: () => ({}),
  estimate: async (context, { model }) => embeddingSimilarity(model, context.split.train, leftOutOf(context).pairs),
});
