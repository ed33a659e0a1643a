import { requireNumber } from "recsys-unlearning/core";

const smallest = 100_000;
const steps = [1, 3];

/**
 * Sizes from 100,000 rows on, about half a power of ten apart, up to the largest, which is always one of them.
 *
 * @throws InvalidOptionError when that is no whole number of at least 1,000
 * @example
 * sizesUpTo(2e6); // [100_000, 300_000, 1_000_000, 2_000_000]
 */
export function sizesUpTo(largest: number): number[] {
  requireNumber("rows", largest, { min: 1000, integer: true });
  const sizes: number[] = [];
  for (let power = smallest; power < largest; power *= 10)
    sizes.push(...steps.map((step) => step * power).filter((rows) => rows < largest));
  return [...sizes, largest];
}

/**
 * Whether a further size may be begun: it is expected to take as much longer than the last as it is larger.
 *
 * @param last the size before and what it took; `null` for the first, which is always begun
 */
export function fitsBudget(
  rows: number,
  last: { readonly rows: number; readonly seconds: number } | null,
  secondsLeft: number,
): boolean {
  return last === null || (last.seconds * rows) / last.rows <= secondsLeft;
}
