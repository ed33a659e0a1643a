import { didYouMean, InvalidArgumentError } from "../../core";
import type { Interactions } from "../../data";
import type { LightGcn, Mf, NeuralMf } from "../../models";
import {
  type FitHistory,
  fitLightGcn,
  fitLightGcnOptions,
  fitMf,
  fitMfOptions,
  fitNeuralMf,
  fitNeuralMfOptions,
  refitLightGcn,
  refitMf,
} from "../../training";
import type { ModelName } from "./flags";

/** A trained model and how it came about. */
export interface Fitted<M> extends FitHistory {
  readonly model: M;
  readonly options: { readonly seed: number };
}

/** How one kind of model is trained, and trained again. */
export interface Family<M> {
  readonly name: ModelName;
  fit(train: Interactions, valid: Interactions, seed: number, epochs?: number): Promise<Fitted<M>>;
  /** As the original was trained, on other rows and by another seed. */
  refit(original: Fitted<M>, rows: Interactions, valid: Interactions, seed: number): Promise<M>;
}

const given = (seed: number, epochs?: number) => ({ seed, ...(epochs === undefined ? {} : { epochs }) });

/** The same training by another seed. */
function reseeded<F extends Fitted<unknown>>(original: F, seed: number): F {
  return { ...original, options: { ...original.options, seed } };
}

export const mf: Family<Mf> = {
  name: "mf",
  fit: (train, valid, seed, epochs) => fitMf(train, valid, given(seed, epochs)),
  refit: (original, rows, _valid, seed) => {
    const { bestEpoch, options } = reseeded(original, seed);
    return refitMf({ bestEpoch, options: fitMfOptions.resolve(options) }, rows);
  },
};

export const lightgcn: Family<LightGcn> = {
  name: "lightgcn",
  fit: (train, valid, seed, epochs) => fitLightGcn(train, valid, given(seed, epochs)),
  refit: (original, rows, _valid, seed) => {
    const { bestEpoch, options } = reseeded(original, seed);
    return refitLightGcn({ bestEpoch, options: fitLightGcnOptions.resolve(options) }, rows);
  },
};

/** Neural MF is trained again with validation rows: nothing trains it for a number of epochs. */
export const neuralMf: Family<NeuralMf> = {
  name: "neural-mf",
  fit: (train, valid, seed, epochs) => fitNeuralMf(train, valid, given(seed, epochs)),
  async refit(original, rows, valid, seed) {
    const options = fitNeuralMfOptions.resolve(reseeded(original, seed).options);
    return (await fitNeuralMf(rows, valid, options)).model;
  },
};

/** @throws InvalidArgumentError for a method that does not work on the model, with those that do */
export function requireMethod(model: ModelName, method: string, known: readonly string[]): void {
  if (known.includes(method)) return;
  const problem = Object.hasOwn(methodLabels, method) ? `does not work on ${model}` : "does not exist";
  throw new InvalidArgumentError(`the method ${JSON.stringify(method)} ${problem}`, {
    remedy: didYouMean(method, known),
  });
}

/** Methods as reports call them. */
export const methodLabels: Readonly<Record<string, string>> = {
  ifru: "IFRU",
  scif: "SCIF",
  "cau-mf": "CAU",
  "gradient-ascent": "Gradient ascent",
  sisa: "SISA",
  receraser: "RecEraser",
  retrain: "A further retraining",
};
