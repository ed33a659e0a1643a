import {
  flagOption,
  givenOption,
  InvalidDataError,
  numberOption,
  optionList,
  type OptionsOf,
  textOption,
  wholeOption,
} from "../../core";
import { loadDataset } from "../catalogue/load-dataset";
import { type Interactions, rowCount, rowsWhere, selectRows } from "../interactions";
import { kCoreRows } from "../k-core";
import type { ReadOptions } from "../reading/read-options";
import { compactRows } from "../renumber";
import { type SessionDataset, sessionDatasetOptions, sessionSplitHash } from "../sessions/session-dataset";
import { sessionOptions, sessionCount, splitSessions, toSessions } from "../sessions/sessions";
import { tiesOption } from "./chronology";

const { minLength, validShare, testShare, seed } = sessionDatasetOptions.fields;

/** The options of `loadOwnSessions`. */
export const ownSessionOptions = optionList("loadOwnSessions", {
  read: givenOption<ReadOptions>("How to read a file of your own, where its first line does not tell.", {}),
  folder: textOption("A folder that is looked into first; empty for the one that `RECSYS_DATA` names.", ""),
  offline: flagOption("Never fetch anything.", false),
  minRating: numberOption("Rows with a lower rating are left out. Default: all rows stay.", Number.MIN_SAFE_INTEGER),
  coreSize: wholeOption("Users and items with fewer rows are left out, recursively; 0 keeps all.", 0, 0),
  maxPauseSeconds: sessionOptions.fields.maxPauseSeconds,
  order: sessionOptions.fields.order,
  ties: tiesOption,
  ...{ minLength, validShare, testShare, seed },
});

/** Options of `loadOwnSessions`; defaults and ranges are in `ownSessionOptions`. */
export interface OwnSessionOptions extends OptionsOf<typeof ownSessionOptions.fields> {}

/**
 * Sessions of a file of one's own, or of a dataset of the catalogue: `loadSessionDataset` with everything that reading
 * and cutting sessions leave open. Sessions are cut before they are split, so that none is in two parts.
 *
 * @param name of a dataset, or the path of a file; for a log whose rows name their session and not their user, give
 *   that column as the user
 * @example
 * const clicks = await loadOwnSessions("clicks.csv", { maxPauseSeconds: 1800, minLength: 3, coreSize: 5 });
 * @throws NotFoundError when there is no such file or dataset
 * @throws InvalidDataError for a malformed file, a row without time where the order is by time, or where nothing is
 *   left
 */
export async function loadOwnSessions(name: string, options?: Partial<OwnSessionOptions>): Promise<SessionDataset> {
  const { read, folder, offline, minRating, coreSize, ties, ...resolved } = ownSessionOptions.resolve(options);
  const { maxPauseSeconds, order, minLength: shortest, ...split } = resolved;
  const dataset = await loadDataset(name, { read, offline, ...(folder === "" ? {} : { folder }) });
  const interactions = keptRows(dataset.interactions, minRating, coreSize, ties === "reversed");
  const sessions = toSessions(interactions, { maxPauseSeconds, minLength: shortest, order });
  if (sessionCount(sessions) === 0)
    throw new InvalidDataError(`no session is left of ${rowCount(dataset.interactions)} rows`, {
      where: dataset.name,
      remedy: `give a smaller minRating, coreSize or minLength, or a longer maxPauseSeconds`,
    });
  const parts = splitSessions(sessions, split);
  const { name: called, dataHash } = dataset;
  return { ...parts, name: called, interactions, dataHash, splitHash: sessionSplitHash(parts) };
}

/** Sessions take ties as rows come, so that another order of ties is another order of rows. */
function keptRows(all: Interactions, minRating: number, coreSize: number, isReversed: boolean): Interactions {
  const rated = rowsWhere(all, (row) => all.label[row] >= minRating);
  const rows = selectRows(all, isReversed ? rated.reverse() : rated);
  return compactRows(rows, kCoreRows(rows, coreSize));
}
