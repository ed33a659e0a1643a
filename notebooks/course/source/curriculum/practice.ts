// What the assignment gives: sessions of each student's own, a small session model, and checks to run while you work.
import { announce, NotFoundError, Random } from "recsys-unlearning/core";
import { generateInteractions, type Interactions, loadDataset } from "recsys-unlearning/data";

/** An event of a session: `item` after the items of `history`, and before `next`, which is -1 at the session's end. */
export interface Event {
  readonly history: readonly number[];
  readonly item: number;
  readonly next: number;
}

export interface Data {
  readonly source: "ml-100k" | "generated";
  readonly items: number;
  /** What the model learns from. */
  readonly train: readonly Event[];
  /** The events of `train` that are to be forgotten. */
  readonly forget: readonly Event[];
  /** `train` as if the events to forget had never been. */
  readonly retained: readonly Event[];
  /** Events of sessions that no model learns from: one half for the level, the other for testing. */
  readonly unseen: readonly Event[];
  readonly test: readonly Event[];
}

/** Gradients of three losses by the logits, `[items]` each. */
export interface LogitGradients {
  readonly forget: readonly number[];
  readonly normal: readonly number[];
  readonly keep: readonly number[];
}
export type LossGradients = (p: readonly number[], q: readonly number[], item: number, next: number) => LogitGradients;
/** The weight of the first of two vectors in their shortest combination. */
export type MinNormTwo = (a: readonly number[], b: readonly number[]) => number;
/** The weights of three vectors in their shortest combination, from the matrix of their inner products. */
export type MinNormThree = (gram: readonly (readonly number[])[]) => number[];
export type Difficulty = (p: readonly number[], q: readonly number[], item: number, next: number) => number;
export type HardOrder = (difficulties: readonly number[]) => number[];
/** @param uniforms a draw from (0, 1) for each sample */
export type SoftOrder = (difficulties: readonly number[], temperature: number, uniforms: readonly number[]) => number[];
export interface Level {
  readonly level: number;
  readonly standardError: number;
}
/** The share of ranks that are at most k, and its standard error. */
export type HitLevel = (ranks: readonly number[], k: number) => Level;
/** The first place of a curve that is at most one standard error above the level, -1 where there is none. */
export type StopAt = (curve: readonly number[], level: Level) => number;

const items = 120;
const length = 10;

/** MovieLens-100K where it can be had, else the generated dataset, said aloud. */
async function ratings(): Promise<{ source: Data["source"]; all: Interactions }> {
  try {
    return { source: "ml-100k", all: (await loadDataset("ml-100k")).interactions };
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    announce("MovieLens-100K cannot be had here: your data are GENERATED, and say nothing about MovieLens.");
    return { source: "generated", all: generateInteractions() };
  }
}

/**
 * Your data: what 160 users watched of the 120 most watched films, in order of time, cut into sessions of 10. Your name
 * draws the users, who of them is never trained on, and one event to forget of each of 80 sessions.
 */
export async function dataOf(student: string): Promise<Data> {
  const { source, all } = await ratings();
  const random = Random.derive(18, "curriculum", student);
  const histories = random.shuffle(historiesOf(all)).slice(0, 160);
  const sessions = histories.map((watched) =>
    [0, 1, 2].map((part) => watched.slice(part * length, (part + 1) * length)).filter((each) => each.length === length),
  );
  const train = sessions.slice(0, 90).flat();
  const forgotten = [...random.sample(train.length, 80)].map((session) => ({ session, place: 3 + random.integer(6) }));
  const retained = train.map((session, k) => {
    const gone = forgotten.find((event) => event.session === k);
    return gone === undefined ? session : session.filter((_, place) => place !== gone.place);
  });
  return {
    source,
    items,
    train: train.flatMap(eventsOf),
    forget: forgotten.map(({ session, place }) => eventsOf(train[session])[place - 1]),
    retained: retained.flatMap(eventsOf),
    unseen: sessions.slice(90, 125).flat().flatMap(eventsOf),
    test: sessions.slice(125).flat().flatMap(eventsOf),
  };
}

/** What each user with at least 10 of the most watched films watched of these, in order of time, numbered from 0. */
function historiesOf({ user, item, time, userCount, itemCount }: Interactions): number[][] {
  const counts = new Int32Array(itemCount);
  for (const id of item) counts[id]++;
  const order = [...counts.keys()].sort((a, b) => counts[b] - counts[a] || a - b).slice(0, items);
  const number = new Map(order.map((id, k) => [id, k]));
  const rows = [...user.keys()].filter((row) => number.has(item[row]));
  rows.sort((a, b) => (time === undefined ? 0 : time[a] - time[b]) || a - b);
  const watched = Array.from({ length: userCount }, (): number[] => []);
  for (const row of rows) watched[user[row]].push(number.get(item[row]) ?? 0);
  return watched.filter((each) => each.length >= length);
}

/** All events of a session that have a history. */
const eventsOf = (session: readonly number[]): Event[] =>
  session
    .slice(1)
    .map((item, k) => ({ history: session.slice(0, k + 1), item, next: k + 2 < session.length ? session[k + 2] : -1 }));

const size = 12;
const memory = 0.7;

/** Parameters: a vector of each item as input, one as output, and a bias. */
export type Theta = Float64Array;
const outputs = items * size;
const biases = 2 * items * size;

/** The state after a history: its items' vectors, the last the most. */
function state(theta: Theta, history: readonly number[]): Float64Array {
  const h = new Float64Array(size);
  let weight = 1;
  for (let k = history.length - 1; k >= 0 && k >= history.length - 6; k--, weight *= memory)
    for (let d = 0; d < size; d++) h[d] += weight * theta[history[k] * size + d];
  return h;
}

/** The model's probabilities of all items after a history: the softmax of their logits. */
export function probabilities(theta: Theta, history: readonly number[]): number[] {
  const h = state(theta, history);
  const logits = Array.from({ length: items }, (_, item) => {
    let sum = theta[biases + item];
    for (let d = 0; d < size; d++) sum += theta[outputs + item * size + d] * h[d];
    return sum;
  });
  return softmax(logits);
}

function softmax(logits: readonly number[]): number[] {
  const highest = Math.max(...logits);
  const powers = logits.map((x) => Math.exp(x - highest));
  const sum = powers.reduce((total, x) => total + x, 0);
  return powers.map((x) => x / sum);
}

/** Adds `factor` times the gradient by the parameters that a gradient by the logits after a history comes to. */
function addGradient(
  target: Theta,
  theta: Theta,
  history: readonly number[],
  byLogit: readonly number[],
  factor: number,
) {
  const h = state(theta, history);
  const byState = new Float64Array(size);
  for (let item = 0; item < items; item++) {
    const slope = factor * byLogit[item];
    if (slope === 0) continue;
    target[biases + item] += slope;
    for (let d = 0; d < size; d++) {
      byState[d] += slope * theta[outputs + item * size + d];
      target[outputs + item * size + d] += slope * h[d];
    }
  }
  let weight = 1;
  for (let k = history.length - 1; k >= 0 && k >= history.length - 6; k--, weight *= memory)
    for (let d = 0; d < size; d++) target[history[k] * size + d] += weight * byState[d];
}

/** The mean gradient by the parameters, from a gradient by the logits of each event. */
export function meanGradient(
  theta: Theta,
  events: readonly Event[],
  byLogit: readonly (readonly number[])[],
): number[] {
  const sum = new Float64Array(theta.length);
  events.forEach(({ history }, k) => addGradient(sum, theta, history, byLogit[k], 1 / events.length));
  return [...sum];
}

/** Trains a model on events, with YOUR gradient of the normal loss. */
export function fit(lossGradients: LossGradients, events: readonly Event[], epochs = 30, seed = 1): Theta {
  const random = Random.derive(seed, "fit");
  const theta = Float64Array.from({ length: biases + items }, (_, k) => (k < biases ? 0.2 * random.normal() : 0));
  const order = [...events.keys()];
  for (let epoch = 0; epoch < epochs; epoch++)
    for (const k of random.shuffle(order)) {
      const { history, item } = events[k];
      const p = probabilities(theta, history);
      const { normal } = lossGradients(p, p, item, item);
      const step = new Float64Array(theta.length);
      addGradient(step, theta, history, normal, -0.08);
      for (let d = 0; d < theta.length; d++) theta[d] += step[d];
    }
  return theta;
}

/** Where each event's item stands among all items by the model: 1 is first, and behind all that score the same. */
export function ranksOf(theta: Theta, events: readonly Event[]): number[] {
  return events.map(({ history, item }) => {
    const p = probabilities(theta, history);
    return p.filter((x) => !(x < p[item])).length;
  });
}

export const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, k) => sum + x * b[k], 0);

/** What a step is taken against, `[parameters]`, from the events of a batch and what the original predicts for each. */
export type Direction = (theta: Theta, batch: readonly Event[], original: readonly (readonly number[])[]) => number[];

/**
 * Goes through events in batches of 8, epoch by epoch: for each a step of length `rate` against its direction.
 *
 * @param order the order of visit, drawn anew for each epoch
 * @returns the parameters before the first epoch and after each
 */
export function descend(
  from: Theta,
  events: readonly Event[],
  order: (epoch: number) => readonly number[],
  direction: Direction,
  { epochs, rate }: { epochs: number; rate: number },
): Theta[] {
  const original = events.map(({ history }) => probabilities(from, history));
  const states = [from];
  for (let epoch = 0; epoch < epochs; epoch++) {
    const theta = states[epoch].slice();
    const places = order(epoch);
    for (let start = 0; start < places.length; start += 8) {
      const batch = places.slice(start, start + 8);
      const step = direction(
        theta,
        batch.map((k) => events[k]),
        batch.map((k) => original[k]),
      );
      const size = Math.sqrt(dot(step, step)) || 1;
      for (let d = 0; d < theta.length; d++) theta[d] -= (rate / size) * step[d];
    }
    states.push(theta);
  }
  return states;
}

interface Answers {
  readonly lossGradients: LossGradients;
  readonly minNormTwo: MinNormTwo;
  readonly minNormThree: MinNormThree;
  readonly difficulty: Difficulty;
  readonly hardOrder: HardOrder;
  readonly softOrder: SoftOrder;
  readonly hitLevel: HitLevel;
  readonly stopAt: StopAt;
}

/**
 * Tries an answer of yours on small inputs and says what is wrong with it, if anything. It knows properties, such as
 * what a derivative is by finite differences; it does not know the answers.
 */
export function check<Name extends keyof Answers>(name: Name, answer: Answers[Name]): void {
  let problem: string | undefined;
  try {
    problem = (properties[name] as (answer: Answers[Name]) => string | undefined)(answer);
  } catch (error) {
    problem = `it stopped: ${error instanceof Error ? error.message : String(error)}`;
  }
  console.log(problem === undefined ? `✓ ${name}: has the properties it should have` : `✗ ${name}: ${problem}`);
}

const properties: { readonly [Name in keyof Answers]: (answer: Answers[Name]) => string | undefined } = {
  lossGradients(lossGradients) {
    const logits = [0.3, -1, 0.8, 0.1, -0.4];
    const q = softmax([0, 0.5, -0.5, 0.2, 0.1]);
    const [item, next] = [2, 4];
    const losses = {
      forget: (p: readonly number[]) => Math.log(p[item]),
      normal: (p: readonly number[]) => -Math.log(p[next]),
      keep: (p: readonly number[]) => q.reduce((sum, x, k) => sum + x * Math.log(x / p[k]), 0),
    };
    const given = lossGradients(softmax(logits), q, item, next);
    for (const name of ["forget", "normal", "keep"] as const) {
      const want = logits.map((_, k) => {
        const shifted = (by: number) => losses[name](softmax(logits.map((x, j) => (j === k ? x + by : x))));
        return (shifted(1e-4) - shifted(-1e-4)) / 2e-4;
      });
      const is = given[name];
      if (!Array.isArray(is) || is.length !== 5) return `${name}: not a number for each item`;
      const near = (a: readonly number[], sign: number) => a.every((x, k) => Math.abs(x - sign * want[k]) < 1e-5);
      if (near(is, -1)) return `${name}: it points the other way. Which way does this loss rise?`;
      if (!near(is, 1)) return `${name}: it is not what finite differences give. Write the loss by the logits first`;
    }
    const last = lossGradients(softmax(logits), q, item, -1).normal;
    return last.length === 5 && last.every((x) => x === 0)
      ? undefined
      : "normal: at the end of a session (next is -1) there is no such loss, so its gradient is 0";
  },
  minNormTwo(minNorm) {
    const trials = [
      [
        [3, 0],
        [0, 1],
      ],
      [
        [1, 0.2],
        [5, 1],
      ],
      [
        [2, 1],
        [-1, 3],
      ],
      [
        [4, 1],
        [1, 0.5],
      ],
    ] as const;
    for (const [a, b] of trials) {
      const weight = minNorm(a, b);
      if (!Number.isFinite(weight)) return "the weight is not a number";
      if (weight < 0 || weight > 1)
        return "a weight below 0 or above 1: the combination has left the line between them";
      const squared = (w: number) => (w * a[0] + (1 - w) * b[0]) ** 2 + (w * a[1] + (1 - w) * b[1]) ** 2;
      const best = Math.min(...Array.from({ length: 1001 }, (_, k) => squared(k / 1000)));
      if (squared(1 - weight) < best + 1e-5 && squared(weight) > best + 1e-5)
        return "it is the weight of the other one";
      if (squared(weight) > best + 1e-5) return "another weight gives a shorter vector: set the derivative to 0";
    }
    return Number.isFinite(minNorm([1, 2], [1, 2])) ? undefined : "two equal vectors: is something divided by 0?";
  },
  minNormThree(minNorm) {
    const random = Random.fromSeed(5);
    for (let trial = 0; trial < 30; trial++) {
      const vectors = [0, 1, 2].map(() =>
        Array.from({ length: 3 }, () => random.normal() + (trial % 3 === 0 ? 0.6 : 0)),
      );
      const gram = vectors.map((a) => vectors.map((b) => dot(a, b)));
      const weights = minNorm(gram);
      if (!Array.isArray(weights) || weights.length !== 3) return "it returns no three weights";
      if (Math.abs(weights[0] + weights[1] + weights[2] - 1) > 1e-6) return "the weights do not add up to 1";
      if (weights.some((x) => !(x >= -1e-9))) return "a weight is below 0";
      // At the shortest combination c, no vector has a smaller product with c than c itself.
      const products = gram.map((row) => dot(row, weights));
      const square = dot(weights, products);
      if (products.some((x) => x < square - 1e-4))
        return "a shorter combination exists: towards which vector? Are corners, edges and the inside all tried?";
    }
    const stalled = minNorm([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 0],
    ]);
    return stalled.every(Number.isFinite) ? undefined : "a gradient that is 0: is something divided by 0?";
  },
  difficulty(difficulty) {
    const p = softmax([0.3, -1, 0.8, 0.1, -0.4]);
    const conflict = difficulty(p, p, 2, 2);
    if (!(Math.abs(conflict) <= 1 + 1e-9)) return "a cosine lies between -1 and 1";
    if (Math.abs(conflict - 1) > 1e-6)
      return conflict < 0
        ? "an event is hardest where forgetting and keeping pull against each other: the sign"
        : "where the next item is the forgotten one, forgetting and keeping are opposite: that is as hard as can be";
    if (difficulty(p, p, 2, -1) !== 0) return "where there is nothing to keep, nothing conflicts: 0, and not NaN";
    const q = softmax([0, 2, -0.5, 0.2, 0.1]);
    return Math.abs(difficulty(p, q, 2, 4) - difficulty(p, p, 2, 4)) < 1e-9
      ? "the keep loss makes no difference"
      : undefined;
  },
  hardOrder(order) {
    const given = order([0.5, -1, 2, 0]);
    if (!isOrder(given, 4)) return "it is not each place once, from 0";
    if (given[0] === 2) return "the hardest comes first";
    if (given[0] !== 1 || given[3] !== 2) return "is it the places in order of visit, or the rank of each place?";
    return undefined;
  },
  softOrder(order) {
    const difficulties = [0.5, -1, 2, 0];
    const random = Random.fromSeed(2);
    const draw = () => difficulties.map(() => random.uniform());
    if (!isOrder(order(difficulties, 1, draw()), 4)) return "it is not each place once, from 0";
    const first = (temperature: number, place: number) =>
      Array.from({ length: 800 }, () => order(difficulties, temperature, draw())[0]).filter((k) => k === place).length /
      800;
    if (first(0.01, 1) < 0.95) return "as the temperature goes to 0 it should become the hard order";
    if (Math.abs(first(100, 1) - 0.25) > 0.08)
      return "at a high temperature every event should be as likely to be first";
    // One easy event among four: standardised, it is 4 / sqrt(3) below the others.
    const chance = Math.exp(2 / Math.sqrt(3)) / (Math.exp(2 / Math.sqrt(3)) + 3);
    const uniforms = () => [0, 1, 2, 3].map(() => random.uniform());
    const drawn = Array.from({ length: 4000 }, () => order([0, 1, 1, 1], 2, uniforms())[0]);
    if (Math.abs(drawn.filter((k) => k === 0).length / 4000 - chance) > 0.04)
      return "the first is not drawn with the chances of equation 3: which sign has the noise?";
    const easier = (factor: number) =>
      JSON.stringify(
        order(
          difficulties.map((x) => factor * x + 3),
          1,
          [0.95, 0.2, 0.97, 0.3],
        ),
      );
    if (easier(1) !== easier(50)) return "it depends on the scale of the difficulties: standardise them first";
    return undefined;
  },
  hitLevel(hitLevel) {
    const { level, standardError } = hitLevel([1, 10, 11, 40], 10);
    if (level !== 0.5) return "ranks 1 and 10 are among the first 10, rank 11 is not";
    if (
      Math.abs(
        standardError / hitLevel([1, 10, 11, 40, 1, 10, 11, 40, 1, 10, 11, 40, 1, 10, 11, 40], 10).standardError - 2,
      ) > 1e-6
    )
      return "four times as many ranks should halve the standard error";
    return undefined;
  },
  stopAt(stopAt) {
    const level = { level: 0.3, standardError: 0.05 };
    if (stopAt([0.9, 0.8, 0.7], level) !== -1) return "a curve that never comes down has no place to stop";
    if (stopAt([0.9, 0.34, 0.1], level) !== 1)
      return "one standard error above the level is near enough; places count from 0";
    return stopAt([0.2, 0.1], level) === 0 ? undefined : "a curve that begins below the level stops where it begins";
  },
};

const isOrder = (order: readonly number[], count: number) =>
  order.length === count && [...order].sort((a, b) => a - b).every((place, k) => place === k);
