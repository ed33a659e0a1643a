import { NumericalError } from "recsys-unlearning/core";

/** Something a person waits for, measured beside those who do the same. */
export interface Benchmark {
  /** As `--only` and the committed limits know it. */
  readonly name: string;
  /** What is measured, in one line. */
  readonly what: string;
  readonly unit: "ms" | "s" | "MB" | "AUC";
  /** What it shares with other rows, such as a trained model: they are measured in one process. By default nothing. */
  readonly shares?: string;
  /**
   * @throws what goes wrong on our side; a peer that is missing is `null`, and so is all where this machine lacks the
   *   data
   */
  readonly run: () => Promise<Measurement | null>;
}

export interface Measurement {
  readonly ours: number;
  /** The same by others, in the same run; `null` where the peer is not installed or cannot do it. */
  readonly peers: Readonly<Record<string, number | null>>;
  /** The most memory that our process held in it; `null` where the system cannot tell. */
  readonly megabytes?: number | null;
  /** The same of the peers' processes, by name. */
  readonly peerMegabytes?: Readonly<Record<string, number | null>>;
  /** How near ours comes to what the machine can do at all (memory bandwidth, peak of the SIMD width), from 0 to 1. */
  readonly limitShare?: number;
  /** What it took besides time, such as `{ "Hessian-vector products": 9 }`. */
  readonly counts?: Readonly<Record<string, number>>;
  /** The same of the peers, by name: each stands in the row of its own peer alone. */
  readonly peerCounts?: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** One line of the table: ours beside one peer. */
export interface Row {
  readonly name: string;
  readonly ours: number;
  readonly unit: string;
  readonly peer: number | null;
  readonly peerName: string;
  /** Ours over the peer's: below 1 we are faster, or smaller. */
  readonly ratio: number | null;
  /** The peaks of both processes; `null` where none was taken. */
  readonly megabytes: number | null;
  readonly peerMegabytes: number | null;
  readonly limitShare: number | null;
  readonly counts: Readonly<Record<string, number>>;
  /** What it took the peer besides time. */
  readonly peerCounts?: Readonly<Record<string, number>>;
}

/** The lines of what was measured, one for each peer. */
export function rowsOf({ name, unit }: Pick<Benchmark, "name" | "unit">, measured: Measurement): Row[] {
  const { ours, peers, megabytes, peerMegabytes, limitShare, counts = {}, peerCounts } = measured;
  return Object.entries(peers).map(([peerName, peer]) => {
    return {
      name,
      ours,
      unit,
      peer,
      peerName,
      ratio: peer === null ? null : ours / peer,
      megabytes: megabytes ?? null,
      peerMegabytes: peerMegabytes?.[peerName] ?? null,
      limitShare: limitShare ?? null,
      counts,
      ...(peerCounts?.[peerName] === undefined ? {} : { peerCounts: peerCounts[peerName] }),
    };
  });
}

/** The rows that come nearer to the machine's limit than is possible: either it or the row is measured wrongly. */
export function beyondLimit(rows: readonly Row[]): NumericalError[] {
  const beyond = rows.filter(({ limitShare }) => limitShare !== null && limitShare > 1);
  const shares = new Map(beyond.map(({ name, limitShare }) => [name, limitShare!.toPrecision(3)]));
  return [...shares].map(
    ([name, share]) =>
      new NumericalError(`${name} reaches ${share} of the machine's limit, which is more than there is`, {
        remedy: "measure again on a machine that does nothing else; else mend bench/engine/machine-limits.ts",
      }),
  );
}
