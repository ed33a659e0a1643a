import { mostPieces } from "./control";

/** An operation whose pieces write apart from each other. */
export interface Divisible {
  /** The export that computes it. */
  readonly operation: string;
  /** How many rows, columns or elements it goes over. */
  readonly count: number;
  /** It may be cut at multiples of this many, where the pieces give the bytes of the whole. Default 1 */
  readonly unit?: number;
  /** About how many nanoseconds each takes. */
  readonly cost: number;
  /** After how many of them a share of the work, from 0 to 1, is done; by default as many of them. */
  end?(share: number): number;
  /** What the export is called with for `count` of them, the first of which is `from`. */
  arguments(from: number, count: number): number[];
}

/** Whom the pieces are for. */
export interface Computing {
  readonly threads: number;
  /** Nanoseconds of work below which a piece is not worth the trouble of giving it to another thread. */
  readonly leastPiece: number;
}

/** Several pieces for each thread, so that one that is held up leaves its share to the others. */
const piecesPerThread = 4;

/** Where to cut: the ends of the pieces, the last of which is `count`. One piece where more are not worth it. */
export function endsOfPieces(work: Divisible, { threads, leastPiece }: Computing): number[] {
  const { count, unit = 1, cost } = work;
  if (threads === 1) return [count];
  const most = Math.min(piecesPerThread * threads, mostPieces, Math.floor((count * cost) / leastPiece));
  const ends: number[] = [];
  for (let n = 1; n < most; n++) {
    const at = Math.round((work.end?.(n / most) ?? (count * n) / most) / unit) * unit;
    if (at > (ends.at(-1) ?? 0) && at < count) ends.push(at);
  }
  return [...ends, count];
}
