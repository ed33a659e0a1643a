import { type FactorModel, gradientProducts } from "../../../audits";
import { wholeOption } from "../../../core";
import type { Checkpoint } from "../../../training";
import type { RatingsContext } from "../types";
import { estimator, type Start } from "./estimator";
import { leftOutOf } from "./retrainings";

/**
 * Models of the training that led to a model, equally far apart, the last one at its end. The training is done again
 * with its own seed, and shows its parameters after every epoch by way of its checkpoints.
 */
async function stagesOf(
  { config, split, backbone, training }: RatingsContext,
  { model, epochs }: Start,
  count: number,
) {
  const wanted = new Set(Array.from({ length: count }, (_, k) => Math.max(1, Math.round(((k + 1) * epochs) / count))));
  const found: FactorModel[] = [];
  const checkpoints = {
    everyMs: 0,
    load: async () => null,
    save: async ({ history, tensors }: Checkpoint) => {
      const embeddings = tensors.get("embeddings")!;
      if (wanted.has(history.length)) found.push(withEmbeddings(model, embeddings));
    },
  };
  const options = { ...config.options.training, epochs, patience: epochs };
  await backbone.fit(split.train, split, { options, seed: training.seed, checkpoints });
  return found;
}

/** @param all users first */
function withEmbeddings(model: FactorModel, all: Float32Array): FactorModel {
  const split = model.userEmbedding.length;
  const tables = { userEmbedding: all.slice(0, split), itemEmbedding: all.slice(split) };
  return model.withParameters(new Map(Object.entries(tables)));
}

/** Gradient products, at the end of the training or at several checkpoints of it. */
export const gradientInfluence = estimator({
  code: __filename,
  label: ({ checkpoints }) =>
    Number(checkpoints) === 1 ? "gradient products" : `gradient products, ${String(checkpoints)} checkpoints (TracIn)`,
  fields: () => ({
    checkpoints: wholeOption("Of the training, equally far apart, the last at its end; 1 is the model alone.", 1, 1),
  }),
  async estimate(context, start, { checkpoints }) {
    const count = Number(checkpoints);
    const models = count === 1 ? [start.model] : await stagesOf(context, start, count);
    return gradientProducts(models, context.split.train, leftOutOf(context).pairs);
  },
});
