import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { CorruptFileError, Random } from "recsys-unlearning/core";

const draws = (random: Random, count = 8) => Array.from({ length: count }, () => random.uniform());

describe("Random", () => {
  property.prop([fc.integer(), fc.array(fc.oneof(fc.string(), fc.integer()))])(
    "gives the same stream for the same seed and labels",
    (seed, labels) => {
      expect(draws(Random.derive(seed, ...labels))).toEqual(draws(Random.derive(seed, ...labels)));
    },
  );

  it("gives streams of their own for other seeds, labels and splits of labels", () => {
    const streams = [
      Random.fromSeed(1),
      Random.fromSeed(2),
      Random.derive(1, "a"),
      Random.derive(1, "a", "b"),
      Random.derive(1, "ab"),
      Random.derive(1, "1"),
      Random.derive(1, 1),
    ];
    expect(new Set(streams.map((random) => JSON.stringify(draws(random)))).size).toBe(streams.length);
  });

  property.prop([fc.integer(), fc.nat(9)])("goes on from a state as if it had never stopped", (seed, before) => {
    const random = Random.fromSeed(seed);
    for (let i = 0; i < before; i++) random.normal(); // an odd number leaves half a pair
    const continued = Random.fromState(JSON.parse(JSON.stringify(random.state())) as ReturnType<Random["state"]>);
    const rest = (one: Random) => [one.normal(), one.uniform(), one.integer(1000), one.normal()];
    expect(rest(continued)).toEqual(rest(random));
  });

  it.each([[[1, 2, 3]], [[1, 2, 3, 0.5]], ["1234"]])("refuses the state %j", (generator) => {
    const state = { generator: generator as number[], spareNormal: null };
    expect(() => Random.fromState(state)).toThrow(CorruptFileError);
  });

  property.prop([fc.integer(), fc.integer({ min: 1, max: 2 ** 31 })])("stays in its bounds", (seed, bound) => {
    const random = Random.fromSeed(seed);
    for (let i = 0; i < 20; i++) {
      const [share, whole] = [random.uniform(), random.integer(bound)];
      expect(share >= 0 && share < 1).toBe(true);
      expect(Number.isInteger(whole) && whole >= 0 && whole < bound).toBe(true);
    }
  });

  property.prop([fc.integer(), fc.array(fc.integer())])("shuffles in place and loses nothing", (seed, values) => {
    const shuffled = [...values];
    expect(Random.fromSeed(seed).shuffle(shuffled)).toBe(shuffled);
    expect(shuffled.sort((a, b) => a - b)).toEqual([...values].sort((a, b) => a - b));
  });

  property.prop([fc.integer(), fc.nat(200), fc.nat(200)])("samples different numbers below the bound", (seed, a, b) => {
    const [count, bound] = [Math.min(a, b), Math.max(a, b)];
    const sample = Random.fromSeed(seed).sample(bound, count);
    expect(sample.length).toBe(count);
    expect(new Set(sample).size).toBe(count);
    expect(sample.every((value) => value >= 0 && value < bound)).toBe(true);
  });

  it("refuses a sample larger than what there is", () => {
    expect(() => Random.fromSeed(1).sample(3, 4)).toThrow(RangeError);
  });

  it("shuffles evenly: each of 6 orders as often as the others", () => {
    const random = Random.fromSeed(7);
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = random.shuffle([1, 2, 3]).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    const squares = [...counts.values()].map((count) => (count - 1000) ** 2 / 1000);
    expect(counts.size).toBe(6);
    expect(squares.reduce((a, b) => a + b)).toBeLessThan(20.5); // chi-squared, 5 degrees of freedom, p = 0.001
  });

  it("draws normals of mean 0 and the deviation asked for", () => {
    const values = Random.fromSeed(3).fillNormal(new Float32Array(40_000), 2);
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length);
    expect(Math.abs(mean)).toBeLessThan(0.04); // four standard errors
    expect(Math.abs(deviation - 2)).toBeLessThan(0.03);
  });
});
