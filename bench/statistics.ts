import { InvalidArgumentError } from "recsys-unlearning/core";

/**
 * The geometric mean: twice as fast in one row and twice as slow in another come to 1.
 *
 * @throws InvalidArgumentError for no values, or one that is not above 0
 * @example
 * geometricMean([0.5, 2]); // 1
 */
export function geometricMean(values: readonly number[]): number {
  if (values.length === 0) throw new InvalidArgumentError("there is no geometric mean of no values");
  return Math.exp(values.reduce((sum, value) => sum + logOf(value), 0) / values.length);
}

/** How a cost grows with the size: cost = constant · size ^ slope, by least squares on the logarithms. */
export interface Growth {
  readonly slope: number;
  readonly constant: number;
  /** What it was fitted to, ascending. */
  readonly sizes: readonly number[];
}

/**
 * Fits how a cost grows; `null` with fewer than two sizes, which have no slope.
 *
 * @throws InvalidArgumentError for a size or cost that is not above 0
 * @example
 * fitGrowth([{ size: 10, cost: 3 }, { size: 100, cost: 30 }])?.slope; // 1: in proportion
 */
export function fitGrowth(points: readonly { readonly size: number; readonly cost: number }[]): Growth | null {
  const sizes = [...new Set(points.map(({ size }) => size))].sort((a, b) => a - b);
  if (sizes.length < 2) return null;
  const logs = points.map(({ size, cost }) => ({ x: logOf(size), y: logOf(cost) }));
  const meanX = logs.reduce((sum, { x }) => sum + x, 0) / logs.length;
  const meanY = logs.reduce((sum, { y }) => sum + y, 0) / logs.length;
  const together = logs.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0);
  const slope = together / logs.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  return { slope, constant: Math.exp(meanY - slope * meanX), sizes };
}

function logOf(value: number): number {
  if (value > 0 && Number.isFinite(value)) return Math.log(value);
  throw new InvalidArgumentError(`${value} has no logarithm: values are finite and above 0`);
}
