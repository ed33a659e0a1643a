import { types } from "node:util";
import { answersEverything, peek } from "./inspection";

/** Data that came from a cell was larger than what may leave the kernel. */
export class TooLargeError extends Error {
  override readonly name = "TooLargeError";
}

const maxDepth = 200;

/** What has been counted of the characters that may leave. */
interface Budget {
  left: number;
}

/**
 * Anything as data that JSON, UTF-8 and a notebook can hold: text without half characters, finite numbers, no circles,
 * no getters that throw. As `JSON.stringify` has it, dates and the like show themselves by `toJSON`, and functions and
 * symbols are left out.
 *
 * @param limit characters, about
 * @throws TooLargeError past that
 */
export function plainData(value: unknown, limit = Infinity): unknown {
  return plain(value, { left: limit }, []);
}

function plain(value: unknown, budget: Budget, above: readonly object[]): unknown {
  switch (typeof value) {
    case "string":
      spend(budget, value.length + 2);
      return wellFormed(value);
    case "number":
      spend(budget, 8);
      return Number.isFinite(value) ? value : null;
    case "bigint":
      return plain(String(value), budget, above);
    case "boolean":
      spend(budget, 5);
      return value;
    case "object":
      spend(budget, 4);
      return value === null ? null : plainObject(value, budget, above);
    case "undefined":
    case "function":
    case "symbol":
      return undefined;
  }
}

function plainObject(value: object, budget: Budget, above: readonly object[]): unknown {
  if (above.includes(value)) return "[circular]";
  if (above.length >= maxDepth) return `[more than ${maxDepth} levels]`;
  const inside = [...above, value];
  if (answersEverything(value)) return "[a proxy that answers everything]";
  if (types.isBoxedPrimitive(value)) return plain(value.valueOf(), budget, inside);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView))
    return plainArray(Array.from(value as never), budget, inside);
  const own = peek(value, "toJSON");
  // Not one that a cell has given to every object or list: messages are made of them.
  const isEverybodys = own === peek(Object.prototype, "toJSON") || own === peek(Array.prototype, "toJSON");
  if (typeof own === "function" && !isEverybodys) {
    const given = attempt(() => (own as () => unknown).call(value));
    if (given !== value) return plain(given, budget, inside);
  }
  return Array.isArray(value) ? plainArray(value, budget, inside) : plainRecord(value, budget, inside);
}

function plainArray(value: unknown[], budget: Budget, inside: readonly object[]): unknown[] {
  const list: unknown[] = [];
  const length = attempt(() => value.length) ?? 0;
  // Index by index: the iterator of an array is a cell's to replace.
  for (let i = 0; i < length; i++) list[i] = plain(peek(value, i), budget, inside) ?? null;
  return list;
}

function plainRecord(value: object, budget: Budget, inside: readonly object[]): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (const key of attempt(() => Object.keys(value)) ?? []) {
    const field = plain(peek(value, key), budget, inside);
    if (field === undefined) continue;
    spend(budget, key.length + 4);
    // Not by assignment, which would take a key "__proto__" for something else.
    Object.defineProperty(record, wellFormed(key), {
      value: field,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return record;
}

function attempt<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined; // a proxy or a method that throws
  }
}

function spend(budget: Budget, characters: number): void {
  budget.left -= characters;
  if (budget.left < 0) throw new TooLargeError("too large to be shown");
}

const halves = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** A text that UTF-8 can hold: half characters become U+FFFD, which is what encoders make of them. */
function wellFormed(text: string): string {
  return text.replace(halves, "\ufffd");
}
