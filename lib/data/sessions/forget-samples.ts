import { type PrefixSamples, samplesOfRows } from "./prefix-samples";
import type { Sessions } from "./sessions";

/** Samples to forget: the histories before some events, the events' items as targets, and what came after them. */
export interface ForgetSamples extends PrefixSamples {
  /** The item after the target, or -1 where the session ends with it, `[samples]`. */
  readonly next: Int32Array;
}

/**
 * What a request asks of the histories before its events.
 *
 * @param rows as `samplesOfRows`
 * @example
 * const samples = forgetSamples(sessions, sessionItemRows(sessions, 0.02, 1));
 */
export function forgetSamples(sessions: Sessions, rows: Int32Array): ForgetSamples {
  const samples = samplesOfRows(sessions, rows);
  const closing = new Set(sessions.offsets); // where a session ends another one begins
  const next = samples.end.map((event) => (closing.has(event + 1) ? -1 : sessions.item[event + 1]));
  return { ...samples, next };
}
