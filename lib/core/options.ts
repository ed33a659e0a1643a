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
 * @example
 * suggestion("epoch", ["epochs", "seed"]); // "epochs"
 */
export function suggestion(word: string, known: readonly string[]): string | undefined {
  const lower = word.toLowerCase();
  const ranked = known
    .map((name) => ({ name, distance: editDistance(lower, name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best !== undefined && best.distance <= Math.max(2, word.length / 3) ? best.name : undefined;
}

/**
 * The remedy line for an unknown name: the nearest known one, or all of them.
 *
 * @example
 * didYouMean("epoch", ["epochs", "seed"]); // did you mean "epochs"?
 */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = suggestion(word, known);
  return near === undefined ? `use one of ${known.join(", ")}` : `did you mean "${near}"?`;
}

/** The range of a number. */
export interface NumberRange {
  readonly min?: number;
  readonly max?: number;
  readonly above?: number;
  readonly integer?: boolean;
}

/**
 * Checks one number against its range.
 *
 * @throws InvalidOptionError when `value` is not finite, below `min` or above `max`, or not whole where it must be
 * @example
 * requireNumber("share", 0.02, { above: 0, max: 1 });
 */
export function requireNumber(name: string, value: number, range: NumberRange, where?: string): number {
  const tooSmall =
    (range.min !== undefined && value < range.min) || (range.above !== undefined && value <= range.above);
  const tooLarge = range.max !== undefined && value > range.max;
  const fraction = range.integer === true && !Number.isInteger(value);
  if (Number.isFinite(value) && !tooSmall && !tooLarge && !fraction) return value;
  throw new InvalidOptionError(`"${name}" is ${value}`, { where, remedy: `give ${rangeInWords(range)}` });
}

/** A range in words, such as `a whole number >= 1`. */
export function rangeInWords({ integer, min, above, max }: NumberRange): string {
  const bounds = [
    integer === true ? "a whole number" : "a number",
    min === undefined ? "" : `>= ${min}`,
    above === undefined ? "" : `> ${above}`,
    max === undefined ? "" : `<= ${max}`,
  ];
  const [kind, ...limits] = bounds.filter(Boolean);
  return [kind, limits.join(" and ")].join(" ").trim();
}

/**
 * Checks one word against those allowed.
 *
 * @throws InvalidOptionError naming the nearest allowed one
 * @example
 * requireOneOf("format", "svg", ["svg", "pdf"]);
 */
export function requireOneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  if ((allowed as readonly string[]).includes(value)) return value as T;
  throw new InvalidOptionError(`"${name}" is "${value}"`, { remedy: didYouMean(value, allowed) });
}
