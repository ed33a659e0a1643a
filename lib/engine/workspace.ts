import { EngineError } from "../core";
import type { OperationArray } from "./arrays";
import type { EngineMemory } from "./memory";

/**
 * Arrays that the operations can work on, freed together. Several workspaces may be alive at once; each must be
 * disposed of by whoever made it, in a `finally`. Arrays must not be used after that.
 */
export interface Workspace {
  /** An array of zeros, `[length]`. @throws EngineError when there is no memory left */
  float32(length: number): Float32Array;
  /** An array of zeros, `[length]`. @throws EngineError when there is no memory left */
  float64(length: number): Float64Array;
  /** An array of zeros, `[length]`. @throws EngineError when there is no memory left */
  int32(length: number): Int32Array;
  /** A copy of an array. @throws EngineError when there is no memory left */
  copyOf<T extends OperationArray>(array: T): T;
  /** Frees every array of this workspace. A second call does nothing. */
  dispose(): void;
}

interface ArrayConstructor<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): T;
}

let live = 0;

/**
 * How many workspaces have been made and not disposed of: 0 once all work is done, or something leaks.
 *
 * @example
 * liveWorkspaces(); // 0 once all are disposed of
 */
export function liveWorkspaces(): number {
  return live;
}

/** A workspace over the engine's memory, or over ordinary arrays where there is none. */
export class ArrayWorkspace implements Workspace {
  private starts: number[] | undefined = [];

  constructor(private readonly memory: EngineMemory | undefined) {
    live++;
  }

  float32(length: number): Float32Array {
    return this.make(Float32Array, length).fill(0);
  }

  float64(length: number): Float64Array {
    return this.make(Float64Array, length).fill(0);
  }

  int32(length: number): Int32Array {
    return this.make(Int32Array, length).fill(0);
  }

  copyOf<T extends OperationArray>(array: T): T {
    const copy = this.make(array.constructor as unknown as ArrayConstructor<T>, array.length);
    copy.set(array);
    return copy;
  }

  dispose(): void {
    if (this.starts === undefined) return;
    for (const start of this.starts) this.memory?.release(start);
    this.starts = undefined;
    live--;
  }

  private make<T>(type: ArrayConstructor<T>, length: number): T {
    if (this.starts === undefined)
      throw new EngineError("a workspace was used after it was disposed of", { remedy: "make a new one" });
    const bytes = length * type.BYTES_PER_ELEMENT;
    if (this.memory === undefined) return new type(new ArrayBuffer(bytes), 0, length);
    const start = this.memory.allocate(bytes);
    this.starts.push(start);
    return new type(this.memory.buffer, start, length);
  }
}
