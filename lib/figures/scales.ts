import { InvalidArgumentError } from "../core";
import { logTicks } from "./log-ticks";
import type { VegaLiteSpec } from "./spec";
import { type Medium, unitOf } from "./theme";

/** How an axis of numbers is divided. */
export type ScaleKind = "linear" | "log";

/** What may be drawn on an axis; what is not a number is left out. */
type Values = readonly (number | null | undefined)[];

/** Points between the outermost marks and the axes, so that no mark lies on an axis. */
const roomPoints = 5;

const isNumber = (value: number | null | undefined): value is number => Number.isFinite(value);

/**
 * The scale and the axis of numbers that need not show 0, from the least to the largest and a little beyond.
 *
 * @param values all that is drawn along it: marks, ends of intervals, levels
 * @param domain its ends, where they are given
 */
export function valueScale(
  kind: ScaleKind | undefined,
  values: Values,
  medium: Medium,
  domain?: readonly [number, number],
): { readonly scale: VegaLiteSpec; readonly axis: VegaLiteSpec } {
  if (kind === "log") {
    const [low, high] = domain ?? endsOf(values);
    const room = domain === undefined ? (high / low) ** 0.04 : 1;
    const ends = [low / room, high * room] as const;
    return { scale: { type: "log", domain: ends, nice: false }, axis: logTicks(...ends) };
  }
  const room = { padding: roomPoints * unitOf(medium) };
  return { scale: { zero: false, nice: false, ...(domain && { domain }), ...room }, axis: { tickCount: 5 } };
}

function endsOf(values: Values): [number, number] {
  const found = values.filter(isNumber).filter((value) => value > 0);
  const low = found.reduce((a, b) => Math.min(a, b), Infinity);
  const high = found.reduce((a, b) => Math.max(a, b), -Infinity);
  if (low > high) return [1, 10];
  return low < high ? [low, high] : [low / 2, low * 2];
}

/**
 * Checks that every value has a place on an axis.
 *
 * @throws InvalidArgumentError for one that is not finite, or not positive on a logarithmic axis
 */
export function requirePlaces(values: Values, kind: ScaleKind | undefined, title: string): void {
  const infinite = values.find((value) => value === Infinity || value === -Infinity);
  if (infinite !== undefined)
    throw new InvalidArgumentError(`${infinite} has no place on the axis "${title}"`, { remedy: "leave it out" });
  const wrong = values.find((value) => isNumber(value) && value <= 0);
  if (kind === "log" && wrong !== undefined)
    throw new InvalidArgumentError(`${wrong} has no place on the logarithmic axis "${title}"`, {
      remedy: "leave the point out or use a linear scale",
    });
}
