import { requireNumber } from "../core";
import { indexInteractions, type InteractionIndex, type Interactions, requireSameIds } from "../data";
import type { Recommender } from "../models";
import { hasNearScores, itemsFrom, nearScores } from "./near-scores";
import { topItems } from "./order";

/** A value for each user for whom it is defined; aggregation and tests come later. */
export interface PerUser {
  /** Dense user ids, ascending, `[users]`. */
  readonly users: Int32Array;
  /** `[users]` */
  readonly values: Float64Array;
}

/** What comes first for one user, of all items that are ranked. */
export interface FirstItems {
  readonly user: number;
  /** Best first; fewer than asked for where fewer are ranked. */
  readonly items: Int32Array;
  /** Whether an item has no rank: the user has seen it, or it scores `-Infinity`. Valid until the next user. */
  isLeftOut(item: number): boolean;
}

/** Ranks all items, user by user. */
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
    this.leaveOutSeen(user, scores);
    return scores;
  }

  /**
   * What `topItems` of `scores` gives for each of some users in turn, in less time for matrix factorisation: products
   * of matrices tell which few items may be first, and only those are scored.
   *
   * @param users dense ids, in any order
   * @param count from 1
   * @throws InvalidArgumentError for a score that is NaN
   */
  *firstItems(users: Int32Array, count: number): Generator<FirstItems> {
    if (!hasNearScores(this.model, this.seen, count)) {
      for (const user of users) yield this.firstOfAll(user, count);
      return;
    }
    const leaveOut = (user: number, scores: Float32Array) => this.leaveOutSeen(user, scores);
    for (const { user, scores, least } of nearScores(this.model, { users, count, leaveOut })) {
      if (least === null) yield this.firstOfAll(user, count);
      else yield { user, items: this.firstOf(user, itemsFrom(least, scores), count), isLeftOut: leftOutOf(scores) };
    }
  }

  private firstOfAll(user: number, count: number): FirstItems {
    const scores = this.scores(user);
    return { user, items: topItems(scores, count), isLeftOut: leftOutOf(scores) };
  }

  /** The first of some items, which ascend. */
  private firstOf(user: number, items: Int32Array, count: number): Int32Array {
    const scores = this.model.score(new Int32Array(items.length).fill(user), items);
    return topItems(scores, count).map((place) => items[place]);
  }

  private leaveOutSeen(user: number, scores: Float32Array): void {
    const { userPointers, userRows } = this.index;
    for (let k = userPointers[user]; k < userPointers[user + 1]; k++)
      scores[this.seen.item[userRows[k]]] = Number.NEGATIVE_INFINITY;
  }
}

function leftOutOf(scores: Float32Array): FirstItems["isLeftOut"] {
  return (item) => scores[item] === Number.NEGATIVE_INFINITY;
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
  const positives = positiveItems(test);
  const users: number[] = [];
  const values = new Map(cutoffs.map((k) => [k, { recall: [] as number[], ndcg: [] as number[] }]));
  for (const { user, items, isLeftOut } of ranking.firstItems(usersOf(positives), Math.max(1, ...cutoffs))) {
    const right = Array.from(positives.get(user)!).filter((item) => !isLeftOut(item));
    if (right.length === 0) continue;
    const ranks = right.map((item) => items.indexOf(item) + 1).filter((rank) => rank > 0);
    users.push(user);
    for (const [k, { recall, ndcg }] of values) {
      recall.push(ranks.filter((rank) => rank <= k).length / right.length);
      ndcg.push(ndcgAt(k, ranks, right.length));
    }
  }
  const perUser = (list: number[]): PerUser => ({ users: Int32Array.from(users), values: Float64Array.from(list) });
  return new Map([...values].map(([k, { recall, ndcg }]) => [k, { recall: perUser(recall), ndcg: perUser(ndcg) }]));
}

/** The items of each user's positive rows, in the order of the rows, users ascending; none for a user without. */
export function positiveItems(test: Interactions): Map<number, Set<number>> {
  const { userPointers, userRows } = indexInteractions(test);
  const positives = new Map<number, Set<number>>();
  for (let user = 0; user < test.userCount; user++) {
    const items = new Set<number>();
    for (let k = userPointers[user]; k < userPointers[user + 1]; k++)
      if (test.label[userRows[k]] > 0) items.add(test.item[userRows[k]]);
    if (items.size > 0) positives.set(user, items);
  }
  return positives;
}

export function usersOf(positives: ReadonlyMap<number, unknown>): Int32Array {
  return Int32Array.from(positives.keys());
}

/** @param ranks of those that are found. @param right how many could be */
function ndcgAt(k: number, ranks: readonly number[], right: number): number {
  const gain = (rank: number): number => 1 / Math.log2(1 + rank);
  const found = ranks.filter((rank) => rank <= k).reduce((sum, rank) => sum + gain(rank), 0);
  let best = 0;
  for (let rank = 1; rank <= Math.min(k, right); rank++) best += gain(rank);
  return found / best;
}
