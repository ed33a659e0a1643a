import {
  InvalidArgumentError,
  NotFoundError,
  numberOption,
  optionList,
  type OptionsOf,
  Random,
  requireNumber,
  seedOption,
  wholeOption,
  wordOption,
} from "../../core";
import type { IdMap } from "../id-map";
import type { Interactions } from "../interactions";
import { orderedRowsByUser } from "../order";
import { placesWhere } from "../places-where";

/**
 * Sequences of items as columns. Session s is `item[offsets[s] .. offsets[s + 1])`, in order. Never an array per
 * session.
 */
export interface Sessions {
  /** `[sessions + 1]`, ascending from 0. */
  readonly offsets: Int32Array;
  /** Dense item ids, `[events]`, each below `itemCount`. */
  readonly item: Int32Array;
  /** Where each event stands in the interactions it came from, `[events]`: how a request names it. */
  readonly row: Int32Array;
  /** Whose session it is, `[sessions]`. */
  readonly user: Int32Array;
  readonly itemCount: number;
  readonly items: IdMap;
}

/** The options of `toSessions`. */
export const sessionOptions = optionList("toSessions", {
  maxPauseSeconds: numberOption(
    "A pause longer than this, in seconds, begins a new session; 0 for one session per user, as the session papers do.",
    0,
    { min: 0 },
  ),
  minLength: wholeOption("Shorter sessions are left out; 2 is the least that has something to predict.", 2, 1),
  order: wordOption('What "in order" means: by `time`, or as the `rows` come.', ["time", "rows"], "time"),
});

/** Options of `toSessions`; defaults and ranges are in `sessionOptions`. */
export interface SessionOptions extends OptionsOf<typeof sessionOptions.fields> {}

/**
 * Sessions of a set of interactions, by user and then in order.
 *
 * @throws InvalidDataError when a row has no time and the order is by time
 * @example
 * const sessions = toSessions(interactions, { maxPauseSeconds: 1800 }); // a pause of half an hour ends one
 */
export function toSessions(interactions: Interactions, options?: Partial<SessionOptions>): Sessions {
  const { maxPauseSeconds, minLength, order } = sessionOptions.resolve(options);
  const { time } = interactions;
  if (maxPauseSeconds > 0 && (time === undefined || order === "rows"))
    throw new InvalidArgumentError("pauses need times", { where: "toSessions", remedy: "leave maxPauseSeconds out" });

  const { pointers, rows } = orderedRowsByUser(interactions, order);
  const ends: number[] = [];
  for (let user = 0; user < interactions.userCount; user++)
    for (let k = pointers[user]; k < pointers[user + 1]; k++) {
      const last = k + 1 === pointers[user + 1];
      if (last || (maxPauseSeconds > 0 && time![rows[k + 1]] - time![rows[k]] > maxPauseSeconds)) ends.push(k + 1);
    }
  const all: Sessions = {
    offsets: Int32Array.from([0, ...ends]),
    item: rows.map((row) => interactions.item[row]),
    row: rows,
    user: Int32Array.from(ends, (end) => interactions.user[rows[end - 1]]),
    itemCount: interactions.itemCount,
    items: interactions.items,
  };
  return selectSessions(all, longEnough(all, minLength));
}

/**
 * The number of sessions.
 *
 * @example
 * const mean = sessions.item.length / sessionCount(sessions);
 */
export function sessionCount(sessions: Sessions): number {
  return sessions.user.length;
}

/**
 * Some sessions, in the order given. Item ids keep their meaning.
 *
 * @example
 * const firstTwo = selectSessions(sessions, Int32Array.of(0, 1));
 */
export function selectSessions(sessions: Sessions, chosen: Int32Array): Sessions {
  const { offsets, item, row } = sessions;
  const kept = new Int32Array(chosen.length + 1);
  chosen.forEach((session, k) => (kept[k + 1] = kept[k] + offsets[session + 1] - offsets[session]));
  const gather = (column: Int32Array) => {
    const gathered = new Int32Array(kept[chosen.length]);
    chosen.forEach((session, k) => gathered.set(column.subarray(offsets[session], offsets[session + 1]), kept[k]));
    return gathered;
  };
  return {
    ...sessions,
    offsets: kept,
    item: gather(item),
    row: gather(row),
    user: chosen.map((session) => sessions.user[session]),
  };
}

/** Sessions in three parts. */
export interface SessionSplit {
  readonly train: Sessions;
  readonly valid: Sessions;
  readonly test: Sessions;
}

/** The options of `splitSessions`. */
export const sessionSplitOptions = optionList("splitSessions", {
  validShare: numberOption("Share of the sessions for validation.", 0.1, { min: 0, max: 0.999 }),
  testShare: numberOption("Share of the sessions for testing.", 0.1, { min: 0, max: 0.999 }),
  seed: seedOption("Of the split.", 1),
});

/** Options of `splitSessions`; defaults and ranges are in `sessionSplitOptions`. */
export interface SessionSplitOptions extends OptionsOf<typeof sessionSplitOptions.fields> {}

/**
 * Every session to one part at random.
 *
 * @example
 * const { train, valid, test } = splitSessions(toSessions(interactions), { testShare: 0.2 });
 */
export function splitSessions(sessions: Sessions, options?: Partial<SessionSplitOptions>): SessionSplit {
  const { validShare, testShare, seed } = sessionSplitOptions.resolve(options);
  const shuffled = Random.derive(seed, "session split").shuffle(Int32Array.from(sessions.user.keys()));
  const testStart = shuffled.length - Math.round(testShare * shuffled.length);
  const validStart = testStart - Math.round(validShare * shuffled.length);
  const part = (start: number, end: number) => selectSessions(sessions, shuffled.slice(start, end).sort());
  return { train: part(0, validStart), valid: part(validStart, testStart), test: part(testStart, shuffled.length) };
}

/**
 * One event to forget in each of a random share of the sessions, drawn from its second half: positions ⌊n/2⌋ … n-1 from
 * 0, as SRU's release draws them (`lib/baselines/README.md`).
 *
 * @param share of the sessions, in (0, 1]
 * @returns row numbers of the interactions, ascending
 * @example
 * const forgetRows = sessionItemRows(sessions, 0.02, 1); // one event in 2 % of the sessions
 */
export function sessionItemRows(sessions: Sessions, share: number, seed: number): Int32Array {
  requireNumber("share", share, { above: 0, max: 1 });
  const random = Random.derive(seed, "session items");
  const count = Math.floor(share * sessionCount(sessions));
  return random
    .sample(sessionCount(sessions), count)
    .map((session) => {
      const start = sessions.offsets[session];
      const length = sessions.offsets[session + 1] - start;
      const half = Math.floor(length / 2);
      return sessions.row[start + half + random.integer(length - half)];
    })
    .sort();
}

/**
 * Every event of a random share of the sessions, at least one session.
 *
 * @param share of the sessions, in (0, 1]
 * @returns row numbers of the interactions, ascending
 * @example
 * const forgetRows = wholeSessionRows(sessions, 0.02, 1); // every event of 2 % of the sessions
 */
export function wholeSessionRows(sessions: Sessions, share: number, seed: number): Int32Array {
  requireNumber("share", share, { above: 0, max: 1 });
  const count = Math.max(1, Math.round(share * sessionCount(sessions)));
  return rowsOfSessions(sessions, Random.derive(seed, "whole sessions").sample(sessionCount(sessions), count));
}

/**
 * Every event of all sessions of some users.
 *
 * @returns row numbers of the interactions, ascending
 * @throws NotFoundError for none
 * @example
 * const forgetRows = sessionUserRows(sessions, [3, 8]);
 */
export function sessionUserRows(sessions: Sessions, users: Iterable<number>): Int32Array {
  const asked = new Set(users);
  const chosen = placesWhere(sessions.user.length, (session) => asked.has(sessions.user[session]));
  const found = new Set(Array.from(chosen, (session) => sessions.user[session]));
  const unknown = [...asked].filter((user) => !found.has(user));
  if (chosen.length > 0 && unknown.length === 0) return rowsOfSessions(sessions, chosen);
  throw new NotFoundError(`there are no sessions of user ${unknown.slice(0, 5).join(", ")}`, {
    remedy: "ids here are dense; users.toDense(rawId) gives them",
  });
}

function rowsOfSessions(sessions: Sessions, chosen: Int32Array): Int32Array {
  return selectSessions(sessions, chosen).row.sort();
}

/**
 * The sessions with some events cut out and the gaps closed: what a retrained model may see.
 *
 * @param rows row numbers of the interactions
 * @param minLength sessions that become shorter are left out; default 2
 * @example
 * const retained = withoutRows(sessions, sessionItemRows(sessions, 0.02, 1)); // what Retrain is trained on
 */
export function withoutRows(sessions: Sessions, rows: Int32Array, minLength = 2): Sessions {
  const forgotten = new Set(rows);
  const kept = placesWhere(sessions.row.length, (event) => !forgotten.has(sessions.row[event]));
  const offsets = new Int32Array(sessions.offsets.length);
  let next = 0;
  sessions.offsets.forEach((offset, session) => {
    while (next < kept.length && kept[next] < offset) next++;
    offsets[session] = next;
  });
  const remaining = {
    ...sessions,
    offsets,
    item: kept.map((event) => sessions.item[event]),
    row: kept.map((event) => sessions.row[event]),
  };
  return selectSessions(remaining, longEnough(remaining, minLength));
}

function longEnough({ offsets, user }: Sessions, minLength: number): Int32Array {
  return placesWhere(user.length, (session) => offsets[session + 1] - offsets[session] >= minLength);
}
