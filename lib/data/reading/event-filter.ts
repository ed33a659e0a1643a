import { IdMap } from "../id-map";
import type { RecordScanner } from "./record-scanner";

/** Keeps the rows of some types of events, and counts those of others. */
export class EventFilter {
  private readonly types = new IdMap("event");
  private readonly kept: number;
  private readonly counts: number[] = [];

  /** @param kept the types to keep */
  constructor(kept: readonly string[]) {
    for (const type of kept) this.types.intern(type);
    this.kept = this.types.size;
  }

  /** Whether the record that was scanned is of another type, which is then counted. */
  isOther(bytes: Uint8Array, { starts, ends, hashes }: RecordScanner, column: number): boolean {
    const type = this.types.internBytes(bytes, starts[column], ends[column], hashes[column]);
    if (type < this.kept) return false;
    this.counts[type] = (this.counts[type] ?? 0) + 1;
    return true;
  }

  /** The same for text. */
  isOtherText(event: string): boolean {
    const type = this.types.intern(event);
    if (type < this.kept) return false;
    this.counts[type] = (this.counts[type] ?? 0) + 1;
    return true;
  }

  /** Tells how many rows of each other type there were. */
  report(say: (reason: string, count: number) => void): void {
    this.counts.forEach((count, type) => say(`event ${JSON.stringify(this.types.toRaw(type))}`, count));
  }
}
