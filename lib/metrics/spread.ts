import { InvalidArgumentError, requireNumber } from "../core";
import { requireFinite } from "./lengths";
import { requireLists, type TopLists } from "./top-lists";

/**
 * The share of all items that stand in the first k of anybody's list, in [0, 1] (RecBole's `ItemCoverage`; LensKit has
 * none).
 *
 * @returns `null` where there are no items
 * @example
 * itemCoverage(10, topLists(model, train, test)); // the share of items in some list
 */
export function itemCoverage(k: number, lists: TopLists): number | null {
  const exposure = exposures(k, lists, () => 1);
  return exposure.length === 0 ? null : exposure.filter((amount) => amount > 0).length / exposure.length;
}

/**
 * How unequally exposure is spread over all items, in [0, 1): the Gini coefficient of what each item gets from the
 * first k of every list. 0: all items get the same.
 *
 * @param patience what each rank gets of the one above it, in (0, 1]. Default 1: an item's exposure is the number of
 *   lists it stands in (RecBole's `GiniIndex`, LensKit's `ListGini`). 0.85 is the default of LensKit's `ExposureGini`,
 *   which adds in 32 bits, so that its values are the same to about seven digits
 * @returns `null` where nothing was recommended
 * @example
 * exposureGini(10, topLists(model, train, test)); // 0: every item is shown as often
 */
export function exposureGini(k: number, lists: TopLists, patience = 1): number | null {
  requireNumber("patience", patience, { above: 0, max: 1 });
  return gini(exposures(k, lists, (rank) => patience ** (rank - 1)));
}

/**
 * The Gini coefficient: sum over i of (2 i - n - 1) x_i / (n sum of x), with x in ascending order and i from 1.
 *
 * @param amounts of 0 or more, `[n]`, in any order
 * @returns in [0, 1), or `null` where there is nothing to share
 * @throws InvalidArgumentError for an amount that is negative or not finite
 * @example
 * gini(Float64Array.of(1, 1, 2)); // 0.1666...
 */
export function gini(amounts: Float64Array): number | null {
  requireFinite("gini", "amounts", amounts);
  const negative = amounts.find((amount) => amount < 0);
  if (negative !== undefined)
    throw new InvalidArgumentError(`an amount is ${negative}`, { where: "gini", remedy: "give amounts of 0 or more" });
  const sorted = amounts.slice().sort();
  const n = sorted.length;
  const total = sorted.reduce((sum, amount) => sum + amount, 0);
  if (total === 0) return null;
  // rounding can leave less than nothing where all amounts are the same
  return Math.max(0, sorted.reduce((sum, amount, i) => sum + (2 * i + 1 - n) * amount, 0) / (n * total));
}

/** What each item gets from the first k of all lists, `[itemCount]`. @param weight by rank, from 1 */
function exposures(k: number, lists: TopLists, weight: (rank: number) => number): Float64Array {
  requireNumber("k", k, { min: 1, integer: true });
  requireLists("exposure", lists);
  const amounts = new Float64Array(lists.itemCount);
  for (const list of lists.lists)
    for (let place = 0; place < Math.min(k, list.length); place++) amounts[list[place]] += weight(place + 1);
  return amounts;
}
