import { fitNeuralMf, fitNeuralMfOptions, type FitNeuralMfOptions } from "../../../training";
import { withHyperParameters } from "../hyper-parameters";
import type { RatingsBackbone } from "../types";

/** Embeddings and a two-layer network: the model without a closed form that influence is shown on. */
export const neuralMf: RatingsBackbone = {
  code: __filename,
  task: "ratings",
  label: "neural MF",
  options: (dataset) => withHyperParameters(fitNeuralMfOptions, dataset, "neural-mf"),
  fit: (rows, { valid }, { options, seed, checkpoints }) =>
    fitNeuralMf(rows, valid, { ...(options as Partial<FitNeuralMfOptions>), seed }, checkpoints),
};
