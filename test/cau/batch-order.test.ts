import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { InvalidOptionError, Random } from "../../lib/core";
import { type CurriculumOptions, curriculumOrder } from "../../lib/cau";

const orderOf = (difficulty: readonly number[], options: Partial<CurriculumOptions>, seed = 1) =>
  curriculumOrder(
    Float64Array.from(difficulty),
    { sampling: "soft", temperature: 1, ...options },
    Random.fromSeed(seed),
  );

/** Mean difficulty of the first and the last of eight batches, over standard normal difficulties. */
function firstAndLast(options: Partial<CurriculumOptions>): [number, number] {
  const random = Random.fromSeed(7);
  const difficulty = Array.from({ length: 4000 }, () => random.normal());
  const order = [...orderOf(difficulty, options)].map((sample) => difficulty[sample]);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return [mean(order.slice(0, 500)), mean(order.slice(-500))];
}

describe("a curriculum", () => {
  const samplings = ["soft", "hard", "reversed", "random"] as const;
  property.prop([fc.array(fc.integer({ min: -5, max: 5 })), fc.constantFrom(...samplings)])(
    "visits every sample once",
    (difficulty, sampling) => {
      expect([...orderOf(difficulty, { sampling })].sort((a, b) => a - b)).toEqual([...difficulty.keys()]);
    },
  );

  it("goes from easy to hard, or back", () => {
    expect([...orderOf([3, -1, 2], { sampling: "hard" })]).toEqual([1, 2, 0]);
    expect([...orderOf([3, -1, 2], { sampling: "reversed" })]).toEqual([0, 2, 1]);
  });

  it("is the hard order when the temperature comes to nothing, whatever the seed", () => {
    const difficulty = [3, -1, 2, 0.5, 10];
    for (const seed of [1, 2, 3])
      expect(orderOf(difficulty, { temperature: 1e-9 }, seed)).toEqual(orderOf(difficulty, { sampling: "hard" }));
  });

  it("softens with the temperature, from the hard order to a random one", () => {
    const hard = firstAndLast({ sampling: "hard" });
    const [cold, warm, hot] = [0.1, 1, 1e6].map((temperature) => firstAndLast({ temperature }));
    expect(cold[0]).toBeCloseTo(hard[0], 1);
    expect(warm[0]).toBeGreaterThan(-1.1); // between the two: about -0.84 and 1.24 for eight batches of 500
    expect(warm[0]).toBeLessThan(-0.6);
    expect(warm[1]).toBeGreaterThan(1);
    expect(Math.abs(hot[0])).toBeLessThan(0.2);
  });

  it("draws the likelier sample first as often as its weight says", () => {
    // two samples at ±1 standard deviation: P(easy first) = e / (e + 1/e)
    let easyFirst = 0;
    for (let seed = 0; seed < 2000; seed++) easyFirst += Number(orderOf([0, 1], {}, seed)[0] === 0);
    expect(easyFirst / 2000).toBeCloseTo(Math.E / (Math.E + 1 / Math.E), 1);
  });

  it("refuses options it does not know", () => {
    expect(() => orderOf([1], { temperature: 0 })).toThrow(InvalidOptionError);
    expect(() => orderOf([1], { sampling: "easy" as "hard" })).toThrow(InvalidOptionError);
  });
});
