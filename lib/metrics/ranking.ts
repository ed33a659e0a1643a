import { requireNumber } from "../core";
import { indexInteractions, type InteractionIndex, type Interactions, requireSameIds } from "../data";
import type { Recommender } from "../models";
import { requireOrdered } from "./lengths";

/** A value for each user for whom it is defined; aggregation and tests come later. */
export interface PerUser {
  /** Dense user ids, ascending, `[users]`. */
  readonly users: Int32Array;
  /** `[users]` */
  readonly values: Float64Array;
}

/** Scores all items for one user. */
export class FullRanking {
  private readonly everyItem: Int32Array;
  private readonly index: InteractionIndex;

  /**
   * @param seen rows whose items are not recommended to their user again, such as the training rows
   */
  constructor(
    private readonly model: Recommender,
    private readonly seen: Interactions,
  ) {
    this.everyItem = Int32Array.from({ length: seen.itemCount }, (_, item) => item);
    this.index = indexInteractions(seen);
  }

  /** Scores of all items, `[itemCount]`; `-Infinity` for items the user has seen. */
  scores(user: number): Float32Array {
    const scores = this.model.score(new Int32Array(this.everyItem.length).fill(user), this.everyItem);
    const { userPointers, userRows } = this.index;
    for (let k = userPointers[user]; k < userPointers[user + 1]; k++)
      scores[this.seen.item[userRows[k]]] = Number.NEGATIVE_INFINITY;
    return scores;
  }
}

/**
 * The rank of one item, from 1: how many score above it, ties going to the lower item id.
 *
 * @throws InvalidArgumentError for a score that is NaN: nothing is above it, so it would come first
 * @example
 * const items = Int32Array.from({ length: model.itemCount }, (_, item) => item);
 * rankOf(model.score(new Int32Array(items.length).fill(3), items), 7); // of item 7 for user 3, from 1
 */
export function rankOf(scores: Float32Array, item: number): number {
  const score = scores[item];
  let rank = 1;
  let isOrdered = true;
  for (let other = 0; other < scores.length; other++)
    if (scores[other] > score || (scores[other] === score && other < item)) rank++;
    else if (!(scores[other] <= score)) isOrdered = false;
  if (!isOrdered) requireOrdered("rankOf", scores);
  return rank;
}

/**
 * The items that score highest, best first, ties going to the lower id. Items scored `-Infinity` are never among them.
 *
 * @throws InvalidArgumentError for a score that is NaN
 * @example
 * const items = Int32Array.from({ length: model.itemCount }, (_, item) => item);
 * topItems(model.score(new Int32Array(items.length).fill(3), items), 10); // for user 3, the best first
 */
export function topItems(scores: Float32Array, count: number): Int32Array {
  const top: number[] = [];
  for (let item = 0; item < scores.length; item++) {
    if (scores[item] === Number.NEGATIVE_INFINITY) continue;
    if (top.length === count && scores[item] <= scores[top[count - 1]]) continue;
    if (Number.isNaN(scores[item])) requireOrdered("topItems", scores);
    let place = top.length;
    while (place > 0 && scores[top[place - 1]] < scores[item]) place--;
    top.splice(place, 0, item);
    if (top.length > count) top.pop();
  }
  return Int32Array.from(top);
}

/** Recall and normalised discounted cumulative gain at one cutoff, by user. */
export interface RankingAtK {
  readonly recall: PerUser;
  readonly ndcg: PerUser;
}

/**
 * Full ranking (no sampled candidates): for each user with a positive test row, all items but those seen are ranked.
 * recall@k = positives among the first k / positives; ndcg@k = sum of 1 / log2(1 + rank) over them / the same for a
 * perfect list.
 *
 * @param seen rows whose items are left out, such as train and validation
 * @param test rows with labels 0 and 1; users without a positive, or whose positives were all seen, are left out
 * @param cutoffs such as `[10, 20]`
 * @throws InvalidArgumentError when `seen` and `test` have other ids
 * @example
 * const ranking = fullRanking(model, train, test, [10, 20]);
 * ranking.get(10); // the measures at 10, over all users
 */
export function fullRanking(
  model: Recommender,
  seen: Interactions,
  test: Interactions,
  cutoffs: readonly number[],
): Map<number, RankingAtK> {
  for (const k of cutoffs) requireNumber("cutoff", k, { min: 1, integer: true });
  requireSameIds(seen, test, ["seen", "test"]);
  const ranking = new FullRanking(model, seen);
  const positives = indexInteractions(test);
  const users: number[] = [];
  const values = new Map(cutoffs.map((k) => [k, { recall: [] as number[], ndcg: [] as number[] }]));
  for (let user = 0; user < test.userCount; user++) {
    const items = positiveItems(test, positives, user);
    if (items.size === 0) continue;
    const scores = ranking.scores(user);
    const ranks = [...items].filter((item) => scores[item] !== -Infinity).map((item) => rankOf(scores, item));
    if (ranks.length === 0) continue;
    users.push(user);
    for (const [k, { recall, ndcg }] of values) {
      recall.push(ranks.filter((rank) => rank <= k).length / ranks.length);
      ndcg.push(ndcgAt(k, ranks));
    }
  }
  const perUser = (list: number[]): PerUser => ({ users: Int32Array.from(users), values: Float64Array.from(list) });
  return new Map([...values].map(([k, { recall, ndcg }]) => [k, { recall: perUser(recall), ndcg: perUser(ndcg) }]));
}

function positiveItems(test: Interactions, { userPointers, userRows }: InteractionIndex, user: number): Set<number> {
  const rows = userRows.subarray(userPointers[user], userPointers[user + 1]);
  return new Set(
    Array.from(
      rows.filter((row) => test.label[row] > 0),
      (row) => test.item[row],
    ),
  );
}

function ndcgAt(k: number, ranks: readonly number[]): number {
  const gain = (rank: number): number => 1 / Math.log2(1 + rank);
  const found = ranks.filter((rank) => rank <= k).reduce((sum, rank) => sum + gain(rank), 0);
  let best = 0;
  for (let rank = 1; rank <= Math.min(k, ranks.length); rank++) best += gain(rank);
  return found / best;
}
