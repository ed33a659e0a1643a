import { InvalidArgumentError } from "../../core";
import { historyCount, type PrefixSamples, samplesOfRows, type Sessions } from "..";
import { requireKnownItems } from "../../models";
import type { UnlearningRequest } from "../../training";

/** Samples to forget: the histories before some events, the events' items as targets, and what came after them. */
export interface ForgetSamples extends PrefixSamples {
  /** The item after the target, or -1 where the session ends with it, `[samples]`. */
  readonly next: Int32Array;
}

/** What CAU needs to know of a request (README, section "Samples"). @param rows as `samplesOfRows` */
export function forgetSamples(sessions: Sessions, rows: Int32Array): ForgetSamples {
  const samples = samplesOfRows(sessions, rows);
  const closing = new Set(sessions.offsets); // where a session ends another one begins
  const next = samples.end.map((event) => (closing.has(event + 1) ? -1 : sessions.item[event + 1]));
  return { ...samples, next };
}

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

/** What is asked to be forgotten of sessions, with the samples it comes to. */
export interface SessionUnlearningRequest extends UnlearningRequest<Sessions> {
  /** The histories before the events: what should no longer foretell them. An event that opens its session has none. */
  readonly samples: ForgetSamples;
}
