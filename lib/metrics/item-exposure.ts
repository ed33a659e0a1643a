import { InvalidArgumentError, requireNumber } from "../core";
import { type Interactions, requireSameIds } from "../data";
import type { Recommender } from "../models";
import { rankOf } from "./order";
import { FullRanking, type PerUser } from "./ranking";

/**
 * How far each forgotten positive falls in its user's full ranking: rank after - rank before, over the number of items,
 * so that 1 is from first to last. Above 0 it was forgotten; negative values are kept as they are.
 *
 * @param train the rows the original was trained on
 * @param forgetRows row numbers of `train`; those with label 0 are passed over
 * @param retained the rows that stay: their items are left out of both rankings
 * @returns in the order of the positive forget rows, `[positives]`
 * @example
 * const retained = selectRows(train, retainedRows(train, forgetRows));
 * rankDrops(model, unlearned, train, forgetRows, retained); // positive where a forgotten item fell
 */
export function rankDrops(
  before: Recommender,
  after: Recommender,
  train: Interactions,
  forgetRows: Int32Array,
  retained: Interactions,
): Float64Array {
  requireSameIds(train, retained, ["train", "retained"]);
  const rankings = [before, after].map((model) => new FullRanking(model, retained));
  const positives = forgetRows.filter((row) => train.label[row] > 0);
  return Float64Array.from(positives, (row) => {
    const [old, now] = rankings.map((ranking) => rankOf(ranking.scores(train.user[row]), train.item[row]));
    return (now - old) / train.itemCount;
  });
}

/**
 * Exposure: how much of each user's first k recommendations are sensitive items, in [0, 1].
 *
 * @param seen rows whose items are not recommended to their user again
 * @param sensitive dense item ids
 * @param users whom to look at, ascending. Default: all
 * @throws InvalidArgumentError for an item that the dataset does not have
 * @example
 * const exposure = exposureAtK(model, train, Int32Array.of(7, 8), 10); // how often these items are recommended
 */
export function exposureAtK(
  model: Recommender,
  seen: Interactions,
  sensitive: Int32Array,
  k: number,
  users: Int32Array = Int32Array.from({ length: seen.userCount }, (_, user) => user),
): PerUser {
  requireNumber("k", k, { min: 1, integer: true });
  const unknown = sensitive.find((item) => !(item >= 0 && item < seen.itemCount));
  if (unknown !== undefined)
    throw new InvalidArgumentError(`there is no item ${unknown}`, { remedy: `ids go from 0 to ${seen.itemCount - 1}` });
  const marked = new Set(sensitive);
  const ranking = new FullRanking(model, seen);
  const shares = Array.from(
    ranking.firstItems(users, k),
    ({ items }) => items.filter((item) => marked.has(item)).length / k,
  );
  return { users, values: Float64Array.from(shares) };
}
