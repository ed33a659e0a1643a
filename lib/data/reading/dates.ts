/** The order of the parts of a written date. */
export type DateOrder = "dates" | "day-first" | "month-first";

const zero = 0x30;
const latin1 = new TextDecoder("latin1");

const clock = String.raw`(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2}(?:[.,]\d+)?))?(?: ?([AaPp])\.?[Mm]\.?)?)?`;
/** Hours of the zones that RFC 2822 names. */
const zoneHours: Readonly<Record<string, number>> = {
  ...{ EST: -5, EDT: -4, CST: -6, CDT: -5, MST: -7, MDT: -6, PST: -8, PDT: -7 },
};
const zone = String.raw` ?(Z|z|UTC|(?:GMT)?[+-]\d{2}(?::?\d{2})?|GMT|[ECMP][SD]T)?`;
const yearFirst = new RegExp(String.raw`^(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})${clock}${zone}$`);
const yearFirstShort = new RegExp(String.raw`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})${clock}${zone}$`);
const yearFirstDigits = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/;
/** A day of a month by its English name, with the parts in three orders; a weekday before it is passed over. */
const [named, weekday] = [String.raw`([A-Za-z]{3,9})\.?`, String.raw`(?:[A-Za-z]{3,9},? +)?`];
const dayNumber = String.raw`(\d{1,2})(?:st|nd|rd|th)?`;
const clockAfter = clock.replace("(?:[ T]+", "(?:,?[ T]+(?:at +)?");
const ending = String.raw`${clockAfter}${zone}(?: \([^)]*\))?$`;
const dayThenName = new RegExp(String.raw`^${weekday}${dayNumber}[-/. ]+${named},?[-/ ]+(\d{4}|\d{2})${ending}`);
const nameThenDay = new RegExp(String.raw`^${weekday}${named}[-/ ]+${dayNumber},?[-/ ]+(\d{4})${ending}`);
const yearThenName = new RegExp(String.raw`^(\d{4})[-/ ]${named}[-/ ](\d{1,2})${ending}`);
const nameThenClock = new RegExp(String.raw`^${weekday}${named} +(\d{1,2})${clock}${zone} (\d{4})$`);
const yearLast = new RegExp(String.raw`^(\d{1,2})[-/. ](\d{1,2}),?[-/. ]+(\d{4}|\d{2})${clock}${zone}$`);

/**
 * The seconds since 1970 (UTC) of a written date, with or without time of day and zone; NaN for what is none. Without a
 * zone it is UTC.
 *
 * `2014-04-07T10:51:09.277Z`, `2014-04-07 10:51:09 +0200`, `2014-04-07`, `20140407`, and `07/04/2014` or
 * `11/11/2019 9:05:58 AM` where the day or the month is said to be first. Months may have English names: `04 Mar 2019`,
 * `March 4, 2019`, `Mon Mar 04 10:51:09 +0000 2019`. Years of two digits are those from 1969 to 2068.
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
    const parts = yearFirst.exec(text) ?? yearFirstDigits.exec(text) ?? yearFirstShort.exec(text);
    if (parts === null) return namedDateOf(text);
    return secondsOf(Number(parts[1]), Number(parts[2]), Number(parts[3]), parts.slice(4));
  }
  const parts = yearLast.exec(text);
  if (parts === null) return NaN;
  const [day, month] = order === "day-first" ? [parts[1], parts[2]] : [parts[2], parts[1]];
  return secondsOf(fullYear(parts[3]), Number(month), Number(day), parts.slice(4));
}

const monthNames = [
  ...["january", "february", "march", "april", "may", "june", "july"],
  ...["august", "september", "october", "november", "december"],
];

/** The number of a month by its English name or the beginning of it; 0 for what is none. */
function monthOf(name: string): number {
  return monthNames.findIndex((month) => month.startsWith(name.toLowerCase())) + 1;
}

function namedDateOf(text: string): number {
  const last = nameThenClock.exec(text);
  if (last !== null) return secondsOf(Number(last[8]), monthOf(last[1]), Number(last[2]), last.slice(3, 8));
  const dayFirst = dayThenName.exec(text);
  if (dayFirst !== null)
    return secondsOf(fullYear(dayFirst[3]), monthOf(dayFirst[2]), Number(dayFirst[1]), dayFirst.slice(4));
  const nameFirst = nameThenDay.exec(text);
  if (nameFirst !== null)
    return secondsOf(Number(nameFirst[3]), monthOf(nameFirst[1]), Number(nameFirst[2]), nameFirst.slice(4));
  const yearFirstName = yearThenName.exec(text);
  if (yearFirstName === null) return NaN;
  return secondsOf(
    Number(yearFirstName[1]),
    monthOf(yearFirstName[2]),
    Number(yearFirstName[3]),
    yearFirstName.slice(4),
  );
}

const fullYear = (text: string) => (text.length === 4 ? 0 : Number(text) < 69 ? 2000 : 1900) + Number(text);

/** Whether a date has two digits for its year. */
export function hasShortYear(text: string): boolean {
  return (dayThenName.exec(text.trim()) ?? yearLast.exec(text.trim()))?.[3].length === 2;
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
  const parts = /^(?:GMT)?([+-])(\d{2}):?(\d{2})?$/.exec(text ?? "");
  if (parts === null) return 3600 * (zoneHours[text ?? ""] ?? 0);
  return (parts[1] === "-" ? -1 : 1) * (3600 * Number(parts[2]) + 60 * Number(parts[3] ?? 0));
}

/** Whether a written date says its zone. */
export function hasZone(text: string): boolean {
  return /(Z|UTC|GMT|[ECMP][SD]T|GMT[+-]\d{4}( \(.*\))?|:\d{2}(?:\.\d+)? ?[+-]\d{2}(:?\d{2})?( \d{4})?)$/i.test(
    text.trim(),
  );
}
