import { InvalidArgumentError } from "../core";
import { type Interactions, requireSameIds } from "../data";
import type { Recommender } from "../models";
import { FullRanking, positiveItems, usersOf } from "./ranking";

/** What was recommended to some users, and what would have been right. From a model (`topLists`), or from elsewhere. */
export interface TopLists {
  /** Dense user ids, ascending, `[users]`. */
  readonly users: Int32Array;
  /** For each user different item ids, the best first; lists may be shorter than asked for. */
  readonly lists: readonly Int32Array[];
  /** For each user the items that are right, in any order, different. */
  readonly relevant: readonly Int32Array[];
  /** How many items could be recommended; ids go from 0. */
  readonly itemCount: number;
}

/**
 * The first `count` of the full ranking of each user with a positive test row (no sampled candidates). Who is looked at
 * and what is right are as in `fullRanking`: items that were seen are neither recommended nor right, and a user for
 * whom nothing is right is left out.
 *
 * @param seen rows whose items are left out, such as train and validation
 * @param test rows with labels 0 and 1
 * @param count the longest cutoff that is asked for. Default: all items, for a reciprocal rank without a cutoff
 * @throws InvalidArgumentError when `seen` and `test` have other ids, or for a score that is NaN
 * @example
 * topLists(model, train, test, 10);
 */
export function topLists(
  model: Recommender,
  seen: Interactions,
  test: Interactions,
  count: number = test.itemCount,
): TopLists {
  requireSameIds(seen, test, ["seen", "test"]);
  const ranking = new FullRanking(model, seen);
  const positives = positiveItems(test);
  const users: number[] = [];
  const [lists, relevant]: [Int32Array[], Int32Array[]] = [[], []];
  for (const { user, items, isLeftOut } of ranking.firstItems(usersOf(positives), count)) {
    const right = Int32Array.from(positives.get(user)!).filter((item) => !isLeftOut(item));
    if (right.length === 0) continue;
    users.push(user);
    lists.push(items);
    relevant.push(right);
  }
  return { users: Int32Array.from(users), lists, relevant, itemCount: test.itemCount };
}

/** @throws InvalidArgumentError for columns that differ in length, an id that is no item, or one that comes twice */
export function requireLists(where: string, { users, lists, relevant, itemCount }: TopLists): void {
  if (users.length !== lists.length || users.length !== relevant.length)
    throw new InvalidArgumentError(`${users.length} users have ${lists.length} lists and ${relevant.length} truths`, {
      where,
      remedy: "give each user one list and one set of right items",
    });
  for (const [name, columns] of Object.entries({ lists, relevant }))
    columns.forEach((items, k) => {
      const wrong = items.find((item) => !(item >= 0 && item < itemCount));
      if (wrong === undefined && new Set(items).size === items.length) return;
      const problem = wrong === undefined ? "has an item twice" : `has ${wrong}, which is not an item`;
      const remedy = `ids go from 0 to ${itemCount - 1}, each once`;
      throw new InvalidArgumentError(`${name}[${k}] ${problem}`, { where, remedy });
    });
}
