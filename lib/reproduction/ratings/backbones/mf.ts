import type { Training } from "../../../experiments";
import { fitMf, type FitMfOptions, refitMf, resolveFitMfOptions } from "../../../training";
import { withoutSeed } from "../../without-seed";
import { hyperParameters } from "../hyper-parameters";
import type { RatingsBackbone } from "../types";

const mfOptions = ({ options, seed }: Training): FitMfOptions =>
  resolveFitMfOptions({ ...(options as Partial<FitMfOptions>), seed });

export const mf: RatingsBackbone = {
  code: __filename,
  task: "ratings",
  label: "MF",
  defaults: (dataset) => ({ ...withoutSeed(resolveFitMfOptions()), ...hyperParameters(dataset, "mf") }),
  fit: (rows, { valid }, training) => fitMf(rows, valid, mfOptions(training), undefined, training.checkpoints),
  refit: (rows, training, epochs) => refitMf({ options: mfOptions(training), bestEpoch: epochs }, rows),
};
