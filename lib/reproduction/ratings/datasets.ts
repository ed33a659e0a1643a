import {
  dataHash,
  generateInteractions,
  type GenerateOptions,
  ifruSplit,
  type Interactions,
  loadDataset,
} from "../../data";
import { contentOf, hashAsRead, loadedFrom } from "../hash-as-read";
import { inModule, type Options } from "../../experiments";
import type { RatingsDataset } from "./types";

/** Options of `ifruSplit`, the split's seed by a name of its own. */
const splitDefaults = { coreSize: 5, forgetFraction: 0.02, splitSeed: 1024, flip: true };

function splitOf(interactions: Interactions, options: Options) {
  const { positiveAbove, coreSize, forgetFraction, splitSeed, flip } = options as typeof splitDefaults & {
    positiveAbove: number;
  };
  return ifruSplit(interactions, { positiveAbove, coreSize, forgetFraction, seed: splitSeed, flip });
}

/**
 * A dataset of the catalogue.
 *
 * @param positiveAbove ratings above this are positive (IFRU's rule for the dataset, ours for others)
 */
function catalogued(name: string, label: string, positiveAbove: number): RatingsDataset {
  return {
    task: "ratings",
    label,
    defaults: { positiveAbove, ...splitDefaults },
    hash: () => hashAsRead(name),
    async load(options) {
      const { interactions, dataHash } = await loadDataset(name);
      return loadedFrom(splitOf(interactions, options), dataHash);
    },
    contentOf,
  };
}

/** Made-up ratings; small by default, for tests and first looks. */
const generated: RatingsDataset = {
  task: "ratings",
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

/** The datasets of ratings, by name. */
export const ratingsDatasets = inModule<RatingsDataset>(__filename, {
  generated,
  "ml-100k": catalogued("ml-100k", "ML-100K", 3),
  "ml-1m": catalogued("ml-1m", "ML-1M", 3),
  "amazon-electronics": catalogued("amazon-electronics", "Amazon Electronics", 4),
  // Electronics by its rules on what can be had everywhere
  "amazon-magazine": catalogued("amazon-magazine", "Amazon Magazine (stand-in for Electronics)", 4),
  bookcrossing: catalogued("bookcrossing", "BookCrossing", 5),
});
