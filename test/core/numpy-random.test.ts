import * as core from "recsys-unlearning/core";
import { expect, test } from "vitest";

// What numpy's RandomState(1024) gives.
test("MT19937 gives numpy's first outputs", () => {
  expect(core.mersenneTwisterOutputs(1024, 5)).toEqual([2781812667, 1825252241, 4281711201, 3018689004, 2228243045]);
});

test.each([
  [10, [2, 3, 7, 0, 6, 8, 5, 4, 9, 1]],
  [1000, [570, 246, 619, 639, 467, 181, 789, 33]],
  [1689188, [1362397, 370928, 571504, 323898, 508790, 595589, 1190070, 301869]],
])("shuffling %i indices starts as numpy's shuffle does", (length, start) => {
  const shuffled = core.numpyShuffledIndices(length, 1024);
  expect([...shuffled.subarray(0, start.length)]).toEqual(start);
  expect(
    shuffled
      .slice()
      .sort()
      .every((index, i) => index === i),
  ).toBe(true);
});
