// Values on their way between the grader and the process of a submission, as text. JSON has no NaN, infinities or -0,
// and its objects have a key "__proto__" that means something: here both are spelt out. What comes from a submission is
// read as from an enemy.

/** Numbers (all of them), texts, booleans, null, and lists and records of these. */
export type PlainValue =
  null | boolean | number | string | readonly PlainValue[] | { readonly [key: string]: PlainValue };

/** A text that is no encoded value, or one that is larger than what is taken. */
export class PlainValueError extends Error {
  override readonly name = "PlainValueError";
}

// Saved at the kernel's start: cells may replace any of these.
const { isArray } = Array;
const { defineProperty } = Object;

/** How deep values may be nested. */
export const maxPlainDepth = 32;
/** How many characters the text of a value may have. */
export const maxPlainCharacters = 16_000_000;

/** @throws PlainValueError for one that is too large */
export function encodePlain(value: PlainValue): string {
  const text = JSON.stringify(encoded(value));
  if (text.length > maxPlainCharacters) throw new PlainValueError(`a value of ${text.length} characters`);
  return text;
}

function encoded(value: PlainValue): unknown {
  if (typeof value === "number") return isSpecial(value) ? { n: nameOf(value) } : value;
  if (typeof value !== "object" || value === null) return value;
  if (isArray(value)) return (value as readonly PlainValue[]).map(encoded);
  return { o: Object.entries(value as Record<string, PlainValue>).map(([key, one]) => [key, encoded(one)]) };
}

function isSpecial(value: number): boolean {
  return !Number.isFinite(value) || Object.is(value, -0);
}

function nameOf(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

/** @throws PlainValueError for anything but what `encodePlain` gives */
export function decodePlain(text: unknown): PlainValue {
  if (typeof text !== "string") throw new PlainValueError("a value that is no text");
  if (text.length > maxPlainCharacters) throw new PlainValueError(`a value of ${text.length} characters`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new PlainValueError("a value that is not JSON");
  }
  return decoded(value, 0);
}

function decoded(value: unknown, depth: number): PlainValue {
  if (depth > maxPlainDepth) throw new PlainValueError(`a value of more than ${maxPlainDepth} levels`);
  if (typeof value === "number" || typeof value === "string" || typeof value === "boolean" || value === null)
    return value;
  if (isArray(value)) {
    // No method of lists: in the kernel they are a cell's to replace.
    for (let i = 0; i < value.length; i++) value[i] = decoded(value[i], depth + 1);
    return value as PlainValue[];
  }
  const { n: special, o: entries } = value as { n?: unknown; o?: unknown };
  if (special === "NaN" || special === "Infinity" || special === "-Infinity" || special === "-0")
    return Number(special);
  if (isArray(entries)) return record(entries, depth);
  throw new PlainValueError("a value of unknown form");
}

function record(entries: readonly unknown[], depth: number): PlainValue {
  const made: Record<string, PlainValue> = {};
  for (let i = 0; i < entries.length; i++) {
    const entry: unknown = entries[i];
    if (!isArray(entry) || entry.length !== 2 || typeof entry[0] !== "string")
      throw new PlainValueError("a value of unknown form");
    // Never by assignment: a key "__proto__" would be taken for the prototype.
    const property = { value: decoded(entry[1], depth + 1), enumerable: true, writable: true, configurable: true };
    if (entry[0] !== "__proto__") defineProperty(made, entry[0], property);
  }
  return made;
}
