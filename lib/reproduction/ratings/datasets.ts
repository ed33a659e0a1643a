import { asSetting, optionList, type OptionsOf, withInitial } from "../../core";
import {
  dataHash,
  generateInteractions,
  generateOptions,
  ifruSplit,
  ifruSplitOptions,
  type Interactions,
  loadDataset,
} from "../../data";
import { contentOf, hashAsRead, loadedFrom } from "../hash-as-read";
import { inModule, type Options } from "../../experiments";
import type { RatingsDataset } from "./types";

/** Options of `ifruSplit`, the split's seed by a name of its own. @param positive ratings above this are positive */
function splitFields(positive: number) {
  const { positiveAbove, coreSize, forgetFraction, seed, flip } = ifruSplitOptions.fields;
  return {
    positiveAbove: withInitial(positiveAbove, positive),
    ...{ coreSize, forgetFraction, splitSeed: asSetting(seed), flip },
  };
}

function splitOf(interactions: Interactions, options: Options) {
  const { positiveAbove, coreSize, forgetFraction, splitSeed, flip } = options as OptionsOf<
    ReturnType<typeof splitFields>
  >;
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
    options: optionList(name, splitFields(positiveAbove)),
    hash: () => hashAsRead(name),
    async load(options) {
      const { interactions, dataHash } = await loadDataset(name);
      return loadedFrom(splitOf(interactions, options), dataHash);
    },
    contentOf,
  };
}

const { userCount, itemCount, interactionsPerUser, seed } = generateOptions.fields;
const generatedFields = {
  userCount: withInitial(userCount, 120),
  itemCount: withInitial(itemCount, 90),
  interactionsPerUser: withInitial(interactionsPerUser, 40),
  dataSeed: asSetting(seed),
};

/** Made-up ratings; small by default, for tests and first looks. */
const generated: RatingsDataset = {
  task: "ratings",
  options: optionList("generated", { ...splitFields(3), ...generatedFields }),
  hash: async (options) => dataHash(generate(options)),
  load: async (options) => splitOf(generate(options), options),
};

function generate(options: Options): Interactions {
  const { dataSeed, ...shape } = options as OptionsOf<typeof generatedFields>;
  const { userCount, itemCount, interactionsPerUser } = shape;
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
