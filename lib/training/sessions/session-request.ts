import type { ForgetSamples, Sessions } from "../../data";
import type { UnlearningRequest } from "../method";

/**
 * What is asked to be forgotten of sessions: `forgetRows` are events, and `samples` those of them that something
 * predicts.
 */
export interface SessionUnlearningRequest extends UnlearningRequest<Sessions> {
  /** The histories before the events: what should no longer predict them. An event that opens its session has none. */
  readonly samples: ForgetSamples;
}
