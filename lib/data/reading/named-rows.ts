import { columnInWords, type Role } from "./column-names";
import { perSecond, requireTimeUnit, timesInWords, type TimeUnit } from "./column-times";
import { type DateOrder, dateOf } from "./dates";
import { EventFilter } from "./event-filter";
import { type Columns, columnsInWords, findColumns, unusedInWords } from "./file-columns";
import type { LayoutFacts } from "./file-layout";
import { type RatingWords, ratingWordsOf } from "./rating-words";
import type { ReadSettings } from "./read-options";
import { badRating, badTime, type RowCollector } from "./row-collector";
import { spelled } from "./spelling";

/** Values by name, as records of JSON or rows of Parquet have them. */
export type NamedValues = Readonly<Record<string, unknown>>;

/** A list of ids or times, such as a user's items. */
const isList = (value: unknown): value is readonly unknown[] =>
  Array.isArray(value) && value.every((one) => typeof one !== "object" || one === null);

const textOf = (value: unknown): string =>
  value === null || value === undefined || typeof value === "object" ? "" : String(value as string | number);

/** Reads rows whose values have names. The columns are found from the first of them. */
export class NamedRows {
  readonly facts: LayoutFacts;
  readonly columns: Columns;
  private readonly names: readonly string[];
  private readonly timeUnit: TimeUnit;
  private readonly events: EventFilter | undefined;
  private readonly ratingWords: RatingWords | undefined;

  /** @param sample some rows, to find the columns from */
  constructor(sample: readonly NamedValues[], settings: ReadSettings, where: string) {
    this.names = [...new Set(sample.flatMap((row) => Object.keys(row)))];
    const sampled = (value: unknown) => (isList(value) ? value.map(textOf).join(" ") : textOf(value));
    const values = this.names.map((name) => sample.map((row) => sampled(row[name])));
    this.columns = findColumns(settings, this.names, values, where);
    const { time, event, rating } = this.columns;
    const firstTimes = (row: NamedValues) =>
      isList(row[this.names[time]]) ? (row[this.names[time]] as unknown[]) : [];
    const lists = time < 0 ? [] : sample.flatMap(firstTimes).map(textOf);
    const times = time < 0 ? [] : lists.length > 0 ? lists : values[time];
    this.timeUnit =
      settings.timeUnit === "auto" ? requireTimeUnit(times, columnInWords(this.names, time), where) : settings.timeUnit;
    this.events = event >= 0 && settings.events.length > 0 ? new EventFilter(settings.events) : undefined;
    this.ratingWords = ratingWordsOf(values[rating] ?? []);
    this.facts = {
      columns: columnsInWords(this.columns, this.names),
      ...(times.some((value) => value !== "") ? { times: timesInWords(this.timeUnit, times) } : {}),
      ...(this.ratingWords === undefined ? {} : { labels: this.ratingWords.meaning }),
      ...unusedInWords(this.columns, this.names, values),
    };
  }

  /** The name of a role's column; `undefined` where there is none. */
  nameOf(role: Role): string | undefined {
    return this.names[this.columns[role]];
  }

  add(values: NamedValues, line: number, rows: RowCollector): void {
    const value = (role: Role) => {
      const name = this.nameOf(role);
      return name === undefined ? undefined : values[name];
    };
    const [items, itemName] = [value("item"), this.nameOf("item")];
    if (isList(items) && itemName !== undefined) return this.addList(values, items, itemName, line, rows);
    if (this.events?.isOtherText(textOf(value("event"))) === true) return;
    const label = this.ratingOf(value("rating"));
    if (label === undefined) return rows.faults.add(badRating, line, 1, without("rating"));
    const time = this.secondsOf(value("time"));
    if (time === undefined) return rows.faults.add(badTime, line, 1, without("time"));
    rows.add(textOf(value("user")), textOf(value("item")), label, time, line);
  }

  /** A row for each item of a list; a list of ratings or times has one for each of them. */
  private addList(
    values: NamedValues,
    items: readonly unknown[],
    name: string,
    line: number,
    rows: RowCollector,
  ): void {
    const besides = (["rating", "time"] as const)
      .map((role) => this.nameOf(role))
      .filter((other): other is string => other !== undefined && isList(values[other]));
    const uneven = besides.find((other) => (values[other] as unknown[]).length !== items.length);
    if (uneven !== undefined) return rows.faults.add(`lists of unequal length: ${name} and ${uneven}`, line);
    items.forEach((item, k) => {
      const own = Object.fromEntries(besides.map((other) => [other, (values[other] as unknown[])[k]]));
      this.add({ ...values, ...own, [name]: item }, line, rows);
    });
  }

  /** Tells how many rows of other events there were. */
  finish(rows: RowCollector): void {
    this.events?.report((reason, count) => rows.countLeftOut(reason, count));
  }

  /** NaN for none, `undefined` for what is no rating. */
  private ratingOf(value: unknown): number | undefined {
    if (this.ratingWords === undefined || typeof value !== "string" || value === "") return numberOf(value);
    const rating = this.ratingWords.read(value);
    return Number.isNaN(rating) ? undefined : rating;
  }

  /** Seconds since 1970; NaN for none, `undefined` for what is no time. */
  private secondsOf(value: unknown): number | undefined {
    if (value instanceof Date) return value.getTime() / 1000;
    if (this.timeUnit in perSecond) {
      const number = numberOf(value);
      return number === undefined ? undefined : number / perSecond[this.timeUnit];
    }
    const text = textOf(value);
    const seconds = text === "" ? NaN : dateOf(text.trim(), this.timeUnit as DateOrder);
    return text !== "" && Number.isNaN(seconds) ? undefined : seconds;
  }
}

const without = (role: "rating" | "time") =>
  `keep every row with no ${role}: ${spelled({ columns: { [role]: null } })}`;

/** A number; NaN for none, `undefined` for what is none. */
function numberOf(value: unknown): number | undefined {
  if (value === null || value === undefined || value === "") return NaN;
  if (typeof value === "boolean") return Number(value);
  const text = textOf(value);
  if (text.trim() === "") return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}
