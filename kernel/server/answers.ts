import { types } from "node:util";
import { maxPlainCharacters, maxPlainDepth, type PlainValue } from "../protocol/plain-values";

// Saved at the kernel's start: cells may replace any of these.
const { apply, get, getOwnPropertyDescriptor, ownKeys } = Reflect;
const { isArray } = Array;
const { getPrototypeOf, is, prototype: anObject } = Object;
const { hasOwnProperty } = anObject;
const { isFinite } = Number;
const { stringify } = JSON;
const typedArrayLength = getOwnPropertyDescriptor(getPrototypeOf(Int8Array.prototype), "length")?.get as () => number;
const { isProxy, isTypedArray, isBigInt64Array, isBigUint64Array, isPromise } = types;
const { isBoxedPrimitive, isDate, isMap, isRegExp, isSet } = types;
const { isView } = ArrayBuffer;

/** How many numbers, texts and the like an answer may hold. */
const maxItems = 2_000_000;

/** An answer that cannot be given; the message is for the student. */
class AnswerError extends Error {
  override readonly name = "AnswerError";
}

/**
 * What a variable of cells holds; `path` may go on into it, as in `result.auc`.
 *
 * @throws AnswerError where there is none
 */
export function variableOf(variables: object, path: string): unknown {
  const [name, ...rest] = path.split(".");
  if (!apply(hasOwnProperty, variables, [name])) throw new AnswerError(`there is no ${name}`);
  let value: unknown = get(variables, name);
  for (const key of rest) {
    if (!isHolder(value)) throw new AnswerError(`${name} has no ${key}`);
    value = get(value, key);
  }
  return value;
}

function isHolder(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/**
 * Calls a function of cells; of promises, only real ones are waited for.
 *
 * @throws AnswerError where it is none; what it throws itself
 */
export async function answerOfCall(found: unknown, name: string, args: readonly PlainValue[]): Promise<string> {
  if (typeof found !== "function") throw new AnswerError(`${name} is not a function`);
  return answerOf(apply(found, undefined, args as PlainValue[]));
}

/**
 * A value as text, looked at once: getters are asked once, proxies not at all. Nothing of it runs later.
 *
 * @throws AnswerError for what is not plain data
 */
export async function answerOf(given: unknown): Promise<string> {
  const value = isPromise(given) ? await given : given;
  const text = written(value, 0, { left: maxItems });
  if (text.length > maxPlainCharacters) throw new AnswerError("the answer is too long");
  return text;
}

/** As `encodePlain` has it. Written piece by piece, because the methods of lists are a cell's to replace. */
function written(value: unknown, depth: number, budget: { left: number }): string {
  if (--budget.left < 0) throw new AnswerError(`the answer holds more than ${maxItems} values`);
  if (depth > maxPlainDepth) throw new AnswerError(`the answer is nested more than ${maxPlainDepth} levels deep`);
  switch (typeof value) {
    case "number":
      return is(value, -0) ? '{"n":"-0"}' : isFinite(value) ? `${value}` : `{"n":"${value}"}`;
    case "boolean":
      return `${value}`;
    case "string":
      if ((budget.left -= value.length / 8) < 0) throw new AnswerError("the answer is too long a text");
      return stringify(value);
    case "object":
      return value === null ? "null" : writtenObject(value, depth, budget);
    case "undefined":
      throw new AnswerError("the answer is undefined");
    case "bigint":
    case "function":
    case "symbol":
      throw new AnswerError(`the answer is a ${typeof value}`);
  }
}

function writtenObject(value: object, depth: number, budget: { left: number }): string {
  if (isProxy(value)) throw new AnswerError("the answer is a proxy");
  if (isTypedArray(value) && !isBigInt64Array(value) && !isBigUint64Array(value))
    return writtenList(value, apply(typedArrayLength, value, []), depth, budget);
  if (isArray(value)) return writtenList(value, value.length, depth, budget);
  if (isOther(value)) throw new AnswerError("the answer is a Map, Set, Date or the like, which is not plain data");
  const keys = ownKeys(value);
  let text = "";
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    if (typeof key !== "string" || getOwnPropertyDescriptor(value, key)?.enumerable !== true) continue;
    text += `${text === "" ? "" : ","}[${stringify(key)},${written(get(value, key), depth + 1, budget)}]`;
  }
  return `{"o":[${text}]}`;
}

function writtenList(list: object, length: number, depth: number, budget: { left: number }): string {
  if (length > budget.left) throw new AnswerError(`the answer holds more than ${maxItems} values`);
  let text = "";
  for (let i = 0; i < length; i++) text += `${i === 0 ? "" : ","}${written(get(list, i), depth + 1, budget)}`;
  return `[${text}]`;
}

function isOther(value: object): boolean {
  return isMap(value) || isSet(value) || isDate(value) || isRegExp(value) || isBoxedPrimitive(value) || isView(value);
}
