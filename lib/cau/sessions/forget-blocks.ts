import { InvalidArgumentError } from "../../core";
import { type ForgetSamples, historyCount } from "../../data";
import { requireKnownItems } from "../../models";

/** Some samples in a row. */
export interface ForgetBlock {
  /** Number of the first one. */
  readonly first: number;
  readonly samples: ForgetSamples;
}

/**
 * The samples block by block, none copied.
 *
 * @param itemCount how many items a model knows
 * @throws InvalidArgumentError for items it does not know
 */
export function* forgetBlocks(samples: ForgetSamples, blockSize: number, itemCount: number): Generator<ForgetBlock> {
  const { item, start, end, target, next } = samples;
  requireKnownItems(samples, itemCount);
  const unknown = (ids: Int32Array, least: number) => ids.find((id) => !(id >= least && id < itemCount));
  const stranger = unknown(target, 0) ?? unknown(next, -1);
  if (stranger !== undefined)
    throw new InvalidArgumentError(`a sample to forget names item ${stranger}`, {
      remedy: `items go from 0 to ${itemCount - 1}; only a next item may be -1, where there is none`,
    });
  for (let first = 0; first < historyCount(samples); first += blockSize) {
    const part = (column: Int32Array) => column.subarray(first, first + blockSize);
    yield { first, samples: { item, start: part(start), end: part(end), target: part(target), next: part(next) } };
  }
}
