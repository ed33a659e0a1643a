import fc from "fast-check";
import { expect, it } from "vitest";
import { createWorkspace, liveWorkspaces } from "../../lib/engine";
import { EngineMemory } from "../../lib/engine/memory";
import { ArrayWorkspace } from "../../lib/engine/workspace";
import { forms } from "./forms";

it.each(forms)("the $name form hands out zeros and copies", ({ workspace }) => {
  const room = workspace();
  room.float32(100).fill(3);
  room.dispose();
  const again = workspace();
  expect([...again.float32(100)]).toEqual(Array<number>(100).fill(0));
  expect(again.int32(3)).toEqual(new Int32Array(3));
  expect(again.float64(2)).toEqual(new Float64Array(2));
  const source = Float64Array.from([1, 2]);
  const copy = again.copyOf(source);
  source[0] = 9;
  expect([...copy]).toEqual([1, 2]);
  again.dispose();
});

it("counts live workspaces, and refuses a disposed one", () => {
  const before = liveWorkspaces();
  const room = createWorkspace();
  expect(liveWorkspaces()).toBe(before + 1);
  room.dispose();
  room.dispose();
  expect(liveWorkspaces()).toBe(before);
  expect(() => room.float32(1)).toThrow(/disposed/);
});

it("knows its arrays when another shared memory of the process has grown", () => {
  const memory = new EngineMemory();
  const room = new ArrayWorkspace(memory);
  const early = room.float32(10);
  new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true }).grow(1);
  const late = room.float32(10);
  expect(late.buffer).not.toBe(early.buffer); // as V8 has it; else this test shows nothing
  expect([early, late].map((array) => memory.owns(array.buffer))).toEqual([true, true]);
  expect(memory.owns(new Float32Array(10).buffer)).toBe(false);
});

it("keeps views valid when the memory grows", () => {
  const memory = new EngineMemory();
  const room = new ArrayWorkspace(memory);
  const early = room.float32(10).fill(1.5);
  const before = memory.buffer.byteLength;
  const late = room.float32(before);
  expect(memory.buffer.byteLength).toBeGreaterThan(before);
  expect([...early]).toEqual(Array<number>(10).fill(1.5));
  early[0] = 7; // the same bytes, seen through the larger buffer
  expect(new Float32Array(memory.buffer, early.byteOffset, 1)[0]).toBe(7);
  expect(memory.owns(early.buffer) && memory.owns(late.buffer)).toBe(true);
  expect(memory.owns(new ArrayBuffer(8))).toBe(false);
});

it("says what to do when 4 GiB do not suffice", () => {
  const memory = new EngineMemory();
  expect(() => memory.allocate(2 ** 32)).toThrow(/smaller batch/);
  expect(memory.takenBytes).toBe(0);
  memory.allocate(64);
});

it("never hands out overlapping or unaligned stretches, and gets everything back", () => {
  const calls = fc.array(fc.oneof(fc.integer({ min: 0, max: 300_000 }), fc.constant("release" as const)), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(calls, fc.infiniteStream(fc.nat()), (steps, picks) => {
      const memory = new EngineMemory();
      const taken: { start: number; bytes: number }[] = [];
      for (const step of steps) {
        if (step === "release") {
          const [released] = taken.splice(picks.next().value! % Math.max(1, taken.length), 1);
          if (released !== undefined) memory.release(released.start);
          continue;
        }
        const start = memory.allocate(step);
        expect(start % 16).toBe(0);
        expect(start).toBeGreaterThan(0);
        expect(start + step).toBeLessThanOrEqual(memory.buffer.byteLength);
        for (const other of taken)
          expect(start + step <= other.start || other.start + other.bytes <= start || step * other.bytes === 0).toBe(
            true,
          );
        taken.push({ start, bytes: step });
      }
      for (const { start } of taken) memory.release(start);
      expect(memory.takenBytes).toBe(0);
      // All of it is one free stretch again: what is left of the memory can be had at once.
      const size = memory.buffer.byteLength;
      memory.allocate(size - 16);
      expect(memory.buffer.byteLength).toBe(size);
    }),
    { numRuns: 50 },
  );
});

it("refuses to release what was never handed out", () => {
  expect(() => new EngineMemory().release(32)).toThrow(/byte 32/);
});
