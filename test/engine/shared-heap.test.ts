import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { libFolder, sha256 } from "../../lib/core";
import { tensorEngine } from "../../lib/engine";
import { withSharedMemory } from "../../scripts/shared-memory.mjs";

const name = "tfjs-backend-wasm-simd.wasm";
const theirs = readFileSync(
  join(dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm")), name),
);

/** A module with one memory: its section, after the magic number and version. */
const moduleWith = (...section: number[]) => Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0, ...section]);

describe("the tensor backend's module with a shared memory", () => {
  it("differs from the library's own by one bit", () => {
    const ours = readFileSync(join(libFolder(), "dist", "engine", name));
    expect(ours).toHaveLength(theirs.length);
    const changed = Array.from(theirs.keys()).filter((at) => ours[at] !== theirs[at]);
    expect(changed.map((at) => [theirs[at], ours[at]])).toEqual([[1, 3]]);
  });

  it("is not made of a module whose memory is another than expected", () => {
    const made = withSharedMemory(moduleWith(5, 4, 1, 1, 1, 2));
    expect(Array.from(made.subarray(8))).toEqual([5, 4, 1, 3, 1, 2]);
    expect(() => withSharedMemory(moduleWith(5, 3, 1, 0, 1))).toThrow(/one memory with flags 1/);
    expect(() => withSharedMemory(moduleWith(5, 4, 1, 3, 1, 2))).toThrow(/flags 3/);
    expect(() => withSharedMemory(moduleWith(0, 1, 0))).toThrow(/no memory/);
  });
});

interface Heap {
  readonly wasm: { readonly HEAPU8: Uint8Array };
}

describe("tensors on a shared heap", () => {
  it("keep their values when it grows, and can be read, copied, hashed and freed", async () => {
    const { tf, name: engine } = await tensorEngine();
    if (engine !== "wasm") return;
    const heap = () => (tf.backend() as unknown as Heap).wasm.HEAPU8.buffer;
    expect(heap()).toBeInstanceOf(SharedArrayBuffer);
    const before = tf.memory().numTensors;
    const values = Float32Array.from({ length: 1000 }, (_, k) => k / 7);
    const small = tf.tensor1d(values);
    const size = heap().byteLength;
    const large = tf.zeros([size / 4]);
    expect(heap().byteLength).toBeGreaterThan(size);
    const read = small.dataSync<"float32">();
    expect(read).toEqual(values);
    expect(read.buffer).toBeInstanceOf(ArrayBuffer);
    expect(sha256(new Uint8Array(read.buffer))).toBe(sha256(new Uint8Array(values.buffer)));
    expect(structuredClone(read)).toEqual(values);
    const more = tf.add(small, 1);
    expect((await more.data<"float32">())[1]).toBeCloseTo(1 + 1 / 7, 6);
    tf.dispose([small, large, more]);
    expect(tf.memory().numTensors).toBe(before);
  });
});
