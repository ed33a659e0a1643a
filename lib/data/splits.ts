import type { Interactions } from "./interactions";
import { numberByFirstAppearance, renumberRows } from "./renumber";

/** Row numbers of the three parts. No row is in two of them. */
export interface RowSplit {
  readonly train: Int32Array;
  readonly valid: Int32Array;
  readonly test: Int32Array;
}

/** The three parts as sets that share the ids of `train`. */
export interface Split {
  readonly train: Interactions;
  readonly valid: Interactions;
  readonly test: Interactions;
}

/**
 * A split's parts as sets: ids are numbered by first appearance in train; rows of the other parts whose user or item
 * train does not have are dropped.
 *
 * @example
 * const { train, valid, test } = applySplit(interactions, {
 *   train: rowsWhere(interactions, (row) => row % 10 < 8),
 *   valid: rowsWhere(interactions, (row) => row % 10 === 8),
 *   test: rowsWhere(interactions, (row) => row % 10 === 9),
 * });
 */
export function applySplit(interactions: Interactions, split: RowSplit): Split {
  const numbering = numberByFirstAppearance(interactions, split.train);
  return {
    train: renumberRows(interactions, split.train, numbering),
    valid: renumberRows(interactions, split.valid, numbering),
    test: renumberRows(interactions, split.test, numbering),
  };
}
