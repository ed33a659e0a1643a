import { NotFoundError } from "../core";

/** A two-way map between the ids of a dataset's file (always text) and dense ids 0, 1, 2 … in order of first appearance. */
export class IdMap {
  private readonly dense = new Map<string, number>();
  private readonly raw: string[] = [];

  /** @param kind what the ids name, in errors: `"user"` or `"item"` */
  constructor(readonly kind: string) {}

  get size(): number {
    return this.raw.length;
  }

  /** The dense id of a raw one, numbering it if it is new. */
  intern(raw: string): number {
    const known = this.dense.get(raw);
    if (known !== undefined) return known;
    this.dense.set(raw, this.raw.length);
    return this.raw.push(raw) - 1;
  }

  /** The dense id of a raw one, or `undefined`. */
  find(raw: string): number | undefined {
    return this.dense.get(raw);
  }

  /** @throws NotFoundError when the dataset has no such id */
  toDense(raw: string): number {
    const known = this.dense.get(raw);
    if (known === undefined)
      throw new NotFoundError(`no ${this.kind} "${raw}" in this dataset`, {
        remedy: `it has ${this.size} ${this.kind}s; the first is "${this.raw[0]}"`,
      });
    return known;
  }

  /** @throws NotFoundError when `dense` is not below `size` */
  toRaw(dense: number): string {
    const raw = this.raw[dense];
    if (raw === undefined)
      throw new NotFoundError(`no ${this.kind} ${dense}`, { remedy: `dense ids go from 0 to ${this.size - 1}` });
    return raw;
  }
}
