import { EngineError } from "../core";
import type { SimdMemory } from "./simd/module";

const pageBytes = 65_536;
/** What a 32-bit WebAssembly memory can hold: 4 GiB. */
const maximumPages = 65_536;
const alignment = 16;

/** A stretch of free bytes. */
interface FreeBlock {
  start: number;
  bytes: number;
}

/**
 * The memory the SIMD operations work on, with a first-fit free list. It is shared (a SharedArrayBuffer), so that
 * several threads can compute on it, and it grows in place: views made before a growth stay valid.
 */
export class EngineMemory implements SimdMemory {
  readonly memory = new WebAssembly.Memory({ initial: 16, maximum: maximumPages, shared: true });
  /** Ascending by start, never touching each other. The first 16 bytes stay unused, so that 0 can mean "no array". */
  private readonly free: FreeBlock[] = [{ start: alignment, bytes: 16 * pageBytes - alignment }];
  private readonly taken = new Map<number, number>();
  private readonly buffers = new WeakSet<ArrayBufferLike>();

  /**
   * The whole memory as it is now; earlier buffers are windows on the same bytes. V8 also gives it another buffer when
   * some other shared memory of the process grows, so each one that is handed out is remembered.
   */
  get buffer(): ArrayBufferLike {
    const { buffer } = this.memory;
    this.buffers.add(buffer);
    return buffer;
  }

  /** Bytes handed out and not yet released. */
  get takenBytes(): number {
    let sum = 0;
    for (const bytes of this.taken.values()) sum += bytes;
    return sum;
  }

  /** Whether an array with this buffer lives here. */
  owns(buffer: ArrayBufferLike): boolean {
    return this.buffers.has(buffer);
  }

  /**
   * A stretch of at least `bytes` bytes, aligned to 16, with whatever content it had.
   *
   * @throws EngineError when 4 GiB do not suffice or the machine refuses
   */
  allocate(bytes: number): number {
    const size = Math.max(alignment, Math.ceil(bytes / alignment) * alignment);
    let at = this.free.findIndex((block) => block.bytes >= size);
    if (at === -1) {
      this.grow(size);
      at = this.free.length - 1;
    }
    const block = this.free[at];
    const start = block.start;
    if (block.bytes === size) this.free.splice(at, 1);
    else this.free[at] = { start: start + size, bytes: block.bytes - size };
    this.taken.set(start, size);
    return start;
  }

  /** Gives a stretch back; its neighbours merge with it. */
  release(start: number): void {
    const bytes = this.taken.get(start);
    if (bytes === undefined) throw new EngineError(`no allocation starts at byte ${start} of the engine's memory`);
    this.taken.delete(start);
    this.putBack({ start, bytes });
  }

  /** A stretch that is never given back and does not count as taken. */
  reserve(bytes: number): number {
    const start = this.allocate(bytes);
    this.taken.delete(start);
    return start;
  }

  private grow(bytes: number): void {
    const end = this.memory.buffer.byteLength;
    const pages = Math.ceil(bytes / pageBytes);
    // By a quarter at least, so that many small allocations do not grow it many times.
    const wanted = Math.min(Math.max(pages, end / pageBytes / 4), maximumPages - end / pageBytes);
    try {
      this.memory.grow(Math.max(pages, Math.floor(wanted)));
    } catch (cause) {
      throw new EngineError(`the engine's memory cannot grow by ${bytes} bytes from ${end}`, {
        cause,
        remedy: "use a smaller batch, embedding or dataset; one process holds at most 4 GiB",
      });
    }
    this.putBack({ start: end, bytes: this.memory.buffer.byteLength - end });
  }

  private putBack(block: FreeBlock): void {
    let at = this.free.findIndex((other) => other.start > block.start);
    if (at === -1) at = this.free.length;
    const before = this.free[at - 1];
    const after = this.free[at];
    if (after !== undefined && block.start + block.bytes === after.start) {
      block = { start: block.start, bytes: block.bytes + after.bytes };
      this.free.splice(at, 1);
    }
    if (before !== undefined && before.start + before.bytes === block.start) before.bytes += block.bytes;
    else this.free.splice(at, 0, block);
  }
}
