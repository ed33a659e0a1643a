import { inspect, types } from "node:util";
import { Overview } from "./overview";
import { isPlain } from "./recognise";
import { count, figure } from "./words";

/** Values of a typed array that are shown in full; Node itself cuts at more. */
const shortArray = 60;
/** Values of a longer one that are shown. */
const shownValues = 10;
/** Lines that an object of a person's own may take before it is shortened, and fields of a shortened one. */
const [mostLines, mostFields] = [60, 40];

/** A long typed array: its type, length, range and mean, and the first values. */
export function typedArrayOverview(value: unknown): Overview | undefined {
  if (!ArrayBuffer.isView(value) || types.isProxy(value)) return undefined;
  if (!types.isTypedArray(value) || types.isBigInt64Array(value) || types.isBigUint64Array(value)) return undefined;
  const values = value as Float64Array;
  if (values.length <= shortArray || Buffer.isBuffer(value)) return undefined;
  const first = Array.from(values.subarray(0, shownValues), (one) => figure(one)).join("  ");
  const more = `… ${count(values.length - shownValues)} more`;
  return new Overview(`${value.constructor.name}(${count(values.length)}): ${rangeFacts(values)}; ${first}  ${more}`);
}

function rangeFacts(values: Float64Array): string {
  let [least, most, sum, missing] = [Infinity, -Infinity, 0, 0];
  for (let k = 0; k < values.length; k++) {
    const value = values[k];
    if (Number.isNaN(value)) {
      missing++;
      continue;
    }
    if (value < least) least = value;
    if (value > most) most = value;
    sum += value;
  }
  const known = values.length - missing;
  if (known === 0) return "every value NaN";
  const range = `${figure(least)} to ${figure(most)}, mean ${figure(sum / known)}`;
  return missing === 0 ? range : `${range}, ${count(missing)} NaN`;
}

/** A large object or list of a person's own: each field in a line, as far as a screen goes. */
export function largeValueOverview(value: unknown): Overview | undefined {
  if (!isPlain(value) && !Array.isArray(value)) return undefined;
  if (types.isProxy(value) || inspect.custom in value || lineCount(value) <= mostLines) return undefined;
  const isList = Array.isArray(value);
  const keys = Object.keys(value);
  const what = isList ? `a list of ${count(value.length)}` : `an object of ${count(keys.length)} fields`;
  const text = (key: string) => {
    const property = Object.getOwnPropertyDescriptor(value, key);
    return property !== undefined && "value" in property ? short(property.value) : "(computed when read)";
  };
  const shown = keys.slice(0, isList ? shownValues : mostFields);
  const lines = shown.map((key) => `  ${isList ? "" : `${key}: `}${text(key)}`);
  const more = keys.length - shown.length;
  return new Overview(
    [
      `${what}, shortened`,
      ...lines,
      ...(more > 0 ? [`  … ${count(more)} more ${isList ? "entries" : "fields"}`] : []),
    ].join("\n"),
  );
}

/** How many lines Node needs for it. */
function lineCount(value: object): number {
  const text: unknown = inspect(value, {
    depth: 4,
    maxArrayLength: shortArray,
    maxStringLength: 10_000,
    breakLength: 100,
  });
  return typeof text === "string" ? text.split("\n").length : 0;
}

/** A value in one line. */
function short(value: unknown): string {
  const known = typedArrayOverview(value);
  if (known !== undefined) return known.line;
  if (Array.isArray(value) && value.length > shownValues) return `a list of ${count(value.length)}`;
  const text = inspect(value, { depth: 0, maxArrayLength: shownValues, maxStringLength: 80, breakLength: Infinity });
  const line = text.replace(/\s*\n\s*/g, " ");
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}
