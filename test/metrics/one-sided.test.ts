import { fc, test } from "@fast-check/vitest";
import { expect, it } from "vitest";
import { oneSidedTTest, summarise } from "recsys-unlearning/metrics";

/** P(T > t) of Student's t in closed form, for n - 1 = 1, 2 and 3 degrees of freedom. */
const upperTail: readonly ((t: number) => number)[] = [
  (t) => 0.5 - Math.atan(t) / Math.PI,
  (t) => 0.5 - t / (2 * Math.sqrt(2 + t * t)),
  (t) => 0.5 - (t / Math.sqrt(3) / (1 + (t * t) / 3) + Math.atan(t / Math.sqrt(3))) / Math.PI,
];

const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 4 });

test.prop([values, fc.integer({ min: -500, max: 500 })])("is the tail of Student's t", (whole, bound) => {
  fc.pre(whole.some((value) => value !== whole[0]));
  const { mean, sd, n } = summarise(whole);
  const t = (mean - bound) / (sd! / Math.sqrt(n));
  const { above, below } = oneSidedTTest(whole, bound);
  expect(above).toBeCloseTo(upperTail[n - 2](t), 9);
  expect(below).toBeCloseTo(upperTail[n - 2](-t), 9);
});

it("puts values that are all the same on the side they are on, or on neither", () => {
  expect(oneSidedTTest([2, 2, 2], 1)).toEqual({ above: 0, below: 1 });
  expect(oneSidedTTest([2, 2, 2], 3)).toEqual({ above: 1, below: 0 });
  expect(oneSidedTTest([2, 2, 2], 2)).toEqual({ above: 1, below: 1 });
});

it("cannot test one value, or one that is not finite", () => {
  expect(() => oneSidedTTest([1], 0)).toThrow("two pairs or more");
  expect(() => oneSidedTTest([1, NaN], 0)).toThrow("values[1] is NaN");
});
