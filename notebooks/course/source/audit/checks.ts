// The hidden checks of this assignment: never released. The rubric is the scores below.
import type { Random } from "recsys-unlearning/core";
import { assignment, type Check, numberArray, numericCheck, type Plain } from "recsys-unlearning-kernel/course";
import { made } from "./checks-models";
import { variantOf } from "./practice";

type Vector = readonly number[];

const mean = (values: Vector) => values.reduce((sum, x) => sum + x, 0) / values.length;
const normals = (random: Random, count: number) => Array.from({ length: count }, () => random.normal());
/** A single number, beside a 1 that gives it a scale. */
const oneNumber = (value: Plain) => (typeof value === "number" ? [value, 1] : undefined);

interface Ranked {
  readonly scores: Vector;
  readonly labels: Vector;
}

/** The area with ties counted as `tie`, over all pairs or those that `divisor` counts. */
function aucOf(
  { scores, labels }: Ranked,
  tie = 0.5,
  divisor = (positives: number, negatives: number) => positives * negatives,
) {
  const of = (label: number) => scores.filter((_, k) => labels[k] === label);
  const pairs = of(1).flatMap((high) => of(0).map((low) => (high > low ? 1 : high === low ? tie : 0)));
  return pairs.reduce<number>((sum, x) => sum + x, 0) / divisor(of(1).length, of(0).length);
}

const auc = numericCheck<Ranked>({
  name: "auc",
  title: "AUC",
  points: 4,
  cell: "auc-test",
  call: "auc",
  draw: (random) => {
    const labels = Array.from({ length: 14 + random.integer(5) }, (_, k) => (k % 5 < 2 ? 1 : 0));
    return { labels, scores: labels.map((label) => Math.round(2 * (random.normal() + label)) / 2) };
  },
  args: ({ scores, labels }) => [scores, labels],
  numbers: oneNumber,
  right: (ranked) => [aucOf(ranked), 1],
  mistakes: [
    {
      name: "sign",
      score: 0.5,
      comment: "It counts how often a positive is below a negative.",
      as: (ranked) => [1 - aucOf(ranked), 1],
    },
    { name: "ties", score: 0.75, comment: "Ties count half, not 0.", as: (ranked) => [aucOf(ranked, 0), 1] },
    { name: "ties", score: 0.75, comment: "Ties count half, not 1.", as: (ranked) => [aucOf(ranked, 1), 1] },
    {
      name: "missing factor",
      score: 0.5,
      comment: "It is divided by all pairs of rows: count those of a positive with a negative.",
      as: (ranked) => [aucOf(ranked, 0.5, () => ranked.labels.length ** 2), 1],
    },
  ],
});

interface Judged {
  readonly logits: Vector;
  readonly labels: Vector;
}
const confidence = numericCheck<Judged>({
  name: "confidence",
  title: "Confidence in the truth",
  points: 2,
  cell: "confidence-test",
  call: "confidence",
  draw: (random) => ({ logits: normals(random, 8), labels: [0, 1, 1, 0, 1, 0, 0, 1] }),
  args: ({ logits, labels }) => [logits, labels],
  right: ({ logits, labels }) => logits.map((s, k) => (2 * labels[k] - 1) * s),
  mistakes: [
    {
      name: "sign",
      score: 0.5,
      comment: "It is turned around: large where the model is wrong.",
      as: ({ logits, labels }) => logits.map((s, k) => (1 - 2 * labels[k]) * s),
    },
    {
      name: "missing factor",
      score: 0.5,
      comment: "Rows with label 0 have lost their confidence: 2 y - 1 is -1 there, not 0.",
      as: ({ logits, labels }) => logits.map((s, k) => labels[k] * s),
    },
  ],
});

interface ShadowScores {
  readonly scores: readonly Vector[];
  readonly member: readonly (readonly boolean[])[];
}

/** Mean and deviation per row, over the shadow models with `member` as wanted. */
function statisticsOf({ scores, member }: ShadowScores, wanted = [false], less = 1): number[] {
  const rows = scores[0].map((_, k) => scores.flatMap((row, m) => (wanted.includes(member[m][k]) ? [row[k]] : [])));
  const deviation = (values: Vector) =>
    Math.sqrt(values.reduce((sum, x) => sum + (x - mean(values)) ** 2, 0) / (values.length - less));
  return [...rows.map(mean), ...rows.map(deviation)];
}

const outStatistics = numericCheck<ShadowScores>({
  name: "out-statistics",
  title: "What shadow models say",
  points: 4,
  cell: "out-statistics-test",
  call: "outStatistics",
  // As many rows as models in the second case: there, a wrong axis is not found by its length.
  draw: (random, which) => {
    const count = which === 0 ? 5 : 7;
    const scores = Array.from({ length: 7 }, () => normals(random, count));
    // Row k is left out by models k, k + 1, k + 2 (mod 7), and learned from by k + 3, k + 4 and k + 5.
    const member = scores.map((row, m) => row.map((_, k) => [0, 1, 2, 6].every((step) => (m - k + 7) % 7 !== step)));
    return { scores, member };
  },
  args: ({ scores, member }) => [scores, member],
  numbers: (value) => {
    if (value === null || typeof value !== "object" || Array.isArray(value)) return undefined;
    const { mean: centre, deviation } = value as { readonly [key: string]: Plain };
    const [a, b] = [numberArray(centre), numberArray(deviation)];
    return a === undefined || b === undefined ? undefined : [...a, ...b];
  },
  right: (shadows) => statisticsOf(shadows),
  mistakes: [
    {
      name: "members taken",
      score: 0.5,
      comment: "These are the models that learned from a row: the others are asked for.",
      as: (shadows) => statisticsOf(shadows, [true]),
    },
    {
      name: "all taken",
      score: 0.25,
      comment: "All models are in it, those that learned from a row too.",
      as: (shadows) => statisticsOf(shadows, [true, false]),
    },
    {
      name: "off by one",
      score: 0.75,
      comment: "The mean is right. The deviation of a sample is divided by the number less 1.",
      as: (shadows) => statisticsOf(shadows, [false], 0),
    },
    {
      name: "missing factor",
      score: 0.75,
      comment: "The mean is right. Of the variance the root is missing.",
      as: (shadows) => {
        const found = statisticsOf(shadows);
        return found.map((x, k) => (k < found.length / 2 ? x : x * x));
      },
    },
    {
      name: "wrong axis",
      score: 0.25,
      comment: "The statistics are per model: per row they are asked for.",
      as: ({ scores, member }) => {
        const turned = <T>(table: readonly (readonly T[])[]) => table[0].map((_, k) => table.map((row) => row[k]));
        return statisticsOf({ scores: turned(scores), member: turned(member) });
      },
    },
  ],
});

interface Attacked {
  readonly scores: Vector;
  readonly mean: Vector;
  readonly deviation: Vector;
}
const membershipScores = numericCheck<Attacked>({
  name: "membership-scores",
  title: "The attack's scores",
  points: 3,
  cell: "membership-scores-test",
  call: "membershipScores",
  draw: (random) => ({
    scores: normals(random, 6),
    mean: normals(random, 6),
    deviation: Array.from({ length: 6 }, () => 0.3 + random.uniform()),
  }),
  args: ({ scores, mean: centre, deviation }) => [scores, { mean: centre, deviation }],
  right: (at) => at.scores.map((c, k) => (c - at.mean[k]) / at.deviation[k]),
  mistakes: [
    {
      name: "sign",
      score: 0.5,
      comment: "It is turned around: large should mean that the model has learned from the row.",
      as: (at) => at.scores.map((c, k) => (at.mean[k] - c) / at.deviation[k]),
    },
    {
      name: "missing factor",
      score: 0.5,
      comment: "The deviation is missing: the same excess says more where shadow models agree.",
      as: (at) => at.scores.map((c, k) => c - at.mean[k]),
    },
    {
      name: "missing factor",
      score: 0.5,
      comment: "It is divided by the variance: the deviation is given already.",
      as: (at) => at.scores.map((c, k) => (c - at.mean[k]) / at.deviation[k] ** 2),
    },
  ],
});

type Predictions = readonly Vector[];
const distance = (a: Vector, b: Vector, of: (x: number) => number = Math.abs) => mean(a.map((x, k) => of(x - b[k])));
const pairsOf = (models: Predictions) => models.flatMap((a, i) => models.slice(i + 1).map((b) => [a, b]));
const floorOf = (models: Predictions, of?: (x: number) => number) =>
  mean(pairsOf(models).map(([a, b]) => distance(a, b, of)));
const drawPredictions = (random: Random, count: number) =>
  Array.from({ length: count }, () => Array.from({ length: 9 }, () => random.uniform()));

const noiseFloor = numericCheck<Predictions>({
  name: "noise-floor",
  title: "The noise floor",
  points: 4,
  cell: "noise-floor-test",
  call: "noiseFloor",
  draw: (random, which) => drawPredictions(random, 3 + which),
  args: (predictions) => [predictions],
  numbers: oneNumber,
  right: (predictions) => [floorOf(predictions), 1],
  mistakes: [
    {
      name: "pairs with itself",
      score: 0.5,
      comment: "A model is no pair with itself: such pairs have a distance of 0 and draw the mean down.",
      as: (models) => [(floorOf(models) * (models.length - 1)) / models.length, 1],
    },
    {
      name: "sign",
      score: 0.5,
      comment: "Differences of both signs cancel: take absolute values row by row.",
      as: (models) => [floorOf(models, (x) => x), 1],
    },
    {
      name: "missing factor",
      score: 0.5,
      comment: "It is the mean of squares: take absolute values.",
      as: (models) => [floorOf(models, (x) => x * x), 1],
    },
    {
      name: "off by one",
      score: 0.5,
      comment: "Not all pairs are in it: neighbours in the list alone.",
      as: (models) => [mean(models.slice(1).map((b, k) => distance(models[k], b))), 1],
    },
    {
      name: "missing factor",
      score: 0.75,
      comment: "It is a sum over the rows: take the mean.",
      as: (models) => [models[0].length * floorOf(models), 1],
    },
  ],
});

interface Compared {
  readonly model: Vector;
  readonly retrained: Predictions;
}
const distanceOf = ({ model, retrained }: Compared) => mean(retrained.map((other) => distance(model, other)));

const overFloor = numericCheck<Compared>({
  name: "over-floor",
  title: "In noise floors",
  points: 3,
  cell: "over-floor-test",
  call: "overFloor",
  draw: (random) => {
    const [model, ...retrained] = drawPredictions(random, 4);
    return { model, retrained };
  },
  args: ({ model, retrained }) => [model, retrained],
  numbers: oneNumber,
  right: (at) => [distanceOf(at) / floorOf(at.retrained), 1],
  restsOn: {
    call: "noiseFloor",
    args: ({ retrained }) => [retrained],
    right: (at, floor) => (typeof floor === "number" && floor !== 0 ? [distanceOf(at) / floor, 1] : undefined),
  },
  mistakes: [
    {
      name: "missing factor",
      score: 0.5,
      comment: "It is not divided by the noise floor.",
      as: (at) => [distanceOf(at), 1],
    },
    {
      name: "wrong axis",
      score: 0.5,
      comment: "It is the noise floor over the distance: turn it around.",
      as: (at) => [floorOf(at.retrained) / distanceOf(at), 1],
    },
    {
      name: "distance to the mean",
      score: 0.5,
      comment: "The retrained models are averaged first: take the distance to each, then the mean.",
      as: ({ model, retrained }) => {
        const middle = model.map((_, k) => mean(retrained.map((other) => other[k])));
        return [distance(model, middle) / floorOf(retrained), 1];
      },
    },
  ],
});

const verdict: Check = {
  name: "verdict",
  title: "Who pretends",
  points: 2,
  cell: "verdict-test",
  asks: () => [{ read: "verdict" }],
  judge([value], { student }) {
    if (value === undefined || value === null || typeof value !== "object" || Array.isArray(value))
      return { score: 0, comment: "There is no verdict on A, B and C." };
    const given = value as { readonly [letter: string]: Plain };
    const letters = ["A", "B", "C"] as const;
    if (letters.some((letter) => given[letter] !== "pretends" && given[letter] !== "forgotten"))
      return { score: 0, comment: 'Each of A, B and C is to be called "forgotten" or "pretends".' };
    const accused = letters.filter((letter) => given[letter] === "pretends");
    if (accused.length !== 1) return { score: 0, comment: "Exactly one pretends.", mistake: "not one" };
    if (made[variantOf(student)][accused[0]] === "pretends") return { score: 1, comment: "Right." };
    return { score: 0, comment: "The model that you accuse has forgotten.", mistake: "accuses the wrong one" };
  },
};

export default assignment({
  name: "audit",
  title: "Is it forgotten? An audit",
  checks: [auc, confidence, outStatistics, membershipScores, noiseFloor, overFloor, verdict],
  manual: [
    {
      name: "figure",
      cell: "figure",
      points: 3,
      rubric:
        "1: shows what carries the verdict, axes named. 1: retrained models are in it, more than one, so that chance is " +
        "seen. 1: says what is to be seen.",
    },
    {
      name: "report",
      cell: "report",
      points: 5,
      rubric:
        "1: a verdict on each. 1: numbers that carry it. 1: each against what a retrained model gives. 1: what cannot be " +
        "said. 1: half a page that a person who decides understands.",
    },
    {
      name: "question-1",
      cell: "question-1",
      points: 2,
      rubric: "1: logits shrink, their order stays. 1: which measures that fools, fully or partly, and which not.",
    },
    {
      name: "question-2",
      cell: "question-2",
      points: 2,
      rubric:
        "1: the difference is within chance, and below 0.5 is no better. 1: several retrained models, or an interval.",
    },
    {
      name: "open",
      cell: "open",
      points: 2,
      rubric: "1: an expectation and a trial that can refute it. 1: a conclusion that the number shown supports.",
    },
  ],
});
