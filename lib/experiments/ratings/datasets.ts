import {
  dataHash,
  datasetCatalogue,
  generateInteractions,
  type GenerateOptions,
  ifruSplit,
  type Interactions,
  loadDataset,
} from "../data";
import type { DatasetPart } from "./parts";
import type { Options } from "./run-config";

/** Options of `ifruSplit`, the split's seed by a name of its own. */
const splitDefaults = { coreSize: 5, forgetFraction: 0.02, splitSeed: 1024, flip: true };

function splitOf(interactions: Interactions, options: Options) {
  const { positiveAbove, coreSize, forgetFraction, splitSeed, flip } = options as typeof splitDefaults & {
    positiveAbove: number;
  };
  return ifruSplit(interactions, { positiveAbove, coreSize, forgetFraction, seed: splitSeed, flip });
}

/** A dataset of the catalogue. @param positiveAbove ratings above this are positive (IFRU's rule for the dataset, ours for others) */
function catalogued(name: string, positiveAbove: number): DatasetPart {
  return {
    defaults: { positiveAbove, ...splitDefaults },
    hash: async () =>
      datasetCatalogue()[name]?.variants.find((variant) => variant.dataHash !== undefined)?.dataHash ??
      (await loadDataset(name)).dataHash,
    load: async (options) => splitOf((await loadDataset(name)).interactions, options),
  };
}

/** Made-up ratings; small by default, for tests and first looks. */
const generated: DatasetPart = {
  defaults: { positiveAbove: 3, ...splitDefaults, userCount: 120, itemCount: 90, interactionsPerUser: 40, dataSeed: 1 },
  hash: async (options) => dataHash(generate(options)),
  load: async (options) => splitOf(generate(options), options),
};

function generate(options: Options): Interactions {
  const { userCount, itemCount, interactionsPerUser, dataSeed } = options as Pick<
    GenerateOptions,
    "userCount" | "itemCount" | "interactionsPerUser"
  > & { dataSeed: number };
  return generateInteractions({ userCount, itemCount, interactionsPerUser, seed: dataSeed });
}

/** The datasets experiments know, by name. */
export const datasets: Readonly<Record<string, DatasetPart>> = {
  generated,
  "ml-100k": catalogued("ml-100k", 3),
  "ml-1m": catalogued("ml-1m", 3),
  "amazon-electronics": catalogued("amazon-electronics", 4),
  bookcrossing: catalogued("bookcrossing", 5),
};
