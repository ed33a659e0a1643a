import type { InvalidDataError } from "../../core";
import { InteractionsBuilder } from "../interactions-builder";
import { type Interactions, rowCount, rowsWhere } from "../interactions";
import { compactRows } from "../renumber";
import { EncodingEvidence } from "./encoding-evidence";
import type { ReadSettings } from "./read-options";
import { RowFaults } from "./row-faults";
import { spelled } from "./spelling";

/** What is as large as this, or larger, is infinite in a column of 32-bit floats. */
const float32End = 2 ** 128 - 2 ** 103;
/** A time beyond this, in seconds, is the year 5138. */
const maxSeconds = 1e11;

/** The rows of a file, and what was left out of it. */
export interface CollectedRows {
  readonly interactions: Interactions;
  /** Malformed rows that were left out, by reason. Empty unless `badRows` is `"drop"`. */
  readonly droppedRows: Readonly<Record<string, number>>;
  /** Rows that were left out as asked: other events, ratings that mean none. By reason. */
  readonly leftOut: Readonly<Record<string, number>>;
  /** Whether there are no ratings: every label is then 1. */
  readonly isImplicit: boolean;
}

export const badRating = "a rating that is not a finite number";
export const badTime = "a time that is not a finite number";
const emptyRating = "an empty rating among rated rows";

const isRating = (label: number): boolean => label > -float32End && label < float32End;
const isTime = (seconds: number): boolean => seconds >= -maxSeconds && seconds <= maxSeconds;

/** How an id that cannot be one is called. */
export function unusableId(kind: "user" | "item"): string {
  return `${kind === "item" ? "an" : "a"} ${kind} id that is empty, not UTF-8 or holds NUL or a line break`;
}

/** Takes the rows of a file one after another, and what is wrong with them. */
export class RowCollector {
  readonly builder = new InteractionsBuilder();
  readonly faults: RowFaults;
  readonly evidence = new EncodingEvidence();
  private readonly leftOut = new Map<string, number>();
  private readonly missing: ReadonlySet<number>;
  /** Rows with an empty rating, and the line of the first. */
  private unrated = 0;
  private unratedLine = 0;

  constructor(where: string, settings: ReadSettings) {
    this.faults = new RowFaults(where, settings.badRows === "drop");
    this.missing = new Set(settings.missing);
  }

  /** Whether a rating means that there is none. */
  isMissing(label: number): boolean {
    return this.missing.size > 0 && this.missing.has(label);
  }

  countLeftOut(reason: string, count = 1): void {
    this.leftOut.set(reason, (this.leftOut.get(reason) ?? 0) + count);
  }

  countUnrated(line: number): void {
    if (this.unrated++ === 0) this.unratedLine = line;
  }

  /** Takes one row as text. @param label NaN for none @param time in seconds; NaN for none */
  add(user: string, item: string, label: number, time: number, line: number): void {
    if (!isUsable(user)) return this.faults.add(unusableId("user"), line);
    if (!isUsable(item)) return this.faults.add(unusableId("item"), line);
    if (!Number.isNaN(label) && !isRating(label)) return this.faults.add(badRating, line);
    if (!Number.isNaN(time) && !isTime(time)) return this.faults.add(badTime, line);
    if (this.isMissing(label)) return this.countLeftOut(`rated ${label}, which means no rating`);
    if (Number.isNaN(label)) this.countUnrated(line);
    this.builder.add(this.builder.users.intern(user), this.builder.items.intern(item), label, time);
  }

  /** The error of the first malformed row, before all rows are known. */
  refusal(): InvalidDataError | undefined {
    return this.faults.refusal(null);
  }

  /** The rows, now that all are known. @throws InvalidDataError when some are malformed and may not be dropped */
  finish(): CollectedRows {
    const interactions = this.withLabels(this.builder.finish());
    const droppedRows = this.faults.settle(rowCount(interactions));
    const isImplicit = this.unrated === rowCount(interactions);
    return { interactions, droppedRows, leftOut: Object.fromEntries(this.leftOut), isImplicit };
  }

  /** Decides what empty ratings mean. */
  private withLabels(interactions: Interactions): Interactions {
    const { label } = interactions;
    if (this.unrated === label.length) label.fill(1);
    else if (this.unrated > 0) {
      const hint = `${spelled({ columns: { rating: null } })} keeps every row and no rating`;
      this.faults.add(emptyRating, this.unratedLine, this.unrated, hint);
      const rated = rowsWhere(interactions, (row) => !Number.isNaN(label[row]));
      return compactRows(interactions, rated);
    }
    return interactions;
  }
}

const isUsable = (id: string) => id !== "" && !/[\0\r\n\uFFFD]/.test(id);
