import { columnInWords, type Role } from "./column-names";
import { perSecond, timesInWords, type TimeUnit, timeUnitOf } from "./column-times";
import { type DateOrder, dateOf } from "./dates";
import { EventFilter } from "./event-filter";
import { type Columns, columnsInWords, findColumns, unusedInWords } from "./file-columns";
import type { LayoutFacts } from "./file-layout";
import type { ReadSettings } from "./read-options";
import { badRating, badTime, type RowCollector } from "./row-collector";
import { spelled } from "./spelling";

/** Values by name, as records of JSON or rows of Parquet have them. */
export type NamedValues = Readonly<Record<string, unknown>>;

const textOf = (value: unknown): string =>
  value === null || value === undefined || typeof value === "object" ? "" : String(value as string | number);

/** Reads rows whose values have names. The columns are found from the first of them. */
export class NamedRows {
  readonly facts: LayoutFacts;
  readonly columns: Columns;
  private readonly names: readonly string[];
  private readonly timeUnit: TimeUnit;
  private readonly events: EventFilter | undefined;

  /** @param sample some rows, to find the columns from */
  constructor(sample: readonly NamedValues[], settings: ReadSettings, where: string) {
    this.names = [...new Set(sample.flatMap((row) => Object.keys(row)))];
    const values = this.names.map((name) => sample.map((row) => textOf(row[name])));
    this.columns = findColumns(settings, this.names, values, where);
    const { time, event } = this.columns;
    const times = time < 0 ? [] : values[time];
    const found = timeUnitOf(times, columnInWords(this.names, time), where) ?? "seconds";
    this.timeUnit = settings.timeUnit === "auto" ? found : settings.timeUnit;
    this.events = event >= 0 && settings.events.length > 0 ? new EventFilter(settings.events) : undefined;
    this.facts = {
      columns: columnsInWords(this.columns, this.names),
      ...(times.some((value) => value !== "") ? { times: timesInWords(this.timeUnit, times) } : {}),
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
    if (this.events?.isOtherText(textOf(value("event"))) === true) return;
    const label = numberOf(value("rating"));
    if (label === undefined) return rows.faults.add(badRating, line, 1, without("rating"));
    const time = this.secondsOf(value("time"));
    if (time === undefined) return rows.faults.add(badTime, line, 1, without("time"));
    rows.add(textOf(value("user")), textOf(value("item")), label, time, line);
  }

  /** Tells how many rows of other events there were. */
  finish(rows: RowCollector): void {
    this.events?.report((reason, count) => rows.countLeftOut(reason, count));
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
