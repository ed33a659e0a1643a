import { asSetting, optionList, type OptionsOf, withInitial } from "../../core";
import {
  dataHash,
  loadDataset,
  type SessionDataset,
  sessionDataset,
  type SessionDatasetOptions,
  sessionDatasetOptions,
} from "../../data";
import { generate, generatedFields } from "../generated";
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

/** Made-up sessions; small by default, for tests and first looks. */
const generated: SessionsDataset = {
  task: "sessions",
  label: "generated sessions",
  options: optionList("generated-sessions", { ...splitFields(0), ...generatedFields(20) }),
  hash: async (options) => dataHash(generate(options)),
  load: async (options) => {
    const interactions = generate(options);
    return splitOf({ name: "generated", interactions, dataHash: dataHash(interactions) }, options);
  },
};

/** The datasets of sessions, by name: the catalogue's, with `-sessions` where ratings have the same. */
export const sessionsDatasets = inModule<SessionsDataset>(__filename, {
  "generated-sessions": generated,
  "ml-100k-sessions": catalogued("ml-100k", "ML-100K sessions", 4),
  "ml-1m-sessions": catalogued("ml-1m", "ML-1M sessions", 4),
  "amazon-beauty": catalogued("amazon-beauty", "Amazon Beauty", 0),
  "amazon-games": catalogued("amazon-games", "Amazon Games", 0),
});
