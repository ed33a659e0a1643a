import { NotFoundError } from "../core";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const empty = -1;

/** FNV-1a over some bytes: what `IdMap` finds ids by. Signed 32-bit. */
export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5 | 0;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
  return hash ^ (hash >>> 15);
}

/**
 * A two-way map between the ids of a dataset's file (always text) and dense ids 0, 1, 2 … in order of first appearance.
 *
 * Ids are kept as UTF-8 bytes in one block under an open-addressing hash table, not as strings in a `Map`: parsing then makes
 * no string per row, and a million ids cost their bytes and twelve more each.
 */
export class IdMap {
  private count = 0;
  private bytes = new Uint8Array(1 << 12);
  /** Id k is `bytes[offsets[k] .. offsets[k + 1])`. */
  private offsets = new Uint32Array(1 << 8);
  private slots = new Int32Array(1 << 8).fill(empty);

  /** @param kind what the ids name, in errors: `"user"` or `"item"` */
  constructor(readonly kind: string) {}

  get size(): number {
    return this.count;
  }

  /** The dense id of a raw one, numbering it if it is new. */
  intern(raw: string): number {
    const bytes = encoder.encode(raw);
    const hash = hashBytes(bytes, 0, bytes.length);
    const known = this.findBytes(bytes, 0, bytes.length, hash);
    return known === undefined ? this.addBytes(bytes, 0, bytes.length, hash) : known;
  }

  /** The dense id of a raw one, or `undefined`. */
  find(raw: string): number | undefined {
    const bytes = encoder.encode(raw);
    return this.findBytes(bytes, 0, bytes.length, hashBytes(bytes, 0, bytes.length));
  }

  /** @throws NotFoundError when the dataset has no such id */
  toDense(raw: string): number {
    const known = this.find(raw);
    if (known !== undefined) return known;
    throw new NotFoundError(`no ${this.kind} "${raw}" in this dataset`, {
      remedy:
        this.count === 0
          ? `the dataset has no ${this.kind}s`
          : `it has ${this.count} ${this.kind}s; the first is "${this.toRaw(0)}"`,
    });
  }

  /** @throws NotFoundError when `dense` is not below `size` */
  toRaw(dense: number): string {
    if (!Number.isInteger(dense) || dense < 0 || dense >= this.count)
      throw new NotFoundError(`no ${this.kind} ${dense}`, { remedy: `dense ids go from 0 to ${this.count - 1}` });
    return decoder.decode(this.bytes.subarray(this.offsets[dense], this.offsets[dense + 1]));
  }

  /** `find` for an id that lies in a buffer as UTF-8. @param hash its `hashBytes` */
  findBytes(buffer: Uint8Array, start: number, end: number, hash: number): number | undefined {
    const slot = this.slots[this.slotOf(buffer, start, end, hash)];
    return slot === empty ? undefined : slot;
  }

  /** Numbers an id that `findBytes` did not find. @returns its dense id */
  addBytes(buffer: Uint8Array, start: number, end: number, hash: number): number {
    if (2 * (this.count + 1) > this.slots.length) this.growTable();
    this.reserve(end - start);
    const from = this.offsets[this.count];
    this.bytes.set(buffer.subarray(start, end), from);
    this.offsets[this.count + 1] = from + end - start;
    this.slots[this.slotOf(buffer, start, end, hash)] = this.count;
    return this.count++;
  }

  /** Every id's bytes one after another, and where each begins: what a dataset's hash is taken over. */
  table(): { bytes: Uint8Array; offsets: Uint32Array } {
    return {
      bytes: this.bytes.subarray(0, this.offsets[this.count]),
      offsets: this.offsets.subarray(0, this.count + 1),
    };
  }

  /** The slot that holds an id, or the free one where it belongs (linear probing). */
  private slotOf(buffer: Uint8Array, start: number, end: number, hash: number): number {
    const mask = this.slots.length - 1;
    let slot = hash & mask;
    while (this.slots[slot] !== empty && !this.equals(this.slots[slot], buffer, start, end)) slot = (slot + 1) & mask;
    return slot;
  }

  private equals(dense: number, buffer: Uint8Array, start: number, end: number): boolean {
    const from = this.offsets[dense];
    if (this.offsets[dense + 1] - from !== end - start) return false;
    for (let i = start, j = from; i < end; i++, j++) if (buffer[i] !== this.bytes[j]) return false;
    return true;
  }

  private growTable(): void {
    this.slots = new Int32Array(2 * this.slots.length).fill(empty);
    const mask = this.slots.length - 1;
    for (let id = 0; id < this.count; id++) {
      let slot = hashBytes(this.bytes, this.offsets[id], this.offsets[id + 1]) & mask;
      while (this.slots[slot] !== empty) slot = (slot + 1) & mask;
      this.slots[slot] = id;
    }
  }

  private reserve(length: number): void {
    if (this.count + 2 > this.offsets.length) this.offsets = grown(this.offsets, this.count + 2);
    const needed = this.offsets[this.count] + length;
    if (needed > this.bytes.length) this.bytes = grown(this.bytes, needed);
  }
}

/** A copy with room for `needed` elements and half as many again as there were. */
function grown<T extends Uint8Array | Uint32Array>(array: T, needed: number): T {
  const larger = new (array.constructor as new (length: number) => T)(Math.max(needed, Math.ceil(array.length * 1.5)));
  larger.set(array);
  return larger;
}
