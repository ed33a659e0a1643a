import type { OperationArray } from "../arrays";
import type { Divisible } from "../threads";

/** What `lib/engine/assembly/index.ts` and `products.ts` export. Pointers are byte offsets; 0 is no array. */
export interface SimdExports {
  [name: string]: (...values: number[]) => number;
}

/** A compiled form of the operations, and how it reaches arrays. */
export interface SimdModule {
  readonly wasm: SimdExports;
  /** The byte offset of an array. @throws InvalidArgumentError when it is not in the module's memory */
  at(array: OperationArray): number;
  /** How many columns of a matrix product stay in registers: 16 where V8 joins vectors, else 8 is faster. */
  readonly productLines: number;
  /** Room for packing matrices, at a byte offset. */
  readonly scratch: number;
  /** Calls an export, by several threads where that is worth it; `scratch` follows what it is called with. */
  divide(work: Divisible): void;
}

/** The memory a compiled form works on. */
export interface SimdMemory {
  readonly memory: WebAssembly.Memory;
  /** Whether an array with this buffer lives there. */
  owns(buffer: ArrayBufferLike): boolean;
  /** A stretch of bytes, aligned to 16, never freed. */
  reserve(bytes: number): number;
}
