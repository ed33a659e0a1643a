import { InvalidArgumentError, Random } from "../../core";

/** What is left out in one case. */
export interface Case {
  /** The rows that stay, ascending. */
  readonly kept: Int32Array;
  /** Those that are left out, ascending. */
  readonly left: Int32Array;
}

/** How random subsets are drawn. */
export interface SubsetDraw {
  /** The share of the rows that each subset keeps. */
  readonly keptShare: number;
  readonly subsets: number;
  readonly seed: number;
}

/**
 * Random subsets of the training rows, all of one size. The first ones stay the same when more are drawn.
 *
 * @throws InvalidArgumentError where no row or every row would stay
 * @example
 * const cases = randomSubsets(train.user.length, { keptShare: 0.9, subsets: 50, seed: 1 });
 * cases[0].left.length; // a tenth of the rows
 */
export function randomSubsets(rowCount: number, { keptShare, subsets, seed }: SubsetDraw): Case[] {
  const kept = Math.round(keptShare * rowCount);
  if (kept === 0 || kept === rowCount)
    throw new InvalidArgumentError(`of ${rowCount} rows ${kept} would stay: nothing differs between subsets`, {
      where: "datamodelingScore",
      remedy: "give another keptShare",
    });
  const random = Random.derive(seed, "subsets");
  return Array.from({ length: subsets }, () => caseWithout(random.sample(rowCount, rowCount - kept).sort(), rowCount));
}

/**
 * The case in which some rows are left out.
 *
 * @param left ascending, below `rowCount`
 * @example
 * caseWithout(userRows(train, 3), train.user.length).kept; // the rows of everybody else
 */
export function caseWithout(left: Int32Array, rowCount: number): Case {
  const kept = new Int32Array(rowCount - left.length);
  for (let row = 0, next = 0, at = 0; row < rowCount; row++)
    if (left[next] === row) next++;
    else kept[at++] = row;
  return { kept, left };
}
