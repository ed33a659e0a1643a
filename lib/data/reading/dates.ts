/** The order of the parts of a written date. */
export type DateOrder = "dates" | "day-first" | "month-first";

const zero = 0x30;
const latin1 = new TextDecoder("latin1");

const clock = String.raw`(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2}(?:[.,]\d+)?))?(?: ?([AaPp])\.?[Mm]\.?)?)?`;
const zone = String.raw` ?(Z|z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?`;
const yearFirst = new RegExp(String.raw`^(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})${clock}${zone}$`);
const yearFirstDigits = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/;
const yearLast = new RegExp(String.raw`^(\d{1,2})[-/. ](\d{1,2}),?[-/. ]+(\d{4})${clock}${zone}$`);

/**
 * The seconds since 1970 (UTC) of a written date, with or without time of day and zone; NaN for what is none. Without a
 * zone it is UTC.
 *
 * `2014-04-07T10:51:09.277Z`, `2014-04-07 10:51:09 +0200`, `2014-04-07`, `20140407`, and `07/04/2014` or
 * `11/11/2019 9:05:58 AM` where the day or the month is said to be first.
 */
export function parseDate(bytes: Uint8Array, start: number, end: number, order: DateOrder): number {
  if (order === "dates") {
    const usual = usualDate(bytes, start, end);
    if (!Number.isNaN(usual)) return usual;
  }
  return dateOf(latin1.decode(bytes.subarray(start, end)).trim(), order);
}

/** `parseDate` for text. */
export function dateOf(text: string, order: DateOrder): number {
  if (order === "dates") {
    const parts = yearFirst.exec(text) ?? yearFirstDigits.exec(text);
    if (parts === null) return NaN;
    return secondsOf(Number(parts[1]), Number(parts[2]), Number(parts[3]), parts.slice(4));
  }
  const parts = yearLast.exec(text);
  if (parts === null) return NaN;
  const [day, month] = order === "day-first" ? [parts[1], parts[2]] : [parts[2], parts[1]];
  return secondsOf(Number(parts[3]), Number(month), Number(day), parts.slice(4));
}

/** `YYYY-MM-DD HH:MM:SS` with `T` or a blank and perhaps a `Z` at its end, without making a string; else NaN. */
function usualDate(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length !== 19 && !(length === 20 && bytes[end - 1] === 0x5a)) return NaN;
  if (bytes[start + 4] !== 0x2d || bytes[start + 7] !== 0x2d || bytes[start + 13] !== 0x3a) return NaN;
  if ((bytes[start + 10] !== 0x20 && bytes[start + 10] !== 0x54) || bytes[start + 16] !== 0x3a) return NaN;
  const two = (at: number) => 10 * digit(bytes[start + at]) + digit(bytes[start + at + 1]);
  const seconds = two(11) < 24 && two(14) < 60 && two(17) < 61 ? 3600 * two(11) + 60 * two(14) + two(17) : NaN;
  return dayOf(100 * two(0) + two(2), two(5), two(8)) + seconds;
}

const digit = (byte: number) => (byte >= zero && byte <= zero + 9 ? byte - zero : NaN);

function secondsOf(year: number, month: number, day: number, rest: readonly (string | undefined)[]): number {
  const [hourText = "0", minute = "0", second = "0", half, zoneText] = rest;
  const hour = half === undefined ? Number(hourText) : (Number(hourText) % 12) + (/p/i.test(half) ? 12 : 0);
  const seconds = Number(second.replace(",", "."));
  if (hour > 23 || Number(minute) > 59 || seconds >= 61) return NaN;
  return dayOf(year, month, day) + 3600 * hour + 60 * Number(minute) + seconds - zoneSeconds(zoneText);
}

/** The first second of a day; NaN for one that no calendar has. */
function dayOf(year: number, month: number, day: number): number {
  const ms = Date.UTC(year, month - 1, day);
  const date = new Date(ms);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? ms / 1000 : NaN;
}

function zoneSeconds(text: string | undefined): number {
  const parts = /^([+-])(\d{2}):?(\d{2})?$/.exec(text ?? "");
  if (parts === null) return 0;
  return (parts[1] === "-" ? -1 : 1) * (3600 * Number(parts[2]) + 60 * Number(parts[3] ?? 0));
}

/** Whether a written date says its zone. */
export function hasZone(text: string): boolean {
  return /(Z|UTC|GMT|:\d{2}(?:\.\d+)? ?[+-]\d{2}(:?\d{2})?)$/i.test(text.trim());
}
