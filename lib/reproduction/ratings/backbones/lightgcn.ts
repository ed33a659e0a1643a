import type { Training } from "../../../experiments";
import { fitLightGcn, type FitLightGcnOptions, refitLightGcn, resolveFitLightGcnOptions } from "../../../training";
import { withoutSeed } from "../../without-seed";
import { hyperParameters } from "../hyper-parameters";
import type { RatingsBackbone } from "../types";

const lightGcnOptions = ({ options, seed }: Training): FitLightGcnOptions =>
  resolveFitLightGcnOptions({ ...(options as Partial<FitLightGcnOptions>), seed });

export const lightgcn: RatingsBackbone = {
  code: __filename,
  task: "ratings",
  label: "LightGCN",
  defaults: (dataset) => ({ ...withoutSeed(resolveFitLightGcnOptions()), ...hyperParameters(dataset, "lightgcn") }),
  fit: (rows, { valid }, training) =>
    fitLightGcn(rows, valid, lightGcnOptions(training), undefined, training.checkpoints),
  refit: (rows, training, epochs) => refitLightGcn({ options: lightGcnOptions(training), bestEpoch: epochs }, rows),
};
