import { Breather, InvalidArgumentError, Random, requireNumber } from "../../core";
import { historyCount, type PrefixSamples, type Sessions, samplesOfRows, sessionItemRows } from "../../data";
import { scoreBlocks, type SessionRecommender } from "../../models";

/**
 * The rank of each sample's target among all items, from 1: how many score above it, ties going to the lower id; a
 * target whose score is NaN comes last, and another item's NaN is above the target. Items of the history are not left
 * out, as in SRU's release. Streamed in blocks, without a sort.
 *
 * @returns `[samples]`
 * @throws CancelledError when it is interrupted
 * @example
 * const ranks = await targetRanks(gru, samples); // of each target among all items, from 1
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
 * The rank of each sample's target among itself and random items that are neither it nor in its history, and among all
 * items, in one pass. A sample's candidates depend on the seed and the sample's number alone, so every model meets the
 * same ones. Where there are too few other items, all of them are candidates.
 *
 * @throws CancelledError when it is interrupted
 * @example
 * const { sampled, full } = await candidateRanks(gru, samples); // among some items only, as some papers rank
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
 * For each of some sessions a model never saw, the sample of one event drawn as a forget request draws it. How these
 * rank is the level that forgetting should reach, known without retraining.
 *
 * @example
 * const unseen = unseenSamples(sessionSplit.test, 1); // what no model learned from
 */
export function unseenSamples(sessions: Sessions, seed: number): PrefixSamples {
  return samplesOfRows(sessions, sessionItemRows(sessions, 1, seed));
}

async function rankTargets(
  recommender: SessionRecommender,
  samples: PrefixSamples,
  draw?: Required<CandidateOptions>,
): Promise<CandidateRanks> {
  const { itemCount, kind } = recommender;
  const [full, sampled] = [0, 0].map(() => new Int32Array(historyCount(samples)));
  const breather = new Breather(`ranking with ${kind}`);
  const candidates = draw === undefined ? undefined : new CandidateDraws(samples, itemCount, draw);
  for await (const { first, count, scores } of scoreBlocks(recommender, samples)) {
    for (let k = first; k < first + count; k++) {
      const row = scores.subarray((k - first) * itemCount, (k - first + 1) * itemCount);
      full[k] = rankAmongAll(row, requireItem(samples.target[k], itemCount));
      if (candidates !== undefined) sampled[k] = rankAmong(row, samples.target[k], candidates.of(k));
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
  let rank = 1;
  for (let item = 0; item < target; item++) rank += Number(!(scores[item] < score));
  for (let item = target + 1; item < scores.length; item++) rank += Number(!(scores[item] <= score));
  return rank;
}

function rankAmong(scores: Float32Array, target: number, candidates: Int32Array): number {
  const score = scores[target];
  let rank = 1;
  for (const item of candidates) if (!(scores[item] <= score) || (scores[item] === score && item < target)) rank++;
  return rank;
}

/**
 * Different random items, for each sample others. They are marked in an array: sets take longer than the ranking
 * itself.
 */
class CandidateDraws {
  private readonly drawn: Int32Array;
  /** By item, the last draw that drew it or was to leave it out. */
  private readonly seenIn: Int32Array;
  private draws = 0;

  constructor(
    private readonly samples: PrefixSamples,
    private readonly itemCount: number,
    private readonly options: Required<CandidateOptions>,
  ) {
    this.drawn = new Int32Array(Math.min(options.candidates, itemCount));
    this.seenIn = new Int32Array(itemCount);
  }

  /** Those of a sample, neither its target nor in its history; valid until the next call. */
  of(k: number): Int32Array {
    const { samples, itemCount, options, drawn } = this;
    this.draws++;
    let others = itemCount;
    for (let event = samples.start[k]; event < samples.end[k]; event++) others -= this.mark(samples.item[event]);
    others -= this.mark(samples.target[k]);
    let count = 0;
    const take = (item: number) => {
      if (this.mark(item) === 1) drawn[count++] = item;
    };
    if (others <= options.candidates) {
      for (let item = 0; item < itemCount; item++) take(item);
    } else {
      const random = Random.derive(options.seed, "candidates", k);
      while (count < options.candidates) take(random.integer(itemCount));
    }
    return drawn.subarray(0, count);
  }

  /** @returns 1 for an item that this draw has not met yet, else 0 */
  private mark(item: number): number {
    if (this.seenIn[item] === this.draws) return 0;
    this.seenIn[item] = this.draws;
    return 1;
  }
}
