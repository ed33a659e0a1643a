import { InvalidOptionError, requireNumber } from "../../core";
import { Control, type ControlOptions, requireKnown } from "./control";

/** What sliders can be told. */
export interface SliderOptions<T = number> extends ControlOptions {
  /** The distance between two values. Default: 1 for whole numbers, else a round hundredth of the range. */
  readonly step?: number;
  /** Where it stands at first. Default: the middle, for a range its middle half. */
  readonly value?: T;
  /** How the value beside it is written: a format of d3, such as `".2f"`. Default: as many decimals as the step has. */
  readonly format?: string;
  /** Whether values come while it is dragged, not only when it is let go. Default: true. */
  readonly continuous?: boolean;
}

const sliderOptions = ["step", "value", "format", "continuous"];

interface SliderKind<T> {
  readonly where: string;
  readonly model: string;
  readonly integer: boolean;
  readonly middle: (low: number, high: number, step: number) => T;
  /** The numbers of a value. */
  readonly numbers: (value: T) => readonly number[];
  /** The value of a page's field, each number within the range. */
  readonly inRange: (field: unknown, clamp: (one: number) => number) => T | undefined;
}

/** @throws InvalidOptionError */
function madeSlider<T>(kind: SliderKind<T>, min: number, max: number, options: SliderOptions<T>): Control<T> {
  const { where, integer } = kind;
  requireKnown(where, options, sliderOptions);
  requireRange(where, min, max, integer);
  const step = options.step ?? (integer ? 1 : roundStep(min, max));
  requireNumber("step", step, { above: 0, integer }, where);
  const write = (value: T) => {
    for (const one of kind.numbers(value)) requireNumber("value", one, { min, max, integer }, where);
    requireAscending(where, kind.numbers(value));
    return value;
  };
  const value = write(options.value ?? kind.middle(min, max, step));
  const clamp = (one: number) => Math.min(max, Math.max(min, integer ? Math.round(one) : one));
  const decimals = integer ? 0 : Math.max(decimalsOf(step), decimalsOf(min));
  return new Control<T>({
    ...{ model: kind.model, style: "SliderStyle", options, write },
    state: {
      ...{ behavior: "drag-tap", continuous_update: options.continuous ?? true, max, min, orientation: "horizontal" },
      ...{ readout: true, readout_format: options.format ?? (integer ? "d" : `.${decimals}f`), step, value },
    },
    read: (field) => field as T,
    check: (field) => kind.inRange(field, clamp),
    text: (shown) => kind.numbers(shown).map((one) => one.toFixed(decimals)).join(" to "), // prettier-ignore
  });
}

const single = {
  middle: (low: number, high: number, step: number) => low + step * Math.round((high - low) / 2 / step),
  numbers: (value: number) => [value],
  inRange: (field: unknown, clamp: (one: number) => number) =>
    typeof field === "number" && Number.isFinite(field) ? clamp(field) : undefined,
};

type Pair = readonly [low: number, high: number];

const pair = {
  middle: (low: number, high: number, step: number): Pair => {
    const at = (share: number) => low + step * Math.round(((high - low) * share) / step);
    return [at(0.25), at(0.75)];
  },
  numbers: (value: Pair) => value,
  inRange: (field: unknown, clamp: (one: number) => number): Pair | undefined => {
    if (!Array.isArray(field) || field.length !== 2) return undefined;
    const [low, high] = (field as unknown[]).map((one) =>
      typeof one === "number" && Number.isFinite(one) ? one : NaN,
    );
    return low <= high ? [clamp(low), clamp(high)] : undefined;
  },
};

/**
 * A slider for numbers.
 *
 * @throws InvalidOptionError when `min` is not below `max`, the value is outside of them, or the step is not above 0
 * @example
 * const pruning = slider(0, 0.95, { value: 0.5, label: "pruning" });
 */
export function slider(min: number, max: number, options: SliderOptions = {}): Control<number> {
  return madeSlider({ where: "slider", model: "FloatSlider", integer: false, ...single }, min, max, options);
}

/**
 * A slider for whole numbers.
 *
 * @throws InvalidOptionError as `slider`, and for numbers that are not whole
 * @example
 * const step = intSlider(1, 20, { value: 1 });
 */
export function intSlider(min: number, max: number, options: SliderOptions = {}): Control<number> {
  return madeSlider({ where: "intSlider", model: "IntSlider", integer: true, ...single }, min, max, options);
}

/**
 * A slider with two handles, for a range of numbers.
 *
 * @throws InvalidOptionError as `slider`, and when the first number of the value is above the second
 * @example
 * const stars = rangeSlider(0.5, 5, { step: 0.5, value: [3, 5] });
 */
export function rangeSlider(min: number, max: number, options: SliderOptions<Pair> = {}): Control<Pair> {
  return madeSlider({ where: "rangeSlider", model: "FloatRangeSlider", integer: false, ...pair }, min, max, options);
}

/**
 * A slider with two handles, for a range of whole numbers.
 *
 * @throws InvalidOptionError as `rangeSlider`
 * @example
 * const years = intRangeSlider(1990, 1998);
 */
export function intRangeSlider(min: number, max: number, options: SliderOptions<Pair> = {}): Control<Pair> {
  return madeSlider({ where: "intRangeSlider", model: "IntRangeSlider", integer: true, ...pair }, min, max, options);
}

/** What a logarithmic slider can be told. */
export interface LogSliderOptions extends ControlOptions {
  /** The distance between two exponents, fitted so that `value` is one of its stops. Default: 0.1. */
  readonly step?: number;
  /** Where it stands at first. Default: the middle on the logarithmic scale. */
  readonly value?: number;
  /** What is raised. Default: 10. */
  readonly base?: number;
  /** A format of d3. Default: `".3g"`. */
  readonly format?: string;
  /** Whether values come while it is dragged. Default: true. */
  readonly continuous?: boolean;
}

/**
 * A slider on a logarithmic scale, such as for a damping.
 *
 * @param min the smallest value, not its exponent
 * @param max the largest value
 * @throws InvalidOptionError as `slider`, and when `min` is not above 0
 * @example
 * const damping = logSlider(1e-6, 1, { label: "damping" });
 */
export function logSlider(min: number, max: number, options: LogSliderOptions = {}): Control<number> {
  const where = "logSlider";
  requireKnown(where, options, [...sliderOptions, "base"]);
  requireRange(where, min, max, false);
  requireNumber("min", min, { above: 0 }, where);
  const { base = 10, step = 0.1 } = options;
  requireNumber("base", base, { above: 1 }, where);
  requireNumber("step", step, { above: 0 }, where);
  const write = (value: number) => requireNumber("value", value, { min, max }, where);
  const exponent = (value: number) => Number((Math.log(value) / Math.log(base)).toFixed(12));
  const [low, high] = [exponent(min), exponent(max)];
  const value = write(options.value ?? Math.sqrt(min * max));
  return new Control<number>({
    ...{ model: "FloatLogSlider", style: "SliderStyle", options, write },
    state: {
      ...{ base, behavior: "drag-tap", continuous_update: options.continuous ?? true, max: high, min: low },
      ...{ orientation: "horizontal", readout: true, readout_format: options.format ?? ".3g" },
      ...{ step: fittedStep(step, exponent(value) - low), value },
    },
    read: (field) => field as number,
    check: (field) => single.inRange(field, (one) => Math.min(max, Math.max(min, one))),
    text: (one) => String(Number(one.toPrecision(3))),
  });
}

/** A page moves a handle that stands between two stops to the next one, and would show another value than computed. */
function fittedStep(step: number, distance: number): number {
  const steps = Math.round(distance / step);
  return steps === 0 ? step : distance / steps;
}

function requireRange(where: string, min: number, max: number, integer: boolean): void {
  requireNumber("min", min, { integer }, where);
  requireNumber("max", max, { integer }, where);
  if (min < max) return;
  throw new InvalidOptionError(`"min" is ${min} and "max" is ${max}`, { where, remedy: "give a max above min" });
}

function requireAscending(where: string, numbers: readonly number[]): void {
  if (numbers.length < 2 || numbers[0] <= numbers[1]) return;
  throw new InvalidOptionError(`"value" is ${numbers.join(" to ")}`, { where, remedy: "give the smaller one first" });
}

/** 1, 2 or 5 times a power of ten: a hundredth of the range, or a little more. */
function roundStep(min: number, max: number): number {
  const exact = (max - min) / 100;
  const power = 10 ** Math.floor(Math.log10(exact));
  const times = [1, 2, 5].find((one) => one * power >= exact * 0.9999) ?? 10;
  return Number((times * power).toPrecision(1));
}

function decimalsOf(value: number): number {
  const [digits, exponent = "0"] = value.toExponential().split("e");
  return Math.min(12, Math.max(0, digits.replace(/^-?\d\.?/, "").length - Number(exponent)));
}
