const zero = 0x30;
const minus = 0x2d;
const point = 0x2e;

/** What a number may look like in a file, beyond plain decimals. */
const numberPattern = /^[ \t]*([+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)[ \t]*$/;
const singleBytes = new TextDecoder("latin1");

/** The largest number of digits whose value and whose power of ten are both exact in a double. */
const exactDigits = 15;
const powersOfTen = Float64Array.from({ length: exactDigits + 1 }, (_, exponent) => 10 ** exponent);

/**
 * The number that some bytes spell, correctly rounded, or NaN where they spell none (or an infinite one, or `NaN`).
 * Blanks around it are allowed.
 */
export function parseNumber(bytes: Uint8Array, start: number, end: number): number {
  const negative = bytes[start] === minus;
  const first = negative ? start + 1 : start;
  let value = 0;
  let digits = 0;
  let decimals = 0;
  let seenPoint = false;
  for (let i = first; i < end; i++) {
    const digit = bytes[i] - zero;
    if (digit >= 0 && digit <= 9) {
      value = 10 * value + digit;
      digits++;
      if (seenPoint) decimals++;
    } else if (bytes[i] === point && !seenPoint) seenPoint = true;
    else return parseUnusualNumber(bytes, start, end);
  }
  if (digits === 0 || digits > exactDigits) return parseUnusualNumber(bytes, start, end);
  const magnitude = decimals === 0 ? value : value / powersOfTen[decimals];
  return negative ? -magnitude : magnitude;
}

function parseUnusualNumber(bytes: Uint8Array, start: number, end: number): number {
  const [, spelt] = numberPattern.exec(singleBytes.decode(bytes.subarray(start, end))) ?? [];
  const value = spelt === undefined ? NaN : Number(spelt);
  return Number.isFinite(value) ? value : NaN;
}

const strict = new TextDecoder("utf-8", { fatal: true });

/** Whether some bytes can be an id: not empty, valid UTF-8, and without NUL, line feed or carriage return. */
export function isValidId(bytes: Uint8Array, start: number, end: number): boolean {
  if (start === end) return false;
  let ascii = true;
  for (let i = start; i < end; i++) {
    if (bytes[i] === 0 || bytes[i] === 0x0a || bytes[i] === 0x0d) return false;
    if (bytes[i] >= 0x80) ascii = false;
  }
  if (ascii) return true;
  try {
    strict.decode(bytes.subarray(start, end));
    return true;
  } catch {
    return false; // what cannot be decoded is what is being asked
  }
}
