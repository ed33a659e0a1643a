import { Mf } from "../models";
import { fitMf, type FitMfOptions, refitMf, resolveFitMfOptions } from "../training";
import type { BackbonePart, Training } from "./parts";

const { embeddingSize, learningRate, initialDeviation, batchSize, epochs, patience, regularization, optimizer } =
  resolveFitMfOptions();

const optionsOf = ({ options, seed }: Training): FitMfOptions =>
  resolveFitMfOptions({ ...(options as Partial<FitMfOptions>), seed });

const mf: BackbonePart = {
  defaults: { embeddingSize, learningRate, initialDeviation, batchSize, epochs, patience, regularization, optimizer },

  fit: (train, valid, training) => fitMf(train, valid, optionsOf(training), undefined, training.checkpoints),
  refit: (rows, training, epochs) => refitMf({ options: optionsOf(training), bestEpoch: epochs }, rows),
  save: (model, path) => model.save(path),
  load: (path) => Mf.load(path),
};

/** The kinds of model experiments know, by name. */
export const backbones: Readonly<Record<string, BackbonePart>> = { mf };
