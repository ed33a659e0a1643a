import { type PrefixSamples, samplesOfRows, type Sessions, withoutRows } from "../data";

/** What a request does to the samples that a session model learns. */
export interface ChangedSamples {
  /** The sessions that stay, with the gaps closed. */
  readonly retained: Sessions;
  /** Samples that are no more: those whose target is forgotten, and those whose history held it. */
  readonly gone: PrefixSamples;
  /** The latter once more, without it. */
  readonly come: PrefixSamples;
}

/**
 * The samples of forgotten events, and of the events after them whose history they stand in (README, equation 12).
 *
 * @param forgetRows row numbers of interactions
 * @param maxLength how many items of a history are read
 * @param spillover `"none"`: as if histories stayed as they are
 */
export function changedSamples(
  train: Sessions,
  forgetRows: Int32Array,
  maxLength: number,
  spillover: "changed" | "none",
): ChangedSamples {
  const later = spillover === "none" ? new Int32Array(0) : readersOf(train, new Set(forgetRows), maxLength);
  const retained = withoutRows(train, forgetRows);
  return {
    retained,
    gone: samplesOfRows(train, Int32Array.of(...forgetRows, ...later)),
    come: samplesOfRows(retained, later),
  };
}

/** Row numbers of the events that stay and whose history, as far as it is read, holds a forgotten one. */
function readersOf({ offsets, row }: Sessions, forgotten: ReadonlySet<number>, maxLength: number): Int32Array {
  const readers: number[] = [];
  for (let session = 0; session + 1 < offsets.length; session++) {
    let seenUntil = -1;
    for (let event = offsets[session]; event < offsets[session + 1]; event++)
      if (forgotten.has(row[event])) seenUntil = event + maxLength;
      else if (event <= seenUntil) readers.push(row[event]);
  }
  return Int32Array.from(readers);
}
