import type { Displayable } from "../../core";
import { frameOverview, groupsOverview } from "./danfo-frame";
import { datasetOverview, ifruSplitOverview, requestOverview, splitOverview } from "./datasets";
import { effectOverview, explanationOverview, nextExplanationOverview, selfInfluenceOverview } from "./explanations";
import { fitOverview } from "./fits";
import { interactionsOverview } from "./interactions";
import { modelOverview } from "./models";
import { largeValueOverview, typedArrayOverview } from "./plain-values";
import { sessionDatasetOverview, sessionSplitOverview, sessionsOverview } from "./sessions";
import { answerOverview, preparedOverview, updateOverview } from "./unlearning";

export { Overview } from "./overview";

/** From the most frequent on; no two of them know the same value, so that the order decides nothing. */
const kinds: readonly ((value: unknown) => Displayable | undefined)[] = [
  ...[interactionsOverview, datasetOverview, ifruSplitOverview, splitOverview, requestOverview],
  ...[sessionsOverview, sessionDatasetOverview, sessionSplitOverview],
  ...[modelOverview, fitOverview, preparedOverview, answerOverview, updateOverview],
  ...[explanationOverview, nextExplanationOverview, effectOverview, selfInfluenceOverview],
  ...[frameOverview, groupsOverview, typedArrayOverview],
];

/**
 * What a value is, in one line of facts and a small table: a dataset, interactions, sessions, a split, a model, a
 * training that ended, what was prepared, a request, an answer, an explanation, a frame of danfo.js, and long typed
 * arrays and large plain objects. A notebook shows these values by it.
 *
 * A value is known by its exact fields and their types. Nothing of it is run but the methods of our own classes.
 *
 * @returns `undefined` for any other value: it is shown as Node shows it
 * @example
 * const split = ifruSplit((await loadDataset("ml-100k")).interactions);
 * String(overview(split)); // IFRU split: … training rows to forget, and a line for each part
 */
export function overview(value: unknown): Displayable | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  for (const known of kinds) {
    const found = known(value);
    if (found !== undefined) return found;
  }
  return largeValueOverview(value);
}
