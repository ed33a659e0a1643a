import { InvalidDataError } from "../../core";
import type { LayoutFacts } from "./file-layout";
import { JsonSplitter } from "./json-splitter";
import { NamedRows, type NamedValues } from "./named-rows";
import { plainName, usualColumn } from "./column-names";
import type { ReadSettings } from "./read-options";
import { parseLiteral } from "./record-literal";
import { type CollectedRows, RowCollector } from "./row-collector";

/** Records that the columns are found from. */
const sampleSize = 200;

interface Held {
  readonly values: NamedValues;
  readonly line: number;
}

/** Parses JSON lines, a JSON array of objects, or Python's dicts one a line, in UTF-8 and chunks of any size. */
export class JsonParser {
  private readonly rows: RowCollector;
  private readonly splitter: JsonSplitter;
  private held: Held[] = [];
  private named: NamedRows | undefined;
  private python = false;
  private nested = false;
  private ofUsers = false;

  constructor(
    private readonly where: string,
    private readonly settings: ReadSettings,
  ) {
    this.rows = new RowCollector(where, settings);
    this.splitter = new JsonSplitter(
      where,
      (text, line) => this.record(text, line),
      (line) => this.rows.faults.add("text that is no record", line),
    );
  }

  get evidence() {
    return this.rows.evidence;
  }

  /** What was found of the file, once it is read. */
  get facts(): LayoutFacts {
    if (this.ofUsers) return { format: "a JSON object whose names are users", ...this.named?.facts };
    const format = this.python ? "Python dicts, one a line" : "JSON records";
    return { format: this.nested ? `${format}, with lists of records in them` : format, ...this.named?.facts };
  }

  push(chunk: Uint8Array): void {
    this.splitter.push(chunk);
  }

  /** Ends the file. @throws InvalidDataError for its first malformed row, unless such are dropped */
  finish(): CollectedRows {
    this.splitter.finish();
    this.start();
    if (this.named === undefined && this.rows.faults.count === 0)
      throw new InvalidDataError("the file has no JSON objects", {
        where: this.where,
        remedy: 'write one object a line, such as {"user": 1, "item": 10}',
      });
    this.named?.finish(this.rows);
    return this.rows.finish();
  }

  private record(text: string, line: number): void {
    let value: unknown;
    try {
      value = this.parse(text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return this.rows.faults.add("a record that is neither JSON nor a Python dict", line);
    }
    for (const values of this.flattened(value as NamedValues)) {
      if (this.named !== undefined) this.named.add(values, line, this.rows);
      else if (this.held.push({ values, line }) === sampleSize) this.start();
    }
  }

  private parse(text: string): unknown {
    if (this.python) return parseLiteral(text);
    if (/\d{16}/.test(text)) return parseLiteral(text); // an id whose last digits JSON.parse would change
    try {
      return JSON.parse(text);
    } catch {
      const value = parseLiteral(text);
      this.python = true;
      return value;
    }
  }

  /** A record, or the records of the list in it where it has no item itself. */
  private flattened(record: NamedValues): NamedValues[] {
    const isRecords = (value: unknown) =>
      Array.isArray(value) && value.some((one) => typeof one === "object" && one !== null);
    const ofUsers = usersOf(record);
    if (ofUsers !== undefined) {
      this.ofUsers = true;
      return ofUsers;
    }
    if (Object.values(record).every((value) => typeof value === "object" && value !== null && !isRecords(value)))
      throw new InvalidDataError("this is JSON by columns, not by records", {
        where: this.where,
        remedy: 'write one object a row, in pandas to_json(orient="records", lines=True)',
      });
    const lists = Object.entries(record).filter(([, value]) => isRecords(value));
    if (lists.length !== 1 || hasItem(record)) return [withInner(record)];
    this.nested = true;
    const [[name, inner]] = lists;
    const outer = Object.fromEntries(
      Object.entries(record).filter(([other, value]) => other !== name && typeof value !== "object"),
    );
    return (inner as NamedValues[]).flatMap((values) => this.flattened({ ...outer, ...values }));
  }

  private start(): void {
    if (this.named !== undefined || this.held.length === 0) return;
    this.named = new NamedRows(
      this.held.map(({ values }) => values),
      this.settings,
      `${this.where}:${this.held[0].line}`,
    );
    for (const { values, line } of this.held) this.named.add(values, line, this.rows);
    this.held = [];
  }
}

const isObject = (value: unknown): value is NamedValues =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isScalar = (value: unknown) => typeof value !== "object" || value === null;

/** The rows of one object that has its users for names: of lists of items, or of objects of items and ratings. */
function usersOf(record: NamedValues): NamedValues[] | undefined {
  const entries = Object.entries(record);
  const named = Object.keys(record).map(plainName);
  if (entries.length === 0 || named.some((name) => /^(user|item|rating|session|movie|product)(id)?s?$/.test(name)))
    return undefined;
  if (entries.every(([, value]) => Array.isArray(value) && value.every(isScalar)))
    return areIds(entries.map(([name]) => name)) ? entries.map(([user, items]) => ({ user, items })) : undefined;
  if (!entries.every(([, value]) => isObject(value) && Object.values(value).every(isScalar))) return undefined;
  if (!areIds(entries.map(([name]) => name))) return undefined;
  return entries.flatMap(([user, ratings]) =>
    Object.entries(ratings as NamedValues).map(([item, rating]) => ({ user, item, rating })),
  );
}

/** Whether names are ids rather than words: each has a digit. */
const areIds = (names: readonly string[]) => names.every((name) => /\d/.test(name));

/** The values of objects inside of an object, under names such as `user.id`. */
function withInner(record: NamedValues): NamedValues {
  if (!Object.values(record).some(isObject)) return record;
  return Object.fromEntries(
    Object.entries(record).flatMap(([name, value]) =>
      isObject(value)
        ? Object.entries(withInner(value)).map(([inner, one]) => [`${name}.${inner}`, one])
        : [[name, value]],
    ),
  );
}

function hasItem(record: NamedValues): boolean {
  const names = Object.keys(record).filter((name) => typeof record[name] !== "object");
  try {
    return usualColumn("item", names, "") >= 0;
  } catch {
    return true; // two of them
  }
}
