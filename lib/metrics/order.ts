import { requireOrdered } from "./lengths";

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

/** Below this many it is not worth the trouble to sort in between. */
const leastKept = 64;

/**
 * The items that score highest, best first, ties going to the lower id. Items scored `-Infinity` are never among them.
 *
 * @throws InvalidArgumentError for a score that is NaN
 * @example
 * const items = Int32Array.from({ length: model.itemCount }, (_, item) => item);
 * topItems(model.score(new Int32Array(items.length).fill(3), items), 10); // for user 3, the best first
 */
export function topItems(scores: Float32Array, count: number): Int32Array {
  const room = Math.max(2 * count, leastKept);
  const kept: number[] = [];
  const sort = () => kept.sort((a, b) => scores[b] - scores[a] || a - b);
  let least = Number.NEGATIVE_INFINITY;
  for (let item = 0; item < scores.length; item++) {
    if (scores[item] <= least) continue;
    if (Number.isNaN(scores[item])) requireOrdered("topItems", scores);
    if (kept.push(item) < room) continue;
    sort().splice(count);
    if (count > 0) least = scores[kept[count - 1]];
  }
  return Int32Array.from(sort().slice(0, count));
}
