import { InvalidArgumentError, Random, requireNumber } from "../../core";
import { sessionCount, type Sessions } from "./sessions";

/**
 * Sequences of items that share one column: history k is `item[start[k] .. end[k])`, oldest first. They may overlap, as
 * the prefixes of one session do, and may be empty.
 */
export interface Histories {
  readonly item: Int32Array;
  /** `[histories]` */
  readonly start: Int32Array;
  /** `[histories]` */
  readonly end: Int32Array;
}

/** Histories with the item that came next. */
export interface PrefixSamples extends Histories {
  /** `[samples]` */
  readonly target: Int32Array;
}

/**
 * The number of histories.
 *
 * @example
 * historyCount(prefixSamples(sessions)); // how many there are
 */
export function historyCount(histories: Histories): number {
  return histories.start.length;
}

/**
 * Every prefix of every session with the item after it: a session of n events gives n - 1 samples, as SRU's release has
 * it.
 *
 * @example
 * const samples = prefixSamples(sessions); // each event with all that came before it in its session
 */
export function prefixSamples(sessions: Sessions): PrefixSamples {
  return samplesAt(sessions, (position) => position > 0);
}

/**
 * The samples whose target is one of some events: what a model should no longer predict once those events are
 * forgotten. The history is all of the session before the event; an event that opens its session has none and gives no
 * sample.
 *
 * @param rows row numbers of the interactions, in any order
 * @example
 * const samples = samplesOfRows(sessions, sessionItemRows(sessions, 0.02, 1));
 */
export function samplesOfRows(sessions: Sessions, rows: Int32Array): PrefixSamples {
  const asked = new Set(rows);
  return samplesAt(sessions, (position, event) => position > 0 && asked.has(sessions.row[event]));
}

/**
 * Of some events those that open their session, ascending: no history leads to them, so that a method which works on
 * samples alone cannot forget them.
 *
 * @param rows row numbers of the interactions, in any order
 * @example
 * const rows = sessionItemRows(sessions, 0.02, 1);
 * eventsWithoutHistory(sessions, rows); // those that open their session: nothing predicts them
 */
export function eventsWithoutHistory({ offsets, row }: Sessions, rows: Int32Array): Int32Array {
  const asked = new Set(rows);
  return Int32Array.from(offsets.subarray(0, -1), (event) => row[event])
    .filter((opener) => asked.has(opener))
    .sort();
}

/**
 * Some samples, in the order given.
 *
 * @param chosen sample numbers
 * @example
 * const first = selectSamples(samples, Int32Array.of(0, 1, 2));
 */
export function selectSamples(samples: PrefixSamples, chosen: Int32Array): PrefixSamples {
  const gather = (column: Int32Array) => chosen.map((sample) => column[sample]);
  return {
    item: samples.item,
    start: gather(samples.start),
    end: gather(samples.end),
    target: gather(samples.target),
  };
}

/**
 * At most so many samples in place of all, in their order, the same for a seed.
 *
 * @example
 * const some = drawnSamples(prefixSamples(sessions), 1000, 1); // all of them where there are fewer
 */
export function drawnSamples(samples: PrefixSamples, most: number, seed: number): PrefixSamples {
  const count = historyCount(samples);
  if (count <= most) return samples;
  return selectSamples(samples, Random.derive(seed, "validation samples").sample(count, most).sort());
}

/**
 * Sessions cut into stretches of at most `maxLength + 1` events, from the end, each beginning with the last event of
 * the one before: every event but a session's first is once the successor of another within a stretch.
 *
 * @returns stretches without their last event, as histories: position t of one is followed by `item[start + t + 1]`
 * @example
 * const windows = trainingWindows(sessions, 20); // what a network with maxLength 20 is trained on
 */
export function trainingWindows(sessions: Sessions, maxLength: number): Histories {
  requireNumber("maxLength", maxLength, { min: 1, integer: true });
  const [start, end]: [number[], number[]] = [[], []];
  for (let session = 0; session < sessionCount(sessions); session++) {
    const first = sessions.offsets[session];
    for (let last = sessions.offsets[session + 1] - 1; last > first; last -= maxLength) {
      start.push(Math.max(first, last - maxLength));
      end.push(last);
    }
  }
  return { item: sessions.item, start: Int32Array.from(start), end: Int32Array.from(end) };
}

/**
 * The last `maxLength` items of some histories as tokens, item i being i + 1, with zeros for padding on the left.
 *
 * @param chosen numbers of histories, `[rows]`
 * @param out where to write, `[rows, maxLength]`; by default a new array
 * @throws InvalidArgumentError when `out` has another length
 * @example
 * const tokens = leftPaddedTokens(prefixSamples(sessions), Int32Array.of(0, 1), 10); // [2, 10], row-major
 */
export function leftPaddedTokens(
  { item, start, end }: Histories,
  chosen: Int32Array,
  maxLength: number,
  out = new Int32Array(chosen.length * maxLength),
): Int32Array {
  if (out.length !== chosen.length * maxLength)
    throw new InvalidArgumentError(`there is room for ${out.length} tokens`, {
      where: "leftPaddedTokens",
      remedy: `give ${chosen.length} x ${maxLength}`,
    });
  out.fill(0);
  for (let row = 0; row < chosen.length; row++) {
    const to = end[chosen[row]];
    const from = Math.max(start[chosen[row]], to - maxLength);
    const shift = (row + 1) * maxLength - to;
    for (let k = from; k < to; k++) out[shift + k] = item[k] + 1;
  }
  return out;
}

/**
 * The samples whose targets stand at chosen places.
 *
 * @param chooses given a place in its session, from 0, and among all events
 */
function samplesAt(sessions: Sessions, chooses: (position: number, event: number) => boolean): PrefixSamples {
  const [start, end]: [number[], number[]] = [[], []];
  for (let session = 0; session < sessionCount(sessions); session++) {
    const first = sessions.offsets[session];
    for (let event = first; event < sessions.offsets[session + 1]; event++) {
      if (!chooses(event - first, event)) continue;
      start.push(first);
      end.push(event);
    }
  }
  const ends = Int32Array.from(end);
  const target = ends.map((event) => sessions.item[event]);
  return { item: sessions.item, start: Int32Array.from(start), end: ends, target };
}
