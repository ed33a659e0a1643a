import type { VegaLiteSpec } from "./spec";

/** Labels of a logarithmic axis that are not in each other's way. */
const mostLabels = 9;

/**
 * Which values of a logarithmic axis are labelled, and how: powers of ten where two fit, else 1, 2 and 5 of each, else
 * even steps. All labels of an axis are of one kind: plain from 0.001 to 100,000, else powers such as 10⁻⁶.
 */
export function logTicks(low: number, high: number): VegaLiteSpec {
  const values = valuesBetween(low, high);
  const isPlain = values.every((value) => value > 0.9e-3 && value < 1.1e5);
  const labels = values.map(isPlain ? plain : scientific);
  const labelExpr = `${JSON.stringify(labels)}[indexof(${JSON.stringify(values)}, datum.value)]`;
  return { values, labelExpr, tickCount: values.length };
}

function valuesBetween(low: number, high: number): number[] {
  const [from, to] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const exponents = Array.from({ length: to - from + 1 }, (_, k) => from + k);
  const isWithin = (value: number) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9);
  const power = (exponent: number, times = 1) => Number(`${times}e${exponent}`);
  const powers = exponents.map((exponent) => power(exponent)).filter(isWithin);
  const every = Math.ceil(powers.length / mostLabels);
  if (powers.length > 2) return powers.filter((_, k) => k % every === 0);
  const parts = exponents.flatMap((exponent) => [1, 2, 5].map((times) => power(exponent, times))).filter(isWithin);
  if (powers.length === 2 && parts.length > mostLabels) return powers;
  return parts.length > 1 ? parts : evenSteps(low, high);
}

/** Round values between two that are close together. */
function evenSteps(low: number, high: number): number[] {
  const raw = (high - low) / 4;
  const unit = 10 ** Math.floor(Math.log10(raw));
  const step = unit * ([1, 2, 5].find((times) => times * unit >= raw) ?? 10);
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, k) => Number(((first + k) * step).toPrecision(12)));
}

const plain = (value: number) => value.toLocaleString("en", { maximumSignificantDigits: 6 });

const raised = "⁰¹²³⁴⁵⁶⁷⁸⁹";

function scientific(value: number): string {
  const [times, exponent] = value.toExponential().split("e");
  const digits = String(Math.abs(Number(exponent))).replace(/\d/g, (digit) => raised[Number(digit)]);
  const power = `10${Number(exponent) < 0 ? "⁻" : ""}${digits}`;
  return times === "1" ? power : `${times}×${power}`;
}
