import { InvalidArgumentError, requireNumber } from "../../core";
import { type Histories, historyCount } from "../../data";
import { createWorkspace, operations } from "../../engine";

/** What predicts the next item of a session, trained or counted. */
export interface SessionRecommender {
  /** The kind of model, such as `"gru4rec"`. */
  readonly kind: string;
  /** How many items there are to choose from, those of the history among them. */
  readonly itemCount: number;
  /**
   * Scores every item as the next of each history: higher is likelier. Give a block of histories at a time, for the
   * result is dense; `scoreBlocks` does.
   *
   * @returns row-major `[histories, itemCount]`, valid until the next call
   * @throws InvalidArgumentError for items the recommender does not know
   */
  scores(histories: Histories): Promise<Float32Array>;
  /** Makes ready for many calls of `scores`, where that saves work. */
  openScorer?(): Promise<SessionScorer>;
}

/** A recommender made ready to score. */
export interface SessionScorer {
  /** As the recommender's. */
  scores(histories: Histories): Promise<Float32Array>;
  /** Gives back what it holds. */
  dispose(): void;
}

/** Scores of some histories in turn. */
export interface ScoreBlock {
  /** Number of the block's first history. */
  readonly first: number;
  readonly count: number;
  /** `[count, itemCount]`, valid until the next block. */
  readonly scores: Float32Array;
}

/**
 * Scores histories block by block, so that the whole matrix never exists.
 *
 * @param blockSize histories per block
 * @example
 * for await (const { scores } of scoreBlocks(gru, samples)) console.log(scores.length);
 */
export async function* scoreBlocks(
  recommender: SessionRecommender,
  histories: Histories,
  blockSize = 256,
): AsyncGenerator<ScoreBlock> {
  requireNumber("blockSize", blockSize, { min: 1, integer: true });
  const { item, start, end } = histories;
  const scorer = await recommender.openScorer?.();
  try {
    for (let first = 0; first < historyCount(histories); first += blockSize) {
      const part = (column: Int32Array) => column.subarray(first, first + blockSize);
      const block = { item, start: part(start), end: part(end) };
      yield { first, count: historyCount(block), scores: await (scorer ?? recommender).scores(block) };
    }
  } finally {
    scorer?.dispose();
  }
}

/** The best items for some histories. */
export interface NextItems {
  /** `[histories, count]`, best first, ties going to the lower id. */
  readonly items: Int32Array;
  /** `[histories, count]` */
  readonly scores: Float32Array;
}

/**
 * The `count` items that score highest for each history; those of the history are not left out.
 *
 * @param count at most 1024
 * @example
 * const { items } = await nextItems(gru, samples, 10); // ten for each history, the best first
 */
export async function nextItems(
  recommender: SessionRecommender,
  histories: Histories,
  count: number,
): Promise<NextItems> {
  requireNumber("count", count, { min: 1, max: Math.min(1024, recommender.itemCount), integer: true });
  const items = new Int32Array(historyCount(histories) * count);
  const scores = new Float32Array(items.length);
  for await (const block of scoreBlocks(recommender, histories)) {
    const workspace = createWorkspace();
    try {
      const [columns, values] = [workspace.int32(block.count * count), workspace.float32(block.count * count)];
      operations().topK(workspace.copyOf(block.scores), recommender.itemCount, count, columns, values);
      items.set(columns, block.first * count);
      scores.set(values, block.first * count);
    } finally {
      workspace.dispose();
    }
  }
  return { items, scores };
}

/**
 * Refuses histories with items that a model does not have.
 *
 * @throws InvalidArgumentError when a history holds an item that is not below `itemCount`
 *
 * @example
 * requireKnownItems(samples, gru.itemCount);
 */
export function requireKnownItems({ item, start, end }: Histories, itemCount: number): void {
  for (let k = 0; k < start.length; k++)
    for (let event = start[k]; event < end[k]; event++)
      if (!(item[event] >= 0 && item[event] < itemCount))
        throw new InvalidArgumentError(`history ${k} holds item ${item[event]}`, {
          remedy: `items go from 0 to ${itemCount - 1}`,
        });
}

/** The last item of history k, or -1 where it is empty. */
export function lastItem({ item, start, end }: Histories, k: number): number {
  return end[k] > start[k] ? item[end[k] - 1] : -1;
}

/** Room for scores that is used again and again: pages of fresh memory cost more than what is written to them. */
export class ScoreRoom {
  private room = new Float32Array(0);

  /** @returns `[length]`, with whatever it held, valid until the next call */
  of(length: number): Float32Array {
    if (this.room.length < length) this.room = new Float32Array(length);
    return this.room.subarray(0, length);
  }
}
