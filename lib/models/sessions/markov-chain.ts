import { groupRows, prefixSamples, type Sessions } from "../../data";
import { ItemPairs, PairCounter } from "./item-pairs";
import { Popularity } from "./popularity";

/**
 * A first-order Markov chain: scores each item by how often it came right after the history's last item; equal counts
 * follow by popularity. The strong simple baseline for sessions.
 *
 * @example
 * const chain = markovChain(sessionSplit.train);
 * mean(ndcgAt(10, await targetRanks(chain, samples)));
 */
export function markovChain(sessions: Sessions): ItemPairs {
  const { item, end, target } = prefixSamples(sessions);
  const { pointers, rows } = groupRows(
    end.map((event) => item[event - 1]),
    sessions.itemCount,
  );
  const counter = new PairCounter(sessions.itemCount);
  for (let first = 0; first < sessions.itemCount; first++) {
    for (let k = pointers[first]; k < pointers[first + 1]; k++) counter.add(target[rows[k]]);
    counter.endRow((_, count) => count);
  }
  return new ItemPairs("markov-chain", counter.finish(), Popularity.count(sessions), 1);
}
