import { didYouMean, InvalidOptionError, requireNumber } from "../core";
import { mean } from "./forgetting";
import type { PerUser } from "./ranking";
import { exposureGini, itemCoverage } from "./spread";
import { requireLists, type TopLists } from "./top-lists";

/**
 * Whose definitions are taken where the field has two; n is the length of a list cut off at k, |R| how many items are
 * right. Hit rate and reciprocal rank are the same in both.
 *
 * | metric | `recbole` (RecBole's, and `fullRanking`'s) | `lenskit` (LensKit 2025.8) |
 * | --- | --- | --- |
 * | `precision` | found / k | found / n; undefined for an empty list |
 * | `recall` | found / \|R\| | found / min(\|R\|, k) |
 * | `map` | sum of precisions / min(\|R\|, k) | the same / min(\|R\|, n); undefined for an empty list |
 * | `ndcg` | discount log2(1 + rank) | discount log2(max(2, rank)): the first two ranks count the same |
 */
export type MetricDefinitions = "recbole" | "lenskit";

/** Metrics of one list against what is right, by the name that papers give their mean. */
export type TopListMetric = "precision" | "recall" | "hit" | "map" | "mrr" | "ndcg";

/** A list cut off at k, as its metrics see it. */
interface CutList {
  /** Ranks of the right items in it, from 1, ascending. */
  readonly ranks: readonly number[];
  /** How many items it has, at most k. */
  readonly length: number;
  readonly k: number;
  /** How many items are right. */
  readonly right: number;
}

const discounts: Readonly<Record<MetricDefinitions, (rank: number) => number>> = {
  recbole: (rank) => Math.log2(1 + rank),
  lenskit: (rank) => Math.log2(Math.max(2, rank)),
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const formulas: Readonly<Record<TopListMetric, (list: CutList, by: MetricDefinitions) => number | null>> = {
  precision: ({ ranks, length, k }, by) => over(ranks.length, by === "recbole" ? k : length),
  recall: ({ ranks, right, k }, by) => ranks.length / (by === "recbole" ? right : Math.min(right, k)),
  hit: ({ ranks }) => Number(ranks.length > 0),
  map: ({ ranks, length, right, k }, by) =>
    over(sum(ranks.map((rank, found) => (found + 1) / rank)), Math.min(right, by === "recbole" ? k : length)),
  mrr: ({ ranks }) => (ranks.length === 0 ? 0 : 1 / ranks[0]),
  ndcg: ({ ranks, right, k }, by) => {
    const gain = (rank: number) => 1 / discounts[by](rank);
    return sum(ranks.map(gain)) / sum(Array.from({ length: Math.min(right, k) }, (_, i) => gain(i + 1)));
  },
};

const over = (value: number, by: number): number | null => (by === 0 ? null : value / by);

/**
 * One metric at one cutoff, by user: precision, recall, hit (1 where anything right is in the list), average precision
 * (`map`), reciprocal rank of the first right item (`mrr`) or normalised discounted cumulative gain (`ndcg`), each in
 * [0, 1]. Users for whom it is undefined are left out, such as those for whom nothing is right.
 *
 * @param k how much of each list counts; as many as there are items for no cutoff
 * @param by whose definitions (see {@link MetricDefinitions}). Default `recbole`
 * @throws InvalidOptionError for a metric or definitions that do not exist, or a cutoff below 1
 * @throws InvalidArgumentError for lists with an id that is no item, or one twice
 * @example
 * const lists = topLists(model, split.train, split.test, 20);
 * mean(topListMetric("map", 20, lists).values);
 */
export function topListMetric(
  metric: TopListMetric,
  k: number,
  lists: TopLists,
  by: MetricDefinitions = "recbole",
): PerUser {
  requireWord("metric", metric, Object.keys(formulas));
  requireWord("definitions", by, Object.keys(discounts));
  requireNumber("k", k, { min: 1, integer: true });
  requireLists("topListMetric", lists);
  const values = lists.lists.map((list, user) => {
    const right = lists.relevant[user];
    return right.length === 0 ? null : formulas[metric](cutList(list, right, k), by);
  });
  return {
    users: lists.users.filter((_, user) => values[user] !== null),
    values: Float64Array.from(values.filter((value) => value !== null)),
  };
}

function cutList(list: Int32Array, right: Int32Array, k: number): CutList {
  const isRight = new Set(right);
  const ranks: number[] = [];
  const length = Math.min(k, list.length);
  for (let place = 0; place < length; place++) if (isRight.has(list[place])) ranks.push(place + 1);
  return { ranks, length, k, right: right.length };
}

function requireWord(name: string, given: string, known: readonly string[]): void {
  if (!known.includes(given))
    throw new InvalidOptionError(`"${name}" is "${given}"`, { remedy: didYouMean(given, known) });
}

/**
 * Means over users by metric and cutoff (`precision@10`, `map@10` and so on), with `coverage@10` and `gini@10` of what
 * was recommended (`itemCoverage`, `exposureGini`).
 *
 * @param cutoffs default 5, 10, 20
 * @param by default `recbole`
 * @returns `null` where a metric is defined for no user
 * @example
 * topListSummary(topLists(model, train, test), [10])["ndcg@10"];
 */
export function topListSummary(
  lists: TopLists,
  cutoffs: readonly number[] = [5, 10, 20],
  by: MetricDefinitions = "recbole",
): Readonly<Record<string, number | null>> {
  const names = Object.keys(formulas) as TopListMetric[];
  const entries = cutoffs.flatMap((k) => [
    ...names.map((name) => [`${name}@${k}`, mean(topListMetric(name, k, lists, by).values)] as const),
    [`coverage@${k}`, itemCoverage(k, lists)] as const,
    [`gini@${k}`, exposureGini(k, lists)] as const,
  ]);
  return Object.fromEntries(entries);
}
