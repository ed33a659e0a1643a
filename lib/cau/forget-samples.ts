import { type PrefixSamples, samplesOfRows, type Sessions } from "../data";
import type { UnlearningRequest } from "../training";

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

/** What is asked to be forgotten of sessions, with the samples it comes to. */
export interface SessionUnlearningRequest extends UnlearningRequest<Sessions> {
  /** The histories before the events: what should no longer foretell them. An event that opens its session has none. */
  readonly samples: ForgetSamples;
}
