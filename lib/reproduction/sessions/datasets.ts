import { asSetting, optionList, type OptionsOf, withInitial } from "../../core";
import {
  dataHash,
  generateInteractions,
  generateOptions,
  type Interactions,
  loadDataset,
  type SessionDataset,
  sessionDataset,
  type SessionDatasetOptions,
  sessionDatasetOptions,
} from "../../data";
import { contentOf, hashAsRead, loadedFrom } from "../hash-as-read";
import { inModule, type Options } from "../../experiments";
import type { SessionsDataset } from "./types";

/** Options of `sessionDataset`, the split's seed by a name of its own. @param least lower ratings are no events */
function splitFields(least: number) {
  const { minRating, minLength, validShare, testShare, seed } = sessionDatasetOptions.fields;
  return { minRating: withInitial(minRating, least), minLength, validShare, testShare, splitSeed: asSetting(seed) };
}

/** What sessions are made of. */
type Source = Parameters<typeof sessionDataset>[0];

function splitOf(source: Source, options: Options): SessionDataset {
  const { minRating, minLength, validShare, testShare, splitSeed } = options as OptionsOf<
    ReturnType<typeof splitFields>
  >;
  const given: SessionDatasetOptions = { minRating, minLength, validShare, testShare, seed: splitSeed };
  return sessionDataset(source, given);
}

/** A dataset of the catalogue. @param minRating lower ratings are no events; 0 keeps every row */
function catalogued(name: string, label: string, minRating: number): SessionsDataset {
  return {
    task: "sessions",
    label,
    options: optionList(name, splitFields(minRating)),
    hash: () => hashAsRead(name),
    async load(options) {
      const dataset = await loadDataset(name);
      return loadedFrom(splitOf(dataset, options), dataset.dataHash);
    },
    contentOf,
  };
}

const { userCount, itemCount, interactionsPerUser, seed } = generateOptions.fields;
const generatedFields = {
  userCount: withInitial(userCount, 120),
  itemCount: withInitial(itemCount, 90),
  interactionsPerUser: withInitial(interactionsPerUser, 20),
  dataSeed: asSetting(seed),
};

/** Made-up sessions; small by default, for tests and first looks. */
const generated: SessionsDataset = {
  task: "sessions",
  label: "generated sessions",
  options: optionList("generated-sessions", { ...splitFields(0), ...generatedFields }),
  hash: async (options) => dataHash(generate(options)),
  load: async (options) => {
    const interactions = generate(options);
    return splitOf({ name: "generated", interactions, dataHash: dataHash(interactions) }, options);
  },
};

function generate(options: Options): Interactions {
  const { dataSeed, ...shape } = options as OptionsOf<typeof generatedFields>;
  const { userCount, itemCount, interactionsPerUser } = shape;
  return generateInteractions({ userCount, itemCount, interactionsPerUser, seed: dataSeed });
}

/** The datasets of sessions, by name: the catalogue's, with `-sessions` where ratings have the same. */
export const sessionsDatasets = inModule<SessionsDataset>(__filename, {
  "generated-sessions": generated,
  "ml-100k-sessions": catalogued("ml-100k", "ML-100K sessions", 4),
  "ml-1m-sessions": catalogued("ml-1m", "ML-1M sessions", 4),
  "amazon-beauty": catalogued("amazon-beauty", "Amazon Beauty", 0),
  "amazon-games": catalogued("amazon-games", "Amazon Games", 0),
});
