import type { Training } from "../../../experiments";
import { fitMf, fitMfOptions, type FitMfOptions, refitMf } from "../../../training";
import { withHyperParameters } from "../hyper-parameters";
import type { RatingsBackbone } from "../types";

const mfOptions = ({ options, seed }: Training): FitMfOptions =>
  fitMfOptions.resolve({ ...(options as Partial<FitMfOptions>), seed });

export const mf: RatingsBackbone = {
  code: __filename,
  task: "ratings",
  label: "MF",
  options: (dataset) => withHyperParameters(fitMfOptions, dataset, "mf"),
  fit: (rows, { valid }, training) => fitMf(rows, valid, mfOptions(training), undefined, training.checkpoints),
  refit: (rows, training, epochs) => refitMf({ options: mfOptions(training), bestEpoch: epochs }, rows),
};
