import { InvalidOptionError } from "./errors";

/** Number of single-character edits between two words. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, substitution));
    }
    row = next;
  }
  return row[b.length];
}

/**
 * The known word nearest to a misspelt one, or `undefined` when none is near.
 *
 * @param word what was given
 * @param known the words that would have been right
 */
export function suggestion(word: string, known: readonly string[]): string | undefined {
  const lower = word.toLowerCase();
  const ranked = known
    .map((name) => ({ name, distance: editDistance(lower, name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best !== undefined && best.distance <= Math.max(2, word.length / 3) ? best.name : undefined;
}

/** The remedy line for an unknown name: the nearest known one, or all of them. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = suggestion(word, known);
  return near === undefined ? `use one of ${known.join(", ")}` : `did you mean "${near}"?`;
}

/** The range of a number. */
interface NumberRange {
  readonly min?: number;
  readonly max?: number;
  readonly above?: number;
  readonly integer?: boolean;
}

/** An option that is a number or one of some words, such as a damping that may be `"calibrated"`. */
interface NumberOrWord {
  readonly words: readonly string[];
  readonly range: NumberRange;
}

/** Declares such an option for `resolveOptions`. @param range of the number */
export function numberOrWord(words: readonly string[], range: NumberRange = {}): NumberOrWord {
  return { words, range };
}

/**
 * Fills in defaults and refuses what it does not know.
 *
 * @param defaults every option with its default; the keys are the only ones allowed
 * @param given what the caller set; `undefined` values count as not set
 * @param where named in the error, such as `"mf"`
 * @param unions the options that are a number or a word, whatever the type of their default
 * @throws InvalidOptionError for an unknown key (with the nearest known one), a value of another type than its default's, or NaN; for
 *   a word that `unions` does not have (with the nearest), or a number out of its range
 */
export function resolveOptions<T extends object>(
  defaults: Readonly<T>,
  given: Partial<T> | undefined,
  where: string,
  unions: Readonly<Record<string, NumberOrWord>> = {},
): T {
  const resolved: T = { ...defaults };
  for (const [key, value] of Object.entries(given ?? {})) {
    if (!Object.hasOwn(defaults, key))
      throw new InvalidOptionError(`unknown option "${key}"`, {
        where,
        remedy: didYouMean(key, Object.keys(defaults)),
      });
    if (value === undefined) continue;
    if (Object.hasOwn(unions, key)) {
      resolved[key as keyof T] = requireNumberOrWord(key, value, unions[key], where) as T[keyof T];
      continue;
    }
    const expected = defaults[key as keyof T];
    if (expected !== null && expected !== undefined && typeof value !== typeof expected)
      throw new InvalidOptionError(`option "${key}" is ${describe(value)}, not a ${typeof expected}`, {
        where,
        remedy: `its default is ${describe(expected)}`,
      });
    if (typeof value === "number" && Number.isNaN(value))
      throw new InvalidOptionError(`option "${key}" is NaN`, { where, remedy: `its default is ${describe(expected)}` });
    resolved[key as keyof T] = value as T[keyof T];
  }
  return resolved;
}

function requireNumberOrWord(name: string, value: unknown, { words, range }: NumberOrWord, where: string) {
  if (typeof value === "number") return requireNumber(name, value, range);
  if (typeof value === "string" && words.includes(value)) return value;
  throw new InvalidOptionError(`option "${name}" is ${describe(value)}, neither a number nor a word it knows`, {
    where,
    remedy: typeof value === "string" ? didYouMean(value, words) : `give a number or ${words.join(", ")}`,
  });
}

function describe(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}

/**
 * Checks one number against its range.
 *
 * @throws InvalidOptionError when `value` is not finite, below `min` or above `max`, or not whole where it must be
 */
export function requireNumber(name: string, value: number, range: NumberRange): number {
  const tooSmall =
    (range.min !== undefined && value < range.min) || (range.above !== undefined && value <= range.above);
  const tooLarge = range.max !== undefined && value > range.max;
  const fraction = range.integer === true && !Number.isInteger(value);
  if (Number.isFinite(value) && !tooSmall && !tooLarge && !fraction) return value;
  const bounds = [
    range.integer === true ? "a whole number" : "a number",
    range.min === undefined ? "" : `>= ${range.min}`,
    range.above === undefined ? "" : `> ${range.above}`,
    range.max === undefined ? "" : `<= ${range.max}`,
  ];
  throw new InvalidOptionError(`"${name}" is ${value}`, { remedy: `give ${bounds.filter(Boolean).join(" ")}` });
}

/** Checks one word against those allowed. @throws InvalidOptionError naming the nearest allowed one */
export function requireOneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  if ((allowed as readonly string[]).includes(value)) return value as T;
  throw new InvalidOptionError(`"${name}" is "${value}"`, { remedy: didYouMean(value, allowed) });
}
