// Hidden checks of the order of visit and of where to stop: never released.
import type { Random } from "recsys-unlearning/core";
import { numberArray, numericCheck, type Plain } from "recsys-unlearning-kernel/course";
import { plus, times, type Vector } from "./checks-vectors";

const ascending = (keys: Vector) => [...keys.keys()].sort((a, b) => keys[a] - keys[b] || a - b);
const rankOfEach = (order: Vector) => ascending(order);
const drawDifficulties = (random: Random) => Array.from({ length: 12 }, () => 3 + 0.2 * random.normal());

export const hardOrder = numericCheck<Vector>({
  name: "hard-order",
  title: "Hard curriculum",
  points: 1,
  cell: "hard-order-test",
  call: "hardOrder",
  draw: drawDifficulties,
  args: (difficulties) => [difficulties],
  right: ascending,
  mistakes: [
    { name: "sign", score: 0.5, comment: "The hardest comes first.", as: (d) => ascending(times(d, -1)) },
    {
      name: "wrong axis",
      score: 0.5,
      comment: "These are the rank of each event, not the events in order of visit.",
      as: (d) => rankOfEach(ascending(d)),
    },
  ],
});

interface Soft {
  readonly difficulties: Vector;
  readonly temperature: number;
  readonly uniforms: Vector;
}

function standardised(values: Vector): Vector {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const spread = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length);
  return values.map((x) => (x - mean) / spread);
}
const gumbel = (uniforms: Vector) => uniforms.map((u) => -Math.log(-Math.log(u)));
const softKeys = ({ difficulties, temperature, uniforms }: Soft) =>
  plus(times(standardised(difficulties), 1 / temperature), gumbel(uniforms), -1);

export const softOrder = numericCheck<Soft>({
  name: "soft-order",
  title: "Soft curriculum",
  points: 3,
  cell: "soft-order-test",
  call: "softOrder",
  cases: 3,
  draw: (random, which) => {
    const difficulties = drawDifficulties(random);
    return { difficulties, temperature: [0.3, 2.5, 0.6][which], uniforms: difficulties.map(() => random.uniform()) };
  },
  args: ({ difficulties, temperature, uniforms }) => [difficulties, temperature, uniforms],
  right: (soft) => ascending(softKeys(soft)),
  mistakes: [
    {
      name: "sign",
      score: 0.5,
      comment: "The order is turned around: the hardest are the likeliest to come first.",
      as: (soft) => ascending(times(softKeys(soft), -1)),
    },
    {
      name: "sign of the noise",
      score: 0.5,
      comment: "The noise is taken off, not added: otherwise the chances are others.",
      as: (soft) => ascending(plus(softKeys(soft), gumbel(soft.uniforms), 2)),
    },
    {
      name: "not standardised",
      score: 0.5,
      comment: "The difficulties are taken as they are: shift and scale them to mean 0 and variance 1 first.",
      as: ({ difficulties, temperature, uniforms }) =>
        ascending(plus(times(difficulties, 1 / temperature), gumbel(uniforms), -1)),
    },
    {
      name: "missing factor",
      score: 0.5,
      comment: "The temperature has no effect, or the wrong one: divide by it.",
      as: (soft) => ascending(softKeys({ ...soft, temperature: 1 })),
    },
    {
      name: "missing factor",
      score: 0.5,
      comment: "The temperature has no effect, or the wrong one: divide by it.",
      as: (soft) => ascending(softKeys({ ...soft, temperature: 1 / soft.temperature })),
    },
    {
      name: "wrong axis",
      score: 0.5,
      comment: "These are the rank of each event, not the events in order of visit.",
      as: (soft) => rankOfEach(ascending(softKeys(soft))),
    },
  ],
});

interface Ranks {
  readonly ranks: Vector;
  readonly k: number;
}
function levelOf({ ranks, k }: Ranks, counts = (rank: number) => rank <= k): { level: number; n: number } {
  return { level: ranks.filter(counts).length / ranks.length, n: ranks.length };
}
const errorOf = ({ level, n }: { level: number; n: number }) => Math.sqrt((level * (1 - level)) / n);

export const hitLevel = numericCheck<Ranks>({
  name: "hit-level",
  title: "The level of what was never seen",
  points: 2,
  cell: "hit-level-test",
  call: "hitLevel",
  draw: (random) => {
    const k = 3 + random.integer(6);
    const others = Array.from({ length: 20 + random.integer(20) }, () => 1 + random.integer(3 * k));
    return { k, ranks: random.shuffle([k, k, k + 1, 1, ...others]) };
  },
  args: ({ ranks, k }) => [ranks, k],
  numbers: (value) => {
    if (value === null || typeof value !== "object" || Array.isArray(value)) return undefined;
    const { level, standardError } = value as { readonly [key: string]: Plain };
    return numberArray([level, standardError]);
  },
  right: (ranks) => [levelOf(ranks).level, errorOf(levelOf(ranks))],
  mistakes: [
    {
      name: "off by one",
      score: 0.5,
      comment: "A rank of k is among the first k: ranks begin at 1.",
      as: (ranks) => ((found) => [found.level, errorOf(found)])(levelOf(ranks, (rank) => rank < ranks.k)),
    },
    {
      name: "missing factor",
      score: 0.5,
      comment: "The level is right. Of the variance the root is missing.",
      as: (ranks) => [levelOf(ranks).level, errorOf(levelOf(ranks)) ** 2],
    },
    {
      name: "missing factor",
      score: 0.5,
      comment: "The level is right. The standard error gets smaller with the number of ranks.",
      as: (ranks) => [levelOf(ranks).level, errorOf({ ...levelOf(ranks), n: 1 })],
    },
  ],
});

interface Curve {
  readonly curve: Vector;
  readonly level: { readonly level: number; readonly standardError: number };
}
const firstBelow = ({ curve }: Curve, most: number) => curve.findIndex((hit) => hit <= most);

export const stopAt = numericCheck<Curve>({
  name: "stop-at",
  title: "Where to stop",
  points: 2,
  cell: "stop-at-test",
  call: "stopAt",
  cases: 4,
  // Within one error of the level and later below it; never; at the start; and up again after it came down.
  draw: (random, which) => {
    const level = { level: 0.3 + 0.05 * random.uniform(), standardError: 0.03 };
    const curve = [0.9, 0.8, 0.7, 0.6, 0.5].slice(0, 3 + random.integer(3)).map((hit) => hit + 0.04 * random.uniform());
    if (which === 1) return { curve, level };
    if (which === 2) return { curve: [level.level - 0.01, 0.1], level };
    const near = [...curve, level.level + 0.02, level.level - 0.05];
    return { curve: which === 0 ? near : [...near, 0.6], level };
  },
  args: ({ curve, level }) => [curve, { ...level }],
  numbers: (value) => (typeof value === "number" ? [value] : undefined),
  right: (at) => [firstBelow(at, at.level.level + at.level.standardError)],
  mistakes: [
    {
      name: "no standard error",
      score: 0.5,
      comment: "It waits until the curve is below the level: one standard error above it is near enough.",
      as: (at) => [firstBelow(at, at.level.level)],
    },
    {
      name: "sign",
      score: 0.5,
      comment: "One standard error above the level, not below it.",
      as: (at) => [firstBelow(at, at.level.level - at.level.standardError)],
    },
    {
      name: "off by one",
      score: 0.5,
      comment: "Places count from 0, and where there is none it is -1.",
      as: (at) => [firstBelow(at, at.level.level + at.level.standardError) + 1],
    },
    {
      name: "last, not first",
      score: 0.5,
      comment: "It is the last place near the level: forgetting should stop at the first.",
      as: ({ curve, level }) => [curve.map((hit) => hit <= level.level + level.standardError).lastIndexOf(true)],
    },
  ],
});
