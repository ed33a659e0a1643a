import { InvalidDataError } from "../../core";
import type { LayoutFacts } from "./file-layout";
import { JsonSplitter } from "./json-splitter";
import { NamedRows, type NamedValues } from "./named-rows";
import { usualColumn } from "./column-names";
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
    if (Object.values(record).every((value) => typeof value === "object" && value !== null && !isRecords(value)))
      throw new InvalidDataError("this is JSON by columns, not by records", {
        where: this.where,
        remedy: 'write one object a row, in pandas to_json(orient="records", lines=True)',
      });
    const lists = Object.entries(record).filter(([, value]) => isRecords(value));
    if (lists.length !== 1 || hasItem(record)) return [record];
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

function hasItem(record: NamedValues): boolean {
  const names = Object.keys(record).filter((name) => typeof record[name] !== "object");
  try {
    return usualColumn("item", names, "") >= 0;
  } catch {
    return true; // two of them
  }
}
