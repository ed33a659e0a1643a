import { InvalidDataError } from "../../core";
import {
  chosenColumn,
  choiceOf,
  columnInWords,
  isNone,
  plainName,
  type Role,
  roles,
  usualColumn,
} from "./column-names";
import { looksLikeTimes } from "./column-times";
import { mayBeRatings } from "./rating-words";
import { formatOfHeader } from "./file-formats";
import { headerlessColumns } from "./headerless-columns";
import type { ColumnChoice, ReadSettings } from "./read-options";
import { spelled } from "./spelling";

/** The position of each column, from 0; -1 where there is none. */
export type Columns = Readonly<Record<Role, number>>;

/**
 * The columns of a file: as chosen, else by their names, else by position.
 *
 * @param columns the fields of a sample, by column
 * @throws InvalidDataError when user or item cannot be told
 */
export function findColumns(
  settings: ReadSettings,
  names: readonly string[] | null,
  columns: readonly (readonly string[])[],
  place: string,
): Columns {
  const { columns: choices } = settings;
  if (settings.format === "auto" && Object.keys(choices).length === 0) requireOneUser(names ?? [], place);
  const chosen = (role: Role): number | undefined => {
    const choice: ColumnChoice | undefined = choices[role];
    if (choice === undefined) return undefined;
    if (isNone(choice, names)) return -1;
    return chosenColumn(role, choice as string | number, names, columns.length, place);
  };
  const taken = roles.map(chosen);
  const usual = usualColumns(names, columns, taken, choices.user !== undefined && choices.item !== undefined, place);
  const [user, item, rating, time] = roles.map((role, k) => taken[k] ?? usual(role));
  requireUserAndItem([user, item, rating, time], names, columns, place);
  const event =
    chosen("event") ?? (settings.events.length > 0 && names !== null ? usualColumn("event", names, place) : -1);
  if (settings.events.length > 0 && event < 0)
    throw new InvalidDataError("no column of events", {
      where: place,
      remedy: `name it: ${spelled({ columns: { event: choiceOf(names, 2) } })}`,
    });
  const found = { user, item, rating, time, event };
  if (settings.format === "auto" && choices.rating === undefined) requireRatings(found, names, columns, place);
  return found;
}

/** @throws InvalidDataError where no column is named as ratings are, and another may hold them */
function requireRatings(
  found: Columns,
  names: readonly string[] | null,
  columns: readonly (readonly string[])[],
  place: string,
): void {
  if (names === null || found.rating >= 0) return;
  const used = Object.values(found);
  const likely = columns.flatMap((values, k) => (!used.includes(k) && mayBeRatings(names[k] ?? "", values) ? [k] : []));
  if (likely.length === 0) return;
  const [first] = likely;
  const choices = likely.slice(0, 3).map((k) => spelled({ columns: { rating: choiceOf(names, k) } }));
  throw new InvalidDataError(
    `no column is named as ratings are, and ${columnInWords(names, first)} (${columns[first].slice(0, 3).join(", ")}) may hold them`,
    {
      where: place,
      remedy: `choose: ${choices.join(" or ")}; no ratings, every row a like: ${spelled({ columns: { rating: null } })}`,
    },
  );
}

/** @throws InvalidDataError for a header of a named format that names the user twice */
function requireOneUser(names: readonly string[], place: string): void {
  const format = formatOfHeader(names);
  if (format !== "diginetica" || !names.some((name) => plainName(name) === "userid")) return;
  throw new InvalidDataError("columns of both sessions and users, as Diginetica's", {
    where: place,
    remedy: `choose: ${spelled({ format })}, or ${spelled({ columns: { user: names[0] } })} or another column`,
  });
}

/** Where the columns that are left open are: by name, else by position where no other role has it. */
function usualColumns(
  names: readonly string[] | null,
  columns: readonly (readonly string[])[],
  taken: readonly (number | undefined)[],
  isChosen: boolean,
  place: string,
): (role: (typeof roles)[number]) => number {
  if (names !== null) return (role) => usualColumn(role, names, place);
  if (taken.every((position) => position !== undefined)) return () => -1;
  const free = (position: number) => (taken.includes(position) ? -1 : position);
  if (isChosen || taken.some((position) => position !== undefined)) {
    const isTimes = columns[3] !== undefined && looksLikeTimes(columns[3]);
    const isRatings =
      columns[2]?.every((value) => !Number.isNaN(Number(value.replace(",", ".")))) && !looksLikeTimes(columns[2]);
    const usual = { user: 0, item: 1, rating: isRatings ? 2 : -1, time: isTimes ? 3 : -1 };
    return (role) => free(usual[role]);
  }
  const found = headerlessColumns(columns, place);
  return (role) => found[role];
}

/** @throws InvalidDataError that names every missing column, and columns that are free */
function requireUserAndItem(
  [user, item, rating, time]: readonly number[],
  names: readonly string[] | null,
  columns: readonly (readonly string[])[],
  place: string,
): void {
  const missing = [...(user < 0 ? ["user" as const] : []), ...(item < 0 ? ["item" as const] : [])];
  if (missing.length === 0) {
    if (user !== item) return;
    throw new InvalidDataError(`user and item are both ${columnInWords(names, user)}`, {
      where: place,
      remedy: `name another, such as ${spelled({ columns: { item: choiceOf(names, user === 0 ? 1 : 0) } })}`,
    });
  }
  const free = columns.flatMap((_, k) => ([user, item, rating, time].includes(k) ? [] : [k]));
  const ids = free.filter((k) => /id$/i.test(names?.[k] ?? ""));
  const likely = [...ids, ...free.filter((k) => !ids.includes(k))];
  const missed = missing.map((role, k) => [role, likely[k] ?? likely[0] ?? 0] as const);
  const left = free.filter((k) => k !== rating && k !== time && !missed.some(([, position]) => position === k));
  const ratings = rating >= 0 ? undefined : left.find((k) => mayBeRatings(names?.[k] ?? "", columns[k]));
  const times = time >= 0 ? undefined : left.find((k) => looksLikeTimes(columns[k]));
  const all = [...missed, ["rating", ratings] as const, ["time", times] as const];
  const choices = Object.fromEntries(all.flatMap(([role, k]) => (k === undefined ? [] : [[role, choiceOf(names, k)]])));
  const prose = proseLines(columns, place);
  const line = (names ?? []).slice(0, 12).map((name) => JSON.stringify(name.slice(0, 40)));
  throw new InvalidDataError(missing.map((role) => `no ${role} column`).join(" and "), {
    where: place,
    remedy:
      `name ${Object.keys(choices).length > 1 ? "them" : "it"}, such as ${spelled({ columns: choices })}; the first line is ${line.join(", ")}; ` +
      `if it is no header, ${spelled({ header: false })}` +
      (prose === 0 ? "" : `; if the first ${prose} lines are no data, ${spelled({ skipLines: prose })}`) +
      (columns.length > 3 || free.every((k) => /^\d+$/.test(names?.[k] ?? ""))
        ? `; if each line is a user's ratings of all items, ${spelled({ format: "matrix" })}`
        : ""),
  });
}

/** The lines before the first with a digit, where the line after the header has none; else 0. */
function proseLines(columns: readonly (readonly string[])[], place: string): number {
  const first = (columns[0] ?? []).findIndex((_, row) => columns.some((values) => /\d/.test(values[row])));
  return first < 1 ? 0 : first + Number(/:(\d+)$/.exec(place)?.[1] ?? 1);
}

/** The columns in words. */
export function columnsInWords(positions: Columns, names: readonly string[] | null): string {
  return [...roles, ...(positions.event >= 0 ? ["event" as const] : [])]
    .map((role) => `${role} = ${positions[role] < 0 ? "none" : columnInWords(names, positions[role])}`)
    .join(", ");
}

/** The columns that are not used, and what they seem to be. */
export function unusedInWords(
  positions: Columns,
  names: readonly string[] | null,
  columns: readonly (readonly string[])[],
): { readonly unused?: string } {
  const used = new Set(Object.values(positions));
  const words = columns.flatMap((values, k) => {
    if (used.has(k)) return [];
    const some = values
      .slice(0, 3)
      .map((value) => value.slice(0, 20))
      .join(", ");
    const hint =
      positions.time < 0 && looksLikeTimes(values)
        ? `; these look like times: ${spelled({ columns: { time: choiceOf(names, k) } })}`
        : "";
    return [`${columnInWords(names, k)} (${some}${hint})`];
  });
  return words.length === 0 ? {} : { unused: words.slice(0, 20).join(", ") + (words.length > 20 ? ", …" : "") };
}
