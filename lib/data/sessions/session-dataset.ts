import { createHash } from "node:crypto";
import { InvalidDataError, numberOption, optionList, type OptionsOf } from "../../core";
import type { Dataset } from "../catalogue/dataset";
import { type Interactions, rowsWhere } from "../interactions";
import { loadDataset } from "../catalogue/load-dataset";
import { compactRows } from "../renumber";
import {
  sessionCount,
  sessionOptions,
  type Sessions,
  type SessionSplit,
  sessionSplitOptions,
  splitSessions,
  toSessions,
} from "./sessions";

/** Sessions of a dataset in three parts, and what names them in a record. */
export interface SessionDataset extends SessionSplit {
  readonly name: string;
  /** The rows the sessions are made of; a session's `row` counts these. */
  readonly interactions: Interactions;
  /** sha256 of the dataset's content. */
  readonly dataHash: string;
  /** `sessionSplitHash` of the three parts. */
  readonly splitHash: string;
}

/** The options of `sessionDataset`. */
export const sessionDatasetOptions = optionList("sessionDataset", {
  minRating: numberOption("Rows with a lower rating are left out; a file without ratings keeps every row.", 4),
  minLength: sessionOptions.fields.minLength,
  ...sessionSplitOptions.fields,
});

/** Options of `sessionDataset`; defaults and ranges are in `sessionDatasetOptions`. */
export interface SessionDatasetOptions extends OptionsOf<typeof sessionDatasetOptions.fields> {}

/**
 * One session per user, in order of time (of rows, where a dataset has no times but its rows are in order), items
 * numbered by first appearance, split 8:1:1 by session.
 *
 * @throws InvalidOptionError for an unknown option or one out of range
 * @throws InvalidDataError when some of the rows it needs have a time and others have not, or when no rating
 *   reaches `minRating`
 * @example
 * const own = await loadDataset("ratings.csv"); // a file of your own
 * const { train } = sessionDataset(own, { minRating: 3 });
 */
export function sessionDataset(
  dataset: Pick<Dataset, "name" | "interactions" | "dataHash">,
  options?: Partial<SessionDatasetOptions>,
): SessionDataset {
  const { minRating, minLength, ...split } = sessionDatasetOptions.resolve(options);
  const { interactions: all, name, dataHash } = dataset;
  const implicit = all.label.every((label) => label === 1);
  if (!implicit) requireReachable(name, all.label, minRating);
  const interactions = compactRows(
    all,
    rowsWhere(all, (row) => implicit || all.label[row] >= minRating),
  );
  const timed = interactions.time?.some((seconds) => !Number.isNaN(seconds)) === true;
  const parts = splitSessions(toSessions(interactions, { minLength, order: timed ? "time" : "rows" }), split);
  return { ...parts, name, interactions, dataHash, splitHash: sessionSplitHash(parts) };
}

/** Without this, labels 0 and 1 would leave no session at all under the default, and say nothing. */
function requireReachable(name: string, labels: Float32Array, minRating: number): void {
  const largest = labels.reduce((most, label) => Math.max(most, label), -Infinity);
  if (labels.length === 0 || largest >= minRating) return;
  throw new InvalidDataError(`no rating reaches minRating ${minRating}: the largest is ${largest}`, {
    where: name,
    remedy: `give a minRating of at most ${largest}`,
  });
}

/**
 * `sessionDataset` of a dataset by name (`loadDataset`).
 *
 * @throws NotFoundError with a remedy when it cannot be had
 * @example
 * const { train, valid, test } = await loadSessionDataset("ml-100k", { minRating: 4 });
 */
export async function loadSessionDataset(
  name: string,
  options?: Partial<SessionDatasetOptions>,
): Promise<SessionDataset> {
  return sessionDataset(await loadDataset(name), options);
}

/**
 * The sha256 over the three parts: where sessions begin, and their items as dense ids. Stands in every record.
 *
 * @example
 * sessionSplitHash(await loadSessionDataset("ml-100k")); // stands in records
 */
export function sessionSplitHash({ train, valid, test }: SessionSplit): string {
  const hash = createHash("sha256").update(`session split 1 ${train.itemCount}\n`);
  for (const { offsets, item } of [train, valid, test])
    for (const column of [offsets, item])
      hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  return hash.digest("hex");
}

/** How large some sessions are. */
export interface SessionStatistics {
  readonly sessions: number;
  /** Items that occur. */
  readonly items: number;
  readonly interactions: number;
  /** Events per session. */
  readonly meanLength: number;
  readonly longest: number;
}

/**
 * Counts some sessions.
 *
 * @example
 * const { meanLength, longest } = sessionStatistics(sessions);
 */
export function sessionStatistics(sessions: Sessions): SessionStatistics {
  const { offsets, item } = sessions;
  const lengths = sessions.user.map((_, session) => offsets[session + 1] - offsets[session]);
  return {
    sessions: sessionCount(sessions),
    items: new Set(item).size,
    interactions: item.length,
    meanLength: item.length / Math.max(1, sessionCount(sessions)),
    longest: lengths.reduce((most, length) => Math.max(most, length), 0),
  };
}
