import type { Training } from "../../../experiments";
import { fitLightGcn, fitLightGcnOptions, type FitLightGcnOptions, refitLightGcn } from "../../../training";
import { withHyperParameters } from "../hyper-parameters";
import type { RatingsBackbone } from "../types";

const lightGcnOptions = ({ options, seed }: Training): FitLightGcnOptions =>
  fitLightGcnOptions.resolve({ ...(options as Partial<FitLightGcnOptions>), seed });

export const lightgcn: RatingsBackbone = {
  code: __filename,
  task: "ratings",
  label: "LightGCN",
  options: (dataset) => withHyperParameters(fitLightGcnOptions, dataset, "lightgcn"),
  fit: (rows, { valid }, training) =>
    fitLightGcn(rows, valid, lightGcnOptions(training), undefined, training.checkpoints),
  refit: (rows, training, epochs) => refitLightGcn({ options: lightGcnOptions(training), bestEpoch: epochs }, rows),
};
