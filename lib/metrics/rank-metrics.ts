import { InvalidArgumentError, requireNumber } from "../core";
import { mean } from "./forgetting";

// A sample has one target, so recall at k is whether it is among the first k (a hit), and the ideal gain is 1.

/**
 * 1 where the target is among the first k, else 0.
 *
 * @param ranks from 1, `[samples]`
 * @returns `[samples]`
 * @example
 * mean(recallAt(10, await targetRanks(gru, samples)));
 */
export function recallAt(k: number, ranks: Int32Array): Float64Array {
  return gains(k, ranks, () => 1);
}

/**
 * 1 / log2(1 + rank) where the target is among the first k, else 0.
 *
 * @param ranks from 1, `[samples]`
 * @returns `[samples]`
 * @example
 * mean(ndcgAt(10, await targetRanks(gru, samples)));
 */
export function ndcgAt(k: number, ranks: Int32Array): Float64Array {
  return gains(k, ranks, (rank) => 1 / Math.log2(1 + rank));
}

/**
 * 1 / rank where the target is among the first k, else 0.
 *
 * @param ranks from 1, `[samples]`
 * @returns `[samples]`
 * @example
 * mean(mrrAt(10, await targetRanks(gru, samples)));
 */
export function mrrAt(k: number, ranks: Int32Array): Float64Array {
  return gains(k, ranks, (rank) => 1 / rank);
}

function gains(k: number, ranks: Int32Array, gain: (rank: number) => number): Float64Array {
  requireNumber("k", k, { min: 1, integer: true });
  const wrong = ranks.findIndex((rank) => !(rank >= 1));
  if (wrong >= 0)
    throw new InvalidArgumentError(`ranks[${wrong}] is ${ranks[wrong]}`, { remedy: "ranks go from 1, the best" });
  return Float64Array.from(ranks, (rank) => (rank <= k ? gain(rank) : 0));
}

/** The cutoffs session papers report. */
export const sessionCutoffs: readonly number[] = [5, 10, 20, 50];

/**
 * Means over samples, by metric: `recall@5`, `ndcg@5`, `mrr@5` and so on.
 *
 * @param ranks from 1, `[samples]`
 * @param cutoffs default 5, 10, 20, 50
 * @returns `null` for no samples
 * @example
 * const { "ndcg@10": ndcg } = rankingSummary(await targetRanks(gru, samples));
 */
export function rankingSummary(
  ranks: Int32Array,
  cutoffs: readonly number[] = sessionCutoffs,
): Readonly<Record<string, number | null>> {
  const metrics = { recall: recallAt, ndcg: ndcgAt, mrr: mrrAt };
  const entries = Object.entries(metrics).flatMap(([name, metric]) =>
    cutoffs.map((k) => [`${name}@${k}`, mean(metric(k, ranks))] as const),
  );
  return Object.fromEntries(entries);
}
