import { Breather, InvalidArgumentError, Random, requireNumber } from "../core";
import { historyCount, type PrefixSamples, type Sessions, samplesOfRows, sessionItemRows } from "../data";
import { scoreBlocks, type SessionRecommender } from "../models";

/**
 * The rank of each sample's target among all items, from 1: how many score above it, ties going to the lower id; a target whose score
 * is NaN comes last. Items of the history are not left out, as in SRU's release. Streamed in blocks, without a sort.
 *
 * @returns `[samples]`
 * @throws CancelledError when it is interrupted
 */
export async function targetRanks(recommender: SessionRecommender, samples: PrefixSamples): Promise<Int32Array> {
  return (await rankTargets(recommender, samples)).full;
}

/** Ranks of targets among few and among all. */
export interface CandidateRanks {
  /** Among the target and the drawn candidates, from 1, `[samples]`. */
  readonly sampled: Int32Array;
  /** Among all items, from 1, `[samples]`. */
  readonly full: Int32Array;
}

/** How candidates are drawn. */
export interface CandidateOptions {
  /** Candidates beside the target. Default 500, as in SRU's release. */
  readonly candidates?: number;
  /** Default 1. */
  readonly seed?: number;
}

/**
 * The rank of each sample's target among itself and random items that are neither it nor in its history, and among all items, in one
 * pass. A sample's candidates depend on the seed and the sample's number alone, so every model meets the same ones. Where there are too
 * few other items, all of them are candidates.
 *
 * @throws CancelledError when it is interrupted
 */
export async function candidateRanks(
  recommender: SessionRecommender,
  samples: PrefixSamples,
  options: CandidateOptions = {},
): Promise<CandidateRanks> {
  const candidates = requireNumber("candidates", options.candidates ?? 500, { min: 1, integer: true });
  return rankTargets(recommender, samples, { candidates, seed: options.seed ?? 1 });
}

/**
 * For each of some sessions a model never saw, the sample of one event drawn as a forget request draws it. How these rank is the level
 * that forgetting should reach, known without retraining.
 */
export function unseenSamples(sessions: Sessions, seed: number): PrefixSamples {
  return samplesOfRows(sessions, sessionItemRows(sessions, 1, seed));
}

async function rankTargets(
  recommender: SessionRecommender,
  samples: PrefixSamples,
  draw?: { readonly candidates: number; readonly seed: number },
): Promise<CandidateRanks> {
  const { itemCount, kind } = recommender;
  const [full, sampled] = [0, 0].map(() => new Int32Array(historyCount(samples)));
  const breather = new Breather(`ranking with ${kind}`);
  for await (const { first, count, scores } of scoreBlocks(recommender, samples)) {
    for (let k = first; k < first + count; k++) {
      const row = scores.subarray((k - first) * itemCount, (k - first + 1) * itemCount);
      full[k] = rankAmongAll(row, requireItem(samples.target[k], itemCount));
      if (draw === undefined) continue;
      const random = Random.derive(draw.seed, "candidates", k);
      sampled[k] = rankAmong(row, samples.target[k], drawCandidates(random, samples, k, itemCount, draw.candidates));
    }
    await breather.breathe();
  }
  return { full, sampled };
}

function requireItem(item: number, itemCount: number): number {
  if (item >= 0 && item < itemCount) return item;
  throw new InvalidArgumentError(`the target ${item} is not an item`, {
    remedy: `items go from 0 to ${itemCount - 1}`,
  });
}

/** A loop of its own, without a branch: it runs over every score there is. */
function rankAmongAll(scores: Float32Array, target: number): number {
  const score = scores[target];
  if (Number.isNaN(score)) return scores.length;
  let rank = 1;
  for (let item = 0; item < target; item++) rank += Number(scores[item] >= score);
  for (let item = target + 1; item < scores.length; item++) rank += Number(scores[item] > score);
  return rank;
}

function rankAmong(scores: Float32Array, target: number, candidates: Iterable<number>): number {
  const score = scores[target];
  let rank = 1;
  for (const item of candidates)
    if (Number.isNaN(score) || scores[item] > score || (scores[item] === score && item < target)) rank++;
  return rank;
}

/** Different random items that are neither the target nor in the history. */
function drawCandidates(
  random: Random,
  { item, start, end, target }: PrefixSamples,
  k: number,
  itemCount: number,
  count: number,
): Set<number> {
  const excluded = new Set(item.subarray(start[k], end[k])).add(target[k]);
  const drawn = new Set<number>();
  if (itemCount - excluded.size <= count) {
    for (let other = 0; other < itemCount; other++) if (!excluded.has(other)) drawn.add(other);
    return drawn;
  }
  while (drawn.size < count) {
    const other = random.integer(itemCount);
    if (!excluded.has(other)) drawn.add(other);
  }
  return drawn;
}
