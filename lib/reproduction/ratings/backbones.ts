import {
  fitLightGcn,
  type FitLightGcnOptions,
  fitMf,
  type FitMfOptions,
  fitNeuralMf,
  type FitNeuralMfOptions,
  refitLightGcn,
  refitMf,
  resolveFitLightGcnOptions,
  resolveFitMfOptions,
  resolveFitNeuralMfOptions,
} from "../../training";
import type { Training } from "../../experiments";
import { withoutSeed } from "../without-seed";
import { hyperParameters } from "./hyper-parameters";
import type { RatingsBackbone } from "./types";

const mfOptions = ({ options, seed }: Training): FitMfOptions =>
  resolveFitMfOptions({ ...(options as Partial<FitMfOptions>), seed });

const mf: RatingsBackbone = {
  task: "ratings",
  label: "MF",
  defaults: (dataset) => ({ ...withoutSeed(resolveFitMfOptions()), ...hyperParameters(dataset, "mf") }),
  fit: (rows, { valid }, training) => fitMf(rows, valid, mfOptions(training), undefined, training.checkpoints),
  refit: (rows, training, epochs) => refitMf({ options: mfOptions(training), bestEpoch: epochs }, rows),
};

const lightGcnOptions = ({ options, seed }: Training): FitLightGcnOptions =>
  resolveFitLightGcnOptions({ ...(options as Partial<FitLightGcnOptions>), seed });

const lightgcn: RatingsBackbone = {
  task: "ratings",
  label: "LightGCN",
  defaults: (dataset) => ({ ...withoutSeed(resolveFitLightGcnOptions()), ...hyperParameters(dataset, "lightgcn") }),
  fit: (rows, { valid }, training) =>
    fitLightGcn(rows, valid, lightGcnOptions(training), undefined, training.checkpoints),
  refit: (rows, training, epochs) => refitLightGcn({ options: lightGcnOptions(training), bestEpoch: epochs }, rows),
};

/** Embeddings and a two-layer network: the model without a closed form that influence is shown on. */
const neuralMf: RatingsBackbone = {
  task: "ratings",
  label: "neural MF",
  defaults: (dataset) => ({ ...withoutSeed(resolveFitNeuralMfOptions()), ...hyperParameters(dataset, "neural-mf") }),
  fit: (rows, { valid }, { options, seed, checkpoints }) =>
    fitNeuralMf(rows, valid, { ...(options as Partial<FitNeuralMfOptions>), seed }, checkpoints),
};

/** The models of ratings, by name. */
export const ratingsBackbones: Readonly<Record<string, RatingsBackbone>> = { mf, lightgcn, "neural-mf": neuralMf };
