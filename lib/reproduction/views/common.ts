import type { Choice, Grid, Options } from "../../experiments";

/** Both modes of a method. */
export function bothModes(name: string, options: Options = {}): Choice[] {
  return ["principled", "paper"].map((mode) => ({ name, options: { mode, ...options } }));
}

/** A method with each value of an option. */
export function sweep(
  name: string,
  option: string,
  values: readonly (number | string)[],
  options: Options = {},
): Choice[] {
  return values.map((value) => ({ name, options: { ...options, [option]: value } }));
}

/** What every other method is held against: before, after as it should be, and how far two of these are apart. */
export const references: readonly Choice[] = [{ name: "original" }, { name: "retrain" }, { name: "retrain-again" }];

const tinyTraining = { embeddingSize: 8, learningRate: 0.01, initialDeviation: 0.1 };

/** Models that are trained in a blink, for the tiny presets. */
export const tinyMf: Choice = { name: "mf", options: { ...tinyTraining, epochs: 30 } };
export const tinyLightGcn: Choice = { name: "lightgcn", options: { ...tinyTraining, epochs: 5 } };

export const mf: Choice = { name: "mf" };
export const lightGcn: Choice = { name: "lightgcn" };
export const neuralMf: Choice = { name: "neural-mf" };

/**
 * A dataset of which a share is mislabelled and to be forgotten: 2 % with MF, 1 % with LightGCN in the authors'
 * scripts.
 */
export function mislabelled(dataset: string, forgetFraction: number): Choice {
  return { name: dataset, options: { forgetFraction } };
}

/** A dataset as it is: requests of other kinds ask for true rows. */
export function asItIs(dataset: string): Choice {
  return { name: dataset, options: { flip: false } };
}

/** A grid for one dataset and backbone. */
export function cell(dataset: Choice, backbone: Choice, rest: Pick<Grid, "methods" | "seeds" | "options">): Grid {
  return { datasets: [dataset], backbones: [backbone], ...rest };
}

/** Recommenders of sessions that are counted, not trained: what a network has to beat. */
export const countedModels: readonly Choice[] = [
  { name: "popularity" },
  { name: "item-knn" },
  { name: "markov-chain" },
];

/** A network of sessions that is trained in a blink, for the tiny presets. */
export function tinyNetwork(name: string): Choice {
  return { name, options: { embeddingSize: 8, learningRate: 0.01, epochs: 2 } };
}

/**
 * Epochs that one idle core affords within about eight minutes. Fixed, and not a limit of seconds, so that every
 * training can be repeated to the byte; and the same for *Original* and *Retrain*, since what a model remembers grows
 * with its epochs when its accuracy no longer does.
 */
const affordable: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  "ml-100k-sessions": { bert4rec: 10 },
  "ml-1m-sessions": { gru4rec: 4, sasrec: 3 },
  "amazon-beauty": { gru4rec: 8, sasrec: 7 },
  "amazon-games": { gru4rec: 8 },
};

/** A network as the full presets train it on a dataset. */
export function affordableNetwork(dataset: string, name: string): Choice {
  return { name, options: { epochs: affordable[dataset][name] } };
}
