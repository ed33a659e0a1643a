// What the assignment gives: data, training, the models to judge, and checks to run while you work.
import { Random } from "recsys-unlearning/core";
import { generateInteractions } from "recsys-unlearning/data";
import { loadModelAs, Mf } from "recsys-unlearning/models";

/** A rating: label 1 where the user liked the item, else 0. */
export interface Row {
  readonly user: number;
  readonly item: number;
  readonly label: number;
}

export interface Case {
  /** Which of the cases is yours: `"a"` to `"d"`. */
  readonly variant: string;
  /** What the original learned from, the rows to forget included. */
  readonly train: readonly Row[];
  readonly forget: readonly Row[];
  /** `train` without `forget`. */
  readonly retain: readonly Row[];
  /** Rows that no model learned from, of the users who asked. */
  readonly unseen: readonly Row[];
  readonly test: readonly Row[];
}

/** The area under the ROC curve: how often a positive scores above a negative, ties half. */
export type Auc = (scores: readonly number[], labels: readonly number[]) => number;
/** How sure a model is of the truth, per row. */
export type Confidence = (logits: readonly number[], labels: readonly number[]) => number[];
export interface Shadows {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}
/** Per row, mean and deviation of the scores of the shadow models that did not learn from it. */
export type OutStatistics = (
  scores: readonly (readonly number[])[],
  member: readonly (readonly boolean[])[],
) => Shadows;
export type MembershipScores = (scores: readonly number[], shadows: Shadows) => number[];
/** The mean absolute difference of two models' predictions, over all pairs of models. */
export type NoiseFloor = (predictions: readonly (readonly number[])[]) => number;
/** The mean distance of a model to each retrained one, in noise floors. */
export type OverFloor = (model: readonly number[], retrained: readonly (readonly number[])[]) => number;

const users = 120;
const items = 100;
const size = 6;
export const variants = ["a", "b", "c", "d"];

/** Which case is a student's. */
export function variantOf(student: string): string {
  return variants[Random.derive(18, "audit", student).integer(variants.length)];
}

/**
 * Your case, by your name. All cases are of GENERATED data, since the models to judge come as files and must have been
 * trained on the same bytes everywhere: nothing here says anything about MovieLens.
 */
export function caseOf(student: string): Case {
  return caseNamed(variantOf(student));
}

/** The case of a variant: 24 users ask that half of their training rows be forgotten. */
export function caseNamed(variant: string): Case {
  const seed = 40 + variants.indexOf(variant);
  const ratings = generateInteractions({ userCount: users, itemCount: items, interactionsPerUser: 40, seed });
  const random = Random.derive(seed, "case");
  const rows = [...ratings.user.keys()].map((k) => ({
    user: ratings.user[k],
    item: ratings.item[k],
    label: ratings.label[k] > 3 ? 1 : 0,
  }));
  random.shuffle(rows);
  const asking = new Set(random.sample(users, 24));
  const train = rows.filter((_, k) => k % 3 !== 0);
  const rest = rows.filter((_, k) => k % 3 === 0);
  const theirs = train.filter(({ user }) => asking.has(user));
  const forget = theirs.filter((_, k) => k % 2 === 0);
  const gone = new Set(forget);
  return {
    variant,
    train,
    forget,
    retain: train.filter((row) => !gone.has(row)),
    unseen: rest.filter(({ user }) => asking.has(user)),
    test: rest.filter(({ user }) => !asking.has(user)),
  };
}

export const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));
export const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

/** A matrix factorisation trained on rows by stochastic gradient descent. Other seeds give other models. */
export function fit(rows: readonly Row[], seed: number, epochs = 60): Mf {
  const model = Mf.initialise({ userCount: users, itemCount: items, embeddingSize: size, initialDeviation: 0.1, seed });
  return fitOn(model, rows, Random.derive(seed, "fit"), epochs);
}

/** Goes on training a model, in place. @param moves whether a user's vector may move. Default: all may */
export function fitOn(
  model: Mf,
  rows: readonly Row[],
  random: Random,
  epochs: number,
  moves: (user: number) => boolean = () => true,
): Mf {
  const { userEmbedding: p, itemEmbedding: q } = model;
  const order = [...rows.keys()];
  for (let epoch = 0; epoch < epochs; epoch++)
    for (const k of random.shuffle(order)) {
      const { user, item, label } = rows[k];
      let logit = 0;
      for (let d = 0; d < size; d++) logit += p[user * size + d] * q[item * size + d];
      const pull = label - sigmoid(logit);
      for (let d = 0; d < size; d++) {
        const [u, i] = [p[user * size + d], q[item * size + d]];
        if (moves(user)) p[user * size + d] += 0.1 * (pull * i - 0.02 * u);
        q[item * size + d] += 0.1 * (pull * u - 0.02 * i);
      }
    }
  return model;
}

/** A model's logits of some rows. */
export function logitsOf(model: Mf, rows: readonly Row[]): number[] {
  const ids = (of: "user" | "item") => Int32Array.from(rows, (row) => row[of]);
  return [...model.score(ids("user"), ids("item"))];
}

/** The original and the three models to judge, from the files beside this one. */
export async function modelsOf(variant: string): Promise<Record<"original" | "A" | "B" | "C", Mf>> {
  const read = (name: string) => loadModelAs(`models/${variant}-${name}.safetensors`, Mf);
  return { original: await read("original"), A: await read("A"), B: await read("B"), C: await read("C") };
}

interface Answers {
  readonly auc: Auc;
  readonly confidence: Confidence;
  readonly outStatistics: OutStatistics;
  readonly membershipScores: MembershipScores;
  readonly noiseFloor: NoiseFloor;
  readonly overFloor: OverFloor;
}

/** Tries an answer of yours on small inputs and says what is wrong with it. It knows properties, not the answers. */
export function check<Name extends keyof Answers>(name: Name, answer: Answers[Name]): void {
  let problem: string | undefined;
  try {
    problem = (properties[name] as (answer: Answers[Name]) => string | undefined)(answer);
  } catch (error) {
    problem = `it stopped: ${error instanceof Error ? error.message : String(error)}`;
  }
  console.log(problem === undefined ? `✓ ${name}: has the properties it should have` : `✗ ${name}: ${problem}`);
}

const near = (a: number, b: number) => Math.abs(a - b) < 1e-9;

const properties: { readonly [Name in keyof Answers]: (answer: Answers[Name]) => string | undefined } = {
  auc(auc) {
    const perfect = auc([0.1, 0.9, 0.3, 0.7], [0, 1, 0, 1]);
    if (near(perfect, 0)) return "where every positive is above every negative it should be 1, not 0: which way?";
    if (!near(perfect, 1)) return "where every positive is above every negative it should be 1: pairs are counted how?";
    if (!near(auc([2, 2, 2], [1, 0, 0]), 0.5))
      return "where all scores are the same it is a coin's toss: ties count half";
    if (!near(auc([1, 5, 3], [1, 0, 1]), 1 - auc([-1, -5, -3], [1, 0, 1])))
      return "scores of the opposite sign should give 1 minus the value";
    return undefined;
  },
  confidence(confidence) {
    const [sure, wrong] = confidence([3, 3], [1, 0]);
    if (!(sure > 0 && wrong < 0)) return "it should be positive where the model leans to the truth, whatever that is";
    if (!near(sure, -wrong)) return "a logit of 3 is as far from 0 where the truth is 1 as where it is 0";
    return near(confidence([-2], [0])[0], 2) ? undefined : "how far from 0 is the logit?";
  },
  outStatistics(statistics) {
    const scores = [
      [1, 10],
      [100, 20],
      [3, 30],
    ];
    const member = [
      [false, true],
      [true, false],
      [false, false],
    ];
    const { mean: centre, deviation } = statistics(scores, member);
    if (centre.length !== 2 || deviation.length !== 2)
      return "one number per row is asked for: scores[shadow][row] has two rows and three shadow models";
    if (centre[0] > 50)
      return "a shadow model that learned from a row says nothing about who did not: which are left out?";
    if (!(centre[0] > 1 && centre[0] < 3)) return "the mean of 1 and 3 lies between them: which scores are in it?";
    const doubled = statistics(
      scores.map((row) => row.map((x) => 2 * x)),
      member,
    );
    if (!near(doubled.deviation[1], 2 * deviation[1])) return "twice the scores should give twice the deviation";
    const { deviation: pair } = statistics([[0], [2]], [[false], [false]]);
    return near(pair[0] ** 2, 2)
      ? undefined
      : "the deviation of a sample of two: by what is the sum of squares divided?";
  },
  membershipScores(scoresOf) {
    const shadows = { mean: [1, 1], deviation: [0.5, 2] };
    const [narrow, wide] = scoresOf([2, 2], shadows);
    if (narrow < 0) return "who is surer than models that never saw the row is more likely to have seen it: the sign";
    if (!(narrow > wide)) return "the same excess says more where shadow models agree: what is it divided by?";
    return near(narrow, 4 * wide) ? undefined : "by a deviation, not by its square or root";
  },
  noiseFloor(floor) {
    if (
      !near(
        floor([
          [0.2, 0.4],
          [0.2, 0.4],
        ]),
        0,
      )
    )
      return "two models that agree have no distance";
    const two = floor([
      [0, 0.5],
      [0.2, 0.3],
    ]);
    if (near(two, 0)) return "differences of both signs cancel: what is averaged?";
    if (near(two, 0.1)) return "half of what it should be: a model is no pair with itself";
    if (near(two, 0.04)) return "squares are averaged: take absolute values";
    if (!near(floor([[0], [1], [0]]), floor([[0], [0], [1]])))
      return "the order of the models should make no difference: are all pairs in it?";
    return near(
      two,
      floor([
        [0.2, 0.3],
        [0, 0.5],
      ]),
    ) &&
      two > 0.15 &&
      two < 0.25
      ? undefined
      : "per pair it is a mean over the rows";
  },
  overFloor(over) {
    const retrained = [
      [0.1, 0.5],
      [0.3, 0.5],
    ];
    const one = over([0.3, 0.5], retrained);
    const far = over([0.9, 0.9], retrained);
    if (!(far > one)) return "a model further away should have a larger value";
    const half = retrained.map((row) => row.map((x) => x / 2));
    return near(over([0.15, 0.25], half), one)
      ? undefined
      : "it is a ratio: halving all differences should not change it";
  },
};
