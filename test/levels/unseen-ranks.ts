import type { PrefixSamples } from "../../lib/data";
import { scoreBlocks, type SessionRecommender } from "../../lib/models";

/**
 * The rank of each target among the items that are not in its history, from 1, ties going to the lower id: as gSASRec's
 * repository ranks (`filter_rated`). Ours (`targetRanks`) keeps the items of the history.
 */
export async function ranksAmongUnseen(recommender: SessionRecommender, samples: PrefixSamples): Promise<Int32Array> {
  const { item, start, end, target } = samples;
  const ranks = new Int32Array(target.length);
  for await (const { first, count, scores } of scoreBlocks(recommender, samples))
    for (let k = first; k < first + count; k++) {
      const from = (k - first) * recommender.itemCount;
      const row = scores.slice(from, from + recommender.itemCount);
      const own = row[target[k]];
      for (let event = start[k]; event < end[k]; event++) row[item[event]] = -Infinity;
      ranks[k] =
        1 + row.reduce((above, score, id) => above + Number(score > own || (score === own && id < target[k])), 0);
    }
  return ranks;
}
