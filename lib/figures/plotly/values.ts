import { InvalidArgumentError, visibleText } from "../../core";

/** A part of a plotly figure, as it was given. */
export type Part = Readonly<Record<string, unknown>>;

/** Something of a plotly figure that only plotly itself draws. The message names the trace, its type and the option. */
export class NotDrawnError extends InvalidArgumentError {
  constructor(readonly reason: string) {
    super(reason, {
      remedy:
        'give a picture: { picture: … }, or draw it in a browser: await figure.save("figure.pdf", { browser: true })',
    });
  }
}

/** An object inside a part; empty where it has none. */
export function within(part: Part, key: string): Part {
  const value = part[key];
  return typeof value === "object" && value !== null ? (value as Part) : {};
}

/** Whether a value is an array or a typed array. */
export function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/** The i-th of a list, or the value that stands for all. */
export function at(value: unknown, i: number): unknown {
  return isList(value) ? value[i] : value;
}

/** A number as plotly reads it: also from text with quotes, blanks, `$`, `%` and `,`; else `null`. */
export function numberOf(value: unknown): number | null {
  const junk = /^['"%,$#\s']+|[, ]|['"%,$#\s']+$/g;
  const text = typeof value === "string" ? value.replace(junk, "") : value;
  if (typeof text === "string" && (text === "" || !/^[-+.\deE]+$/.test(text))) return null;
  if (typeof text !== "string" && typeof text !== "number") return null;
  return Number.isFinite(Number(text)) ? Number(text) : null;
}

const dateForm =
  /^\s*(-?\d\d\d\d|\d\d)(?:-(\d?\d)(?:-(\d?\d)(?:[ Tt]([01]?\d|2[0-3])(?::([0-5]\d)(?::([0-5]\d(?:\.\d+)?))?(?:Z|z|[+-]\d\d(?::?\d\d)?)?)?)?)?)?\s*$/;

/** A date's milliseconds since 1970, its time zone ignored as plotly ignores it; `null` for what is no date. */
export function dateOf(value: unknown): number | null {
  const text = value instanceof Date ? value.toISOString() : value;
  if (typeof text !== "string" && typeof text !== "number") return null;
  const found = dateForm.exec(String(text));
  if (found === null || found[1].length === 2) return null;
  const [year, month, day, hour, minute, second] = found.slice(1).map((part) => Number(part ?? NaN));
  const start = new Date(0);
  start.setUTCFullYear(year, (month || 1) - 1, Number.isNaN(day) ? 1 : day);
  const isReal = start.getUTCMonth() === (month || 1) - 1 && (Number.isNaN(day) || start.getUTCDate() === day);
  if (!isReal || month === 0) return null;
  return start.getTime() + ((hour || 0) * 3600 + (minute || 0) * 60 + (second || 0)) * 1000;
}

/** Whether a colour can be drawn as it is. */
export function isColour(value: unknown): value is string {
  return (
    typeof value === "string" &&
    (/^#[\da-f]{3,8}$/i.test(value) || /^[a-z]+$/i.test(value) || /^(rgb|hsl)a?\([\d\s.,%/]+\)$/i.test(value))
  );
}

/** Pixels of a number that must be one. */
export function lengthOf(value: unknown, otherwise: number): number {
  return typeof value === "number" && Number.isFinite(value) ? value : otherwise;
}

/**
 * A text of a layout, which may hold plotly's markup: line breaks are kept, type styles left out.
 *
 * @throws NotDrawnError for what changes the meaning: raised and lowered text, mathematics
 */
export function plainTitle(value: unknown, where: string): string | undefined {
  const text = typeof value === "object" && value !== null ? (value as Part)["text"] : value;
  if (text === undefined || text === null || text === "") return undefined;
  const source = String(text as string | number);
  if (/<su[bp]\b|^\$.*\$$/i.test(source)) throw new NotDrawnError(`${where} has raised, lowered or mathematical text`);
  const lines = source
    .split(/<br\s*\/?>/i)
    .map((line) => line.replace(/<\/?(?:b|i|em|strong|span|a|u|s)\b[^<>]*>/gi, ""));
  return lines.map((line) => visibleText(decoded(line))).join("\n");
}

const entities: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  nbsp: "\u00a0",
  times: "×",
};

function decoded(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (all, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return entities[name] ?? all;
    const code = decimal === undefined ? parseInt(hex ?? "", 16) : Number(decimal);
    return code > 31 && code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}
