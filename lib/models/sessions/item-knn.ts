import { numberOption, optionList, type OptionsOf, wholeOption } from "../../core";
import { groupRows, type Sessions } from "../../data";
import { ItemPairs, PairCounter } from "./item-pairs";
import { Popularity } from "./popularity";

/** The options of `itemKnn`. */
export const itemKnnOptions = optionList("itemKnn", {
  neighbours: wholeOption("How many neighbours of each item are kept.", 100, 1),
  shrinkage: numberOption("Added to the denominator, so that pairs seen by few sessions count less.", 0, { min: 0 }),
});

/** Options of `itemKnn`; defaults and ranges are in `itemKnnOptions`. */
export interface ItemKnnOptions extends OptionsOf<typeof itemKnnOptions.fields> {}

/**
 * Item-based nearest neighbours on the last item: the cosine of the sets of sessions two items occur in,
 * |S_i and S_j| / (sqrt(|S_i| |S_j|) + shrinkage); items that are no neighbours follow by popularity.
 *
 * @example
 * const neighbours = itemKnn(sessionSplit.train);
 * mean(ndcgAt(10, await targetRanks(neighbours, samples)));
 */
export function itemKnn(sessions: Sessions, options?: Partial<ItemKnnOptions>): ItemPairs {
  const { neighbours, shrinkage } = itemKnnOptions.resolve(options);
  const { itemCount } = sessions;
  const visits = sessionVisits(sessions);
  const bySession = groupRows(visits.session, sessions.user.length);
  const byItem = groupRows(visits.item, itemCount);
  const sessionsOf = (item: number) => byItem.pointers[item + 1] - byItem.pointers[item];
  const counter = new PairCounter(itemCount);
  for (let first = 0; first < itemCount; first++) {
    for (let k = byItem.pointers[first]; k < byItem.pointers[first + 1]; k++) {
      const session = visits.session[byItem.rows[k]];
      for (let m = bySession.pointers[session]; m < bySession.pointers[session + 1]; m++) {
        const second = visits.item[bySession.rows[m]];
        if (second !== first) counter.add(second);
      }
    }
    const cosine = (second: number, count: number) =>
      count / (Math.sqrt(sessionsOf(first) * sessionsOf(second)) + shrinkage);
    counter.endRow(cosine, neighbours);
  }
  return new ItemPairs("item-knn", counter.finish(), Popularity.count(sessions), 1e-6);
}

/** Which items occur in which session, each pair once. */
function sessionVisits({ offsets, item, user, itemCount }: Sessions): { session: Int32Array; item: Int32Array } {
  const lastSeen = new Int32Array(itemCount).fill(-1);
  const [sessions, items]: [number[], number[]] = [[], []];
  for (let session = 0; session < user.length; session++)
    for (let event = offsets[session]; event < offsets[session + 1]; event++) {
      if (lastSeen[item[event]] === session) continue;
      lastSeen[item[event]] = session;
      sessions.push(session);
      items.push(item[event]);
    }
  return { session: Int32Array.from(sessions), item: Int32Array.from(items) };
}
