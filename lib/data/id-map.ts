import { randomBytes } from "node:crypto";
import { NotFoundError } from "../core";
import { keyedHash } from "./keyed-hash";
import { hashBytes } from "./reading/record-scanner";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const empty = -1;
/** More slots in a row than a table that is at most half full has where ids were not chosen to collide. */
const mostProbes = 128;

/**
 * A two-way map between the ids of a dataset's file (always text) and dense ids 0, 1, 2 … in order of first appearance.
 *
 * Ids are kept as UTF-8 bytes in one block under an open-addressing hash table, not as strings in a `Map`: parsing then
 * makes no string per row, and a million ids cost their bytes and twelve more each. Where ids crowd, as those do that
 * were chosen to collide, the table goes over to a keyed hash: the numbers are the same, and reading stays fast.
 */
export class IdMap {
  private count = 0;
  private bytes = new Uint8Array(1 << 12);
  /** Id k is `bytes[offsets[k] .. offsets[k + 1])`. */
  private offsets = new Uint32Array(1 << 8);
  /** The hash table: slot k is the pair `table[2 k]`, an id's hash, and `table[2 k + 1]`, its dense id or `empty`. */
  private table = new Int32Array(2 << 8).fill(empty);
  private mask = (1 << 8) - 1;
  /** Of the keyed hash, once ids have crowded. */
  private key: Int32Array | undefined;
  private crowded = false;

  /** @param kind what the ids name, in errors: `"user"` or `"item"` */
  constructor(readonly kind: string) {}

  get size(): number {
    return this.count;
  }

  /** The memory it takes, in bytes. */
  get byteLength(): number {
    return this.bytes.byteLength + this.offsets.byteLength + this.table.byteLength;
  }

  /** The dense id of a raw one, numbering it if it is new. */
  intern(raw: string): number {
    const bytes = encoder.encode(raw);
    return this.internBytes(bytes, 0, bytes.length, hashBytes(bytes, 0, bytes.length));
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
    return this.lookUp(buffer, start, end, this.key === undefined ? hash : keyedHash(buffer, start, end, this.key));
  }

  /** `intern` for an id that lies in a buffer as UTF-8. @param hash its `hashBytes` */
  internBytes(buffer: Uint8Array, start: number, end: number, hash: number): number {
    const known = this.findBytes(buffer, start, end, hash);
    if (known !== undefined) return known;
    if (this.crowded && this.key === undefined) this.rekey();
    if (2 * (this.count + 1) > this.mask) this.growTable();
    this.reserve(end - start);
    let to = this.offsets[this.count];
    for (let at = start; at < end; at++) this.bytes[to++] = buffer[at]; // ids are short: copying them whole costs more
    this.offsets[this.count + 1] = to;
    this.place(this.key === undefined ? hash : keyedHash(buffer, start, end, this.key), this.count);
    return this.count++;
  }

  /** Every id's bytes one after another, and where each begins: what a dataset's hash is taken over. */
  content(): { bytes: Uint8Array; offsets: Uint32Array } {
    return {
      bytes: this.bytes.subarray(0, this.offsets[this.count]),
      offsets: this.offsets.subarray(0, this.count + 1),
    };
  }

  /** The first dense id that is another raw one in another map, or is in one of them alone; `null` if there is none. */
  firstDifference(other: IdMap): number | null {
    if (other === this) return null;
    const [own, theirs] = [this.content(), other.content()];
    if (Buffer.compare(own.bytes, theirs.bytes) === 0 && own.offsets.length === theirs.offsets.length)
      if (own.offsets.every((offset, k) => offset === theirs.offsets[k])) return null;
    const common = Math.min(this.size, other.size);
    for (let dense = 0; dense < common; dense++) if (this.toRaw(dense) !== other.toRaw(dense)) return dense;
    return common;
  }

  private lookUp(buffer: Uint8Array, start: number, end: number, hash: number): number | undefined {
    const first = this.slotOf(hash);
    for (let slot = first; ; slot = (slot + 1) & this.mask) {
      const dense = this.table[2 * slot + 1];
      if (dense === empty) {
        this.crowded ||= ((slot - first) & this.mask) > mostProbes;
        return undefined;
      }
      if (this.table[2 * slot] === hash && this.equals(dense, buffer, start, end)) return dense;
    }
  }

  /** Goes over to a hash that nobody can have chosen ids for. */
  private rekey(): void {
    const { buffer, byteOffset } = Uint8Array.from(randomBytes(8));
    this.key = new Int32Array(buffer, byteOffset, 2);
    this.table.fill(empty);
    for (let dense = 0; dense < this.count; dense++)
      this.place(keyedHash(this.bytes, this.offsets[dense], this.offsets[dense + 1], this.key), dense);
  }

  private equals(dense: number, buffer: Uint8Array, start: number, end: number): boolean {
    const from = this.offsets[dense];
    if (this.offsets[dense + 1] - from !== end - start) return false;
    for (let i = start, j = from; i < end; i++, j++) if (buffer[i] !== this.bytes[j]) return false;
    return true;
  }

  /** Puts an id that is not there into the first free slot from its own (linear probing). */
  private place(hash: number, dense: number): void {
    let slot = this.slotOf(hash);
    while (this.table[2 * slot + 1] !== empty) slot = (slot + 1) & this.mask;
    this.table[2 * slot] = hash;
    this.table[2 * slot + 1] = dense;
  }

  /** Where an id belongs: the high bits of its hash are folded in, for the low ones alone are poor. */
  private slotOf(hash: number): number {
    return (hash ^ (hash >>> 15)) & this.mask;
  }

  private growTable(): void {
    const before = this.table;
    this.table = new Int32Array(2 * before.length).fill(empty);
    this.mask = 2 * this.mask + 1;
    for (let at = 0; at < before.length; at += 2) if (before[at + 1] !== empty) this.place(before[at], before[at + 1]);
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
