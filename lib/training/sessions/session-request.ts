import type { ForgetSamples, Sessions } from "../../data";
import type { UnlearningRequest } from "../method";
import type { Facts } from "../method-description";

/**
 * What is asked to be forgotten of sessions: `forgetRows` are events, and `samples` those of them that something
 * predicts.
 */
export interface SessionUnlearningRequest extends UnlearningRequest<Sessions> {
  /** The histories before the events: what should no longer predict them. An event that opens its session has none. */
  readonly samples: ForgetSamples;
}

/**
 * How many events of a request a method could not forget, as a fact that tables show; nothing where it forgot all.
 *
 * @param rows of the events, as the method's diagnostics name them
 * @example
 * notForgottenFacts(eventsWithoutHistory(sessions, eventRequest.forgetRows)); // for a record
 */
export function notForgottenFacts(rows: Int32Array): Facts {
  return rows.length === 0 ? {} : { eventsNotForgotten: rows.length };
}
