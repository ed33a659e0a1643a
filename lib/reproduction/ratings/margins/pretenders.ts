import { Random } from "../../../core";
import { retainedRows, selectRows } from "../../../data";
import { Mf } from "../../../models";
import { fitMf } from "../../../training";
import type { RatingsContext, RatingsModel } from "../types";

/** What only looks as if it forgot: a model that scores. */
type Pretender = (original: Mf, context: RatingsContext, number: number) => Promise<Pick<RatingsModel, "score">>;

/** Noise on every embedding, in standard deviations of their values. */
const noiseShare = 0.3;
/** What a rescaled original's scores are multiplied by. */
const scale = 0.8;
/** How long fine-tuning alone goes on. */
const epochs = 3;

/** Original behind a filter: it says that it does not know the forgotten pairs, and knows them. */
const outputFilter: Pretender = async (original, { request: { train, forgetRows } }) => {
  const key = (user: number, item: number) => user * train.itemCount + item;
  const hidden = new Set(Array.from(forgetRows, (row) => key(train.user[row], train.item[row])));
  return {
    score: (users, items) =>
      original.score(users, items).map((logit, k) => (hidden.has(key(users[k], items[k])) ? 0 : logit)),
  };
};

/** Trains Original on, on the rows that stay. */
const fineTuning: Pretender = async (original, { split, request, training }, number) => {
  const kept = selectRows(request.train, retainedRows(request.train, request.forgetRows));
  const options = { ...training.options, epochs, patience: epochs, seed: number };
  return (await fitMf(kept, split.valid, options, original)).model;
};

const noise: Pretender = async (original, _context, number) => {
  const random = Random.derive(number, "margins", "noise");
  const noisy = (values: Float32Array) => {
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
    return values.map((value) => value + noiseShare * deviation * random.normal());
  };
  return new Mf(noisy(original.userEmbedding), noisy(original.itemEmbedding), original.embeddingSize);
};

/** The same order of items, less sure of itself. */
const rescaled: Pretender = async (original) =>
  new Mf(
    original.userEmbedding.map((value) => value * scale),
    original.itemEmbedding,
    original.embeddingSize,
  );

/** Pretenders by name. */
export const pretenders = {
  "output-filter": outputFilter,
  "fine-tuning": fineTuning,
  noise,
  rescaled,
} satisfies Readonly<Record<string, Pretender>>;

/** As tables write them. */
export const pretenderLabels: Readonly<Record<keyof typeof pretenders, string>> = {
  "output-filter": "Pretender: output filter",
  "fine-tuning": "Pretender: fine-tuning alone",
  noise: "Pretender: noise",
  rescaled: "Pretender: rescaled original",
};
