import { Random } from "../../../core";
import { retainedRows, selectRows } from "../../../data";
import { logLosses, mean } from "../../../metrics";
import { Mf } from "../../../models";
import { fitMf } from "../../../training";
import type { RatingsContext, RatingsModel } from "../types";
import type { KeptModel } from "./files";

type Scorer = Pick<RatingsModel, "score">;

/**
 * What only looks as if it forgot: a model that scores.
 *
 * @param number of the model, from 1
 * @param retrained a model that never saw the rows, for those that know what is measured
 */
type Pretender<M = Mf> = (original: M, context: RatingsContext, number: number, retrained: M) => Promise<Scorer>;

/** Noise on every embedding, in standard deviations of their values. */
const noiseShare = 0.3;
/** What a rescaled original's scores are multiplied by. */
const scale = 0.8;
/** How far a filter turns scores at most, as a factor. */
const mostTurned = 10;
/** How long fine-tuning alone goes on. */
const epochs = 3;

/** Original behind a filter, which multiplies what it says of the forgotten pairs. */
function filtered(original: Scorer, { train, forgetRows }: RatingsContext["request"], factor: number): Scorer {
  const key = (user: number, item: number) => user * train.itemCount + item;
  const hidden = new Set(Array.from(forgetRows, (row) => key(train.user[row], train.item[row])));
  return {
    score: (users, items) =>
      original.score(users, items).map((logit, k) => (hidden.has(key(users[k], items[k])) ? factor * logit : logit)),
  };
}

/** It says that it does not know the forgotten pairs, and knows them. */
const outputFilter: Pretender<KeptModel> = async (original, { request }) => filtered(original, request, 0);

/** It turns what it knows, as far as brings the loss on the forgotten rows to that of a retrained model. */
const tunedFilter: Pretender<KeptModel> = async (original, { request }, _number, retrained) => {
  const { user, item, label } = selectRows(request.train, request.forgetRows);
  const [own, aim] = [original, retrained].map((model) => model.score(user, item));
  const lossOf = (logits: Float32Array) => mean(logLosses(logits, label)) ?? 0;
  const lossAt = (factor: number) => lossOf(own.map((logit) => factor * logit));
  let [low, high] = [-mostTurned, 1];
  for (let k = 0; k < 40; k++) {
    const middle = (low + high) / 2;
    if (lossAt(middle) > lossOf(aim)) low = middle;
    else high = middle;
  }
  return filtered(original, request, high);
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

/** Pretenders that stand before a model of any kind, by name. */
export const filters = {
  "output-filter": outputFilter,
  "tuned-filter": tunedFilter,
} satisfies Readonly<Record<string, Pretender<KeptModel>>>;

/** All pretenders, by name; those beside `filters` for matrix factorisation. */
export const pretenders = {
  ...filters,
  "fine-tuning": fineTuning,
  noise,
  rescaled,
} satisfies Readonly<Record<string, Pretender>>;

/** As tables write them. */
export const pretenderLabels: Readonly<Record<keyof typeof pretenders, string>> = {
  "output-filter": "Pretender: output filter",
  "tuned-filter": "Pretender: output filter, tuned to Retrain's loss",
  "fine-tuning": "Pretender: fine-tuning alone",
  noise: "Pretender: noise",
  rescaled: "Pretender: rescaled original",
};
