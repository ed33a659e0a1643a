import { NotFoundError } from "../../core";
import { type ForgetSamples, forgetSamples } from "../sessions/forget-samples";
import type { SessionDataset } from "../sessions/session-dataset";
import type { Sessions } from "../sessions/sessions";
import { type AskedRequest, countsOf, type RequestDescription } from "./asked";

/** A request about sessions with what describes it; a `SessionUnlearningRequest` of the training area. */
export interface AskedSessionRequest {
  readonly name: string;
  readonly train: Sessions;
  /** Events of `train`, by row numbers of the dataset's interactions, ascending. */
  readonly forgetRows: Int32Array;
  /** The histories before those events. */
  readonly samples: ForgetSamples;
  readonly description: RequestDescription;
}

/**
 * A request about the rows of a dataset as one about the training sessions that were made of them. Rows that stand in
 * no training session were never learnt from, and are left out; the description counts them.
 *
 * @param asked of `dataset.interactions`
 * @throws NotFoundError when none of them stands in a training session
 * @example
 * const dataset = await loadSessionDataset("ml-100k");
 * const request = sessionRequest(dataset, usersRequest(dataset.interactions, ["42"]));
 */
export function sessionRequest(
  { train, interactions }: Pick<SessionDataset, "train" | "interactions">,
  asked: AskedRequest,
): AskedSessionRequest {
  const events = new Set(train.row);
  const forgetRows = asked.forgetRows.filter((row) => events.has(row));
  if (forgetRows.length === 0)
    throw new NotFoundError(`no training session has a row of ${asked.name}`, {
      remedy: "the rows asked for are in validation or test sessions, or in sessions that were too short",
    });
  const notInTraining = asked.forgetRows.length - forgetRows.length;
  const description = {
    ...asked.description,
    asked: { ...asked.description.asked, ...(notInTraining === 0 ? {} : { notInTraining }) },
    ...countsOf(interactions, forgetRows),
  };
  return { name: asked.name, train, forgetRows, samples: forgetSamples(train, forgetRows), description };
}
