// Hidden checks of gradients, their shortest combination and difficulty: never released.
import { exactMinNorm } from "recsys-unlearning/cau";
import type { Random } from "recsys-unlearning/core";
import { numberArray, numericCheck, type Plain } from "recsys-unlearning-kernel/course";
import { dot, plus, times, type Vector } from "./checks-vectors";

/** What the model predicts, what the original did, the item to forget and the one after it, -1 for none. */
interface Prediction {
  readonly p: Vector;
  readonly q: Vector;
  readonly item: number;
  readonly next: number;
}

/** The last case is at a session's end. */
function drawPrediction(random: Random, which: number): Prediction {
  const softmax = () => {
    const powers = Array.from({ length: 6 }, () => Math.exp(random.normal()));
    return times(powers, 1 / powers.reduce((sum, x) => sum + x, 0));
  };
  const [item, next] = random.sample(6, 2);
  return { p: softmax(), q: softmax(), item, next: which === 2 ? -1 : next };
}

const only = (length: number, place: number) => Array.from({ length }, (_, k) => (k === place ? 1 : 0));

/** Equation 1's three gradients. */
function gradients({ p, q, item, next }: Prediction): { forget: Vector; normal: Vector; keep: Vector } {
  const normal = next < 0 ? times(p, 0) : plus(p, only(p.length, next), -1);
  return { forget: plus(only(p.length, item), p, -1), normal, keep: plus(p, q, -1) };
}

/** The three gradients one after another, or `undefined`. */
function asGradients(value: Plain): Vector | undefined {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return undefined;
  const { forget, normal, keep } = value as { readonly [key: string]: Plain };
  const parts = [forget, normal, keep].map(numberArray);
  return parts.every((part) => part?.length === 6) ? parts.flatMap((part) => part as Vector) : undefined;
}

const joined = ({ forget, normal, keep }: ReturnType<typeof gradients>) => [...forget, ...normal, ...keep];
const predictionArgs = ({ p, q, item, next }: Prediction): Plain[] => [p, q, item, next];

export const lossGradients = numericCheck<Prediction>({
  name: "loss-gradients",
  title: "Three gradients by the logits",
  points: 4,
  cell: "loss-gradients-test",
  call: "lossGradients",
  cases: 3,
  draw: drawPrediction,
  args: predictionArgs,
  numbers: asGradients,
  right: (at) => joined(gradients(at)),
  mistakes: [
    {
      name: "sign",
      score: 0.25,
      comment: "All three point the other way.",
      as: (at) => times(joined(gradients(at)), -1),
    },
    {
      name: "sign",
      score: 0.75,
      comment: "The gradient of the loss to forget points the other way: it has no minus before the logarithm.",
      as: (at) => joined({ ...gradients(at), forget: times(gradients(at).forget, -1) }),
    },
    {
      name: "sign",
      score: 0.75,
      comment: "The gradient of the normal loss points the other way.",
      as: (at) => joined({ ...gradients(at), normal: times(gradients(at).normal, -1) }),
    },
    {
      name: "sign",
      score: 0.75,
      comment: "The gradient of the keep loss points the other way.",
      as: (at) => joined({ ...gradients(at), keep: times(gradients(at).keep, -1) }),
    },
    {
      name: "off by one",
      score: 0.75,
      comment: "Right but at the end of a session: there is no next item, and the normal loss has no gradient.",
      as: (at) => joined({ ...gradients(at), normal: at.next < 0 ? at.p : gradients(at).normal }),
    },
    {
      name: "wrong item",
      score: 0.5,
      comment: "In the normal loss it is the next item that is to be recommended, not the one to forget.",
      as: (at) => joined({ ...gradients(at), normal: at.next < 0 ? times(at.p, 0) : times(gradients(at).forget, -1) }),
    },
  ],
});

interface Two {
  readonly a: Vector;
  readonly b: Vector;
}
const inOneLine = ({ a, b }: Two) => dot(plus(b, a, -1), b) / dot(plus(b, a, -1), plus(b, a, -1));
const clipped = (x: number) => Math.min(1, Math.max(0, x));

export const minNormTwo = numericCheck<Two>({
  name: "min-norm-two",
  title: "Shortest combination of two",
  points: 3,
  cell: "min-norm-two-test",
  call: "minNormTwo",
  cases: 4,
  // Between the two, at either end, and two equal ones.
  draw: (random, which) => {
    const normals = () => Array.from({ length: 5 }, () => random.normal());
    if (which === 3) return ((a) => ({ a, b: a }))(normals());
    for (;;) {
      const two = { a: normals(), b: normals() };
      const weight = inOneLine(two);
      if ([weight > 0.1 && weight < 0.4, weight > 1.1, weight < -0.1][which]) return two;
    }
  },
  args: ({ a, b }) => [a, b],
  // Any weight is right for two equal vectors, as long as it is one.
  numbers: (value) => (typeof value === "number" ? [value, 1] : undefined),
  right: (two) => [weightOr(two, (weight) => weight), 1],
  tolerance: 1e-6,
  mistakes: [
    {
      name: "wrong axis",
      score: 0.5,
      comment: "It is the weight of the second vector.",
      as: (two) => [weightOr(two, (weight) => 1 - weight), 1],
    },
    {
      name: "not clipped",
      score: 0.5,
      comment: "A weight below 0 or above 1 leaves the line between the two.",
      as: (two) => [two.a === two.b ? 0.5 : inOneLine(two), 1],
    },
  ],
});

/** The best weight, changed; for two equal vectors the middle. */
function weightOr(two: Two, change: (weight: number) => number): number {
  return two.a === two.b ? 0.5 : change(clipped(inOneLine(two)));
}

type Gram = readonly Vector[];
const shortest = (gram: Gram) => Array.from(exactMinNorm(Float64Array.from(gram.flat())));
const squared = (gram: Gram, weights: Vector) =>
  dot(
    weights,
    gram.map((row) => dot(row, weights)),
  );

/** The best combination of at most two. */
function onEdges(gram: Gram): Vector {
  const edges = [
    [0, 1],
    [0, 2],
    [1, 2],
  ].map(([i, j]) => {
    const weight = clipped((gram[j][j] - gram[i][j]) / (gram[i][i] - 2 * gram[i][j] + gram[j][j]));
    return plus(times(only(3, i), weight), times(only(3, j), 1 - weight));
  });
  return edges.reduce((best, edge) => (squared(gram, edge) < squared(gram, best) ? edge : best));
}

/** The point of the plane through all three, weights below 0 allowed: Cramer's rule for M a = (1, 1, 1). */
function inPlane(gram: Gram): Vector {
  const determinant = ([a, b, c]: Gram) =>
    a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) + a[2] * (b[0] * c[1] - b[1] * c[0]);
  const solution = [0, 1, 2].map((k) => determinant(gram.map((row) => row.map((x, j) => (j === k ? 1 : x)))));
  return times(solution, 1 / solution.reduce((sum, x) => sum + x, 0));
}

export const minNormThree = numericCheck<Gram>({
  name: "min-norm-three",
  title: "Shortest combination of three",
  points: 4,
  cell: "min-norm-three-test",
  call: "minNormThree",
  cases: 3,
  // At a corner, on an edge, and inside.
  draw: (random, which) => {
    for (;;) {
      const vectors = [0, 1, 2].map(() => Array.from({ length: 4 }, () => random.normal() + 0.3));
      const gram = vectors.map((a) => vectors.map((b) => dot(a, b)));
      if (shortest(gram).filter((weight) => weight > 0.02).length === which + 1) return gram;
    }
  },
  args: (gram) => [gram],
  right: shortest,
  tolerance: 1e-4,
  mistakes: [
    {
      name: "edges alone",
      score: 0.5,
      comment: "Right where at most two gradients take part. A point inside the triangle can be shorter.",
      as: onEdges,
    },
    {
      name: "not clipped",
      score: 0.5,
      comment: "Right inside the triangle. Elsewhere a weight is below 0.",
      as: inPlane,
    },
  ],
});

function difficultyOf({ forget, normal, keep }: ReturnType<typeof gradients>): number {
  const kept = plus(normal, keep);
  const lengths = Math.sqrt(dot(forget, forget) * dot(kept, kept));
  return lengths === 0 ? 0 : -dot(forget, kept) / lengths;
}

export const difficulty = numericCheck<Prediction>({
  name: "difficulty",
  title: "Difficulty",
  points: 3,
  cell: "difficulty-test",
  call: "difficulty",
  cases: 4,
  // The last case has nothing to keep: no next item, and the original's own predictions.
  draw: (random, which) => {
    const drawn = drawPrediction(random, which);
    return which === 3 ? { ...drawn, q: drawn.p, next: -1 } : drawn;
  },
  args: predictionArgs,
  numbers: (value) => (typeof value === "number" ? [value, 1] : undefined),
  right: (at) => [difficultyOf(gradients(at)), 1],
  restsOn: {
    call: "lossGradients",
    args: predictionArgs,
    right: (_, given) => {
      const own = asGradients(given);
      if (own === undefined) return undefined;
      return [difficultyOf({ forget: own.slice(0, 6), normal: own.slice(6, 12), keep: own.slice(12) }), 1];
    },
  },
  mistakes: [
    {
      name: "sign",
      score: 0.5,
      comment: "Hard is what pulls in opposite directions: there the cosine is near -1.",
      as: (at) => [-difficultyOf(gradients(at)), 1],
    },
    {
      name: "missing factor",
      score: 0.5,
      comment: "It is an inner product, not a cosine: the lengths are missing.",
      as: (at) => [-dot(gradients(at).forget, plus(gradients(at).normal, gradients(at).keep)), 1],
    },
    {
      name: "no keep loss",
      score: 0.5,
      comment: "The gradient of the keep loss is missing.",
      as: (at) => [difficultyOf({ ...gradients(at), keep: times(at.p, 0) }), 1],
    },
    {
      name: "divides by 0",
      score: 0.75,
      comment: "Right but where there is nothing to keep: 0, and not NaN.",
      as: (at) => [at.next < 0 && at.p === at.q ? NaN : difficultyOf(gradients(at)), 1],
    },
  ],
});
