import { numberOption, optionList, type OptionsOf, Random, seedOption, wholeOption } from "../core";
import type { Interactions } from "./interactions";
import { InteractionsBuilder } from "./interactions-builder";

/** The options of `generateInteractions`. */
export const generateOptions = optionList("generateInteractions", {
  userCount: wholeOption("How many users.", 600, 1),
  itemCount: wholeOption("How many items.", 900, 1),
  interactionsPerUser: wholeOption(
    "Mean interactions of a user; each has between half and one and a half of it.",
    60,
    1,
  ),
  factorCount: wholeOption("Latent tastes; every item belongs most to one of them, its topic.", 8, 1),
  popularitySkew: numberOption("Exponent of the items' Zipf law: 0 makes all items equally popular.", 0.7, { min: 0 }),
  noise: numberOption("Standard deviation of the noise on a rating, in stars.", 0.7, { min: 0 }),
  sessionLength: wholeOption(
    "Mean interactions of a session. A session stays with one topic, its events minutes apart; sessions are days apart.",
    6,
    1,
  ),
  seed: seedOption("Draws everything.", 1),
});

/** Options of `generateInteractions`; defaults and ranges are in `generateOptions`. */
export interface GenerateOptions extends OptionsOf<typeof generateOptions.fields> {}

/** 2020-01-01, UTC. */
const epochSeconds = 1577836800;
const minute = 60;
const day = 86_400;

/**
 * Made-up ratings with structure that models can find: users and items have latent factors, a user picks what is
 * popular and fits the taste and rates by fit, sessions keep to one topic (so the next item can be predicted from the
 * last), and times are known. Equal options give equal data on every machine.
 *
 * @returns whole-star ratings 1 … 5 with times, by user, chronological; ids are `u0…` and `i0…`
 * @example
 * const ratings = generateInteractions({ userCount: 200, itemCount: 80, seed: 7 });
 */
export function generateInteractions(options?: Partial<GenerateOptions>): Interactions {
  const settings = generateOptions.resolve(options);

  const items = plantItems(settings);
  const builder = new InteractionsBuilder();
  for (let user = 0; user < settings.userCount; user++) addUser(builder, user, items, settings);
  return builder.finish();
}

interface PlantedItems {
  /** Row-major `[itemCount, factorCount]`, of unit length in expectation. */
  readonly factors: Float64Array;
  /** Log of the popularity. */
  readonly logWeight: Float64Array;
  /** The factor an item has most of. */
  readonly topic: Int32Array;
}

function plantItems({ itemCount, factorCount, popularitySkew, seed }: GenerateOptions): PlantedItems {
  const random = Random.derive(seed, "items");
  const factors = normals(random, itemCount * factorCount, factorCount);
  const ranks = random.shuffle(Int32Array.from({ length: itemCount }, (_, rank) => rank));
  return {
    factors,
    logWeight: Float64Array.from(ranks, (rank) => -popularitySkew * Math.log(rank + 1)),
    topic: Int32Array.from({ length: itemCount }, (_, item) =>
      indexOfMax(factors.subarray(item * factorCount, (item + 1) * factorCount)),
    ),
  };
}

function addUser(builder: InteractionsBuilder, user: number, items: PlantedItems, settings: GenerateOptions): void {
  const { itemCount, factorCount, interactionsPerUser, noise, seed } = settings;
  const random = Random.derive(seed, "user", user);
  const taste = normals(random, factorCount, 1);
  const fit = Float64Array.from({ length: itemCount }, (_, item) => dot(taste, items.factors, item * factorCount));
  const count = Math.min(itemCount, Math.max(1, Math.round(interactionsPerUser * (0.5 + random.uniform()))));
  const chosen = drawWithoutReplacement(random, count, (item) => items.logWeight[item] + fit[item], itemCount);

  const dense = builder.users.intern(`u${user}`);
  let time = epochSeconds + random.integer(365) * day;
  for (const session of intoSessions(chosen, items.topic, settings, random)) {
    time += day * (1 + random.integer(14));
    let moment = time;
    for (const item of session) {
      const stars = Math.round(3.4 + 1.2 * fit[item] + noise * random.normal());
      builder.add(dense, builder.items.intern(`i${item}`), Math.min(5, Math.max(1, stars)), moment);
      moment += minute * (1 + random.integer(5));
    }
  }
}

/**
 * `count` items with chances in proportion to exp(log weight), none twice: the largest of log weight + Gumbel noise.
 */
function drawWithoutReplacement(
  random: Random,
  count: number,
  logWeight: (item: number) => number,
  itemCount: number,
): number[] {
  const keyed = Array.from({ length: itemCount }, (_, item) => ({
    item,
    key: logWeight(item) - Math.log(-Math.log(1 - random.uniform())),
  }));
  return keyed
    .sort((a, b) => b.key - a.key || a.item - b.item)
    .slice(0, count)
    .map(({ item }) => item);
}

/** Cuts a user's items into sessions of one topic each, in random order. */
function intoSessions(
  chosen: readonly number[],
  topic: Int32Array,
  { factorCount, sessionLength }: GenerateOptions,
  random: Random,
): number[][] {
  const sessions: number[][] = [];
  for (let wanted = 0; wanted < factorCount; wanted++) {
    const rest = random.shuffle(chosen.filter((item) => topic[item] === wanted));
    while (rest.length > 0)
      sessions.push(rest.splice(0, Math.max(1, Math.ceil(sessionLength / 2) + random.integer(sessionLength))));
  }
  return random.shuffle(sessions);
}

/** Normal draws of variance 1 / `divisor`. */
function normals(random: Random, length: number, divisor: number): Float64Array {
  return Float64Array.from({ length }, () => random.normal() / Math.sqrt(divisor));
}

function dot(vector: Float64Array, matrix: Float64Array, offset: number): number {
  let sum = 0;
  for (let k = 0; k < vector.length; k++) sum += vector[k] * matrix[offset + k];
  return sum;
}

function indexOfMax(values: Float64Array): number {
  let best = 0;
  for (let k = 1; k < values.length; k++) if (values[k] > values[best]) best = k;
  return best;
}
