import { inspect, types } from "node:util";

/** How much of a value is shown: enough to know it, never a flood. */
const maxArrayLength = 60;
const maxStringLength = 10_000;
const maxLines = 400;
const maxCharacters = 100_000;
const depth = 4;

/** A value as text, cut where it is long. Whatever the value does when it is looked at, there is a text. */
export function inspectValue(value: unknown): string {
  for (const customInspect of [true, false]) {
    try {
      const text: unknown = inspect(value, { depth, maxArrayLength, maxStringLength, breakLength: 100, customInspect });
      if (typeof text === "string") return cutText(withWholeCharacters(text), { characters: maxCharacters });
    } catch {
      // Its own way to show itself throws.
    }
  }
  return `a value that cannot be shown (${typeof value})`;
}

/** Node cuts strings between the two halves of a character, and spells out the half that is left. */
function withWholeCharacters(text: string): string {
  return text.replace(/\\u[dD][89abAB][0-9a-fA-F]{2}(?=['"`]\.\.\. \d+ more character)/g, "");
}

/** The first `length` units of a text, without half a character at the end. */
export function firstUnits(text: string, length: number): string {
  if (text.length <= length) return text;
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}

/** A text of bounded length, and what was left out. */
export function cutText(text: string, { characters = maxStringLength, lines = maxLines } = {}): string {
  const kept = firstUnits(text, characters);
  const more = text.length - kept.length;
  const whole = more > 0 ? `${kept}… ${more.toLocaleString("en")} more characters` : text;
  const rows = whole.split("\n");
  if (rows.length <= lines) return whole;
  return `${rows.slice(0, lines).join("\n")}\n… ${(rows.length - lines).toLocaleString("en")} more lines`;
}

export function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** A property of anything, or `undefined` where looking at it fails. */
export function peek(value: unknown, key: PropertyKey): unknown {
  try {
    return isObject(value) ? (value as Record<PropertyKey, unknown>)[key] : undefined;
  } catch {
    return undefined; // a getter that throws, a revoked proxy
  }
}

/**
 * Whether a value has an answer to every question, as mocks and chainable proxies do: what it answers says nothing of
 * it.
 */
export function answersEverything(value: unknown): boolean {
  return types.isProxy(value) && peek(value, Symbol("nobody has this")) !== undefined;
}
