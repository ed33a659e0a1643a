// Estimates of what training gives, on a training whose truth is known: each row adds its own part to each output.
import { afterEach, describe, expect, it } from "vitest";
import { CancelledError, InvalidArgumentError, InvalidOptionError, Random, setCurrentSignal } from "../../lib/core";
import { type AttributionScores, datamodelingScore, type Estimate, leaveOut } from "../../lib/audits";

const [rowCount, outputs] = [60, 8];
const random = Random.fromSeed(5);
const parts = Array.from({ length: rowCount }, () => Float64Array.from({ length: outputs }, () => random.normal()));
const others = Array.from({ length: rowCount }, () => Float64Array.from({ length: outputs }, () => random.normal()));

const sumOf = (rows: Int32Array, of: readonly Float64Array[]) =>
  Float32Array.from({ length: outputs }, (_, output) => rows.reduce((sum, row) => sum + of[row][output], 0));

/** @param noise standard deviation of what a training adds by its seed */
const task = (noise: number, given = rowCount) => ({
  rowCount: given,
  retrain: (rows: Int32Array, seed: number) => {
    const chance = Random.derive(seed, ...rows);
    return Promise.resolve(sumOf(rows, parts).map((value) => value + noise * chance.normal()));
  },
});

const estimates: Readonly<Record<string, Estimate>> = {
  exact: (kept) => sumOf(kept, parts),
  "of what is left out": (_, left) => sumOf(left, parts).map((value) => -value),
  "the wrong way round": (kept) => sumOf(kept, parts).map((value) => -value),
  "something else": (kept) => sumOf(kept, others),
  constant: () => new Float32Array(outputs),
};
const scoresOf = ({ estimates: found }: AttributionScores) =>
  Object.fromEntries(Object.entries(found).map(([name, { score }]) => [name, score]));

describe("the datamodeling score", () => {
  it("is 1 for what training gives to the order, and -1 the wrong way round", async () => {
    const found = await datamodelingScore(task(0), estimates, { keptShare: 0.5, subsets: 40, retrainings: 2 });
    const { constant, ...scores } = scoresOf(found);
    expect(scores["exact"]).toBeCloseTo(1, 9);
    expect(scores["of what is left out"]).toBeCloseTo(1, 2);
    expect(scores["the wrong way round"]).toBeCloseTo(-1, 9);
    expect(Math.abs(scores["something else"] ?? 1)).toBeLessThan(0.35);
    expect(constant).toBeNull();
    expect(found.ceiling?.score).toBeCloseTo(1, 9);
  });

  it("says what another training reaches, which chance limits", async () => {
    const noisy = await datamodelingScore(task(3), estimates, { keptShare: 0.5, subsets: 60, retrainings: 5 });
    const [exact, ceiling] = [noisy.estimates["exact"], noisy.ceiling];
    expect(ceiling?.score).toBeGreaterThan(0.3);
    expect(ceiling?.score).toBeLessThan(0.85);
    expect(exact.score).toBeGreaterThan(ceiling?.score ?? 1); // it has no chance of its own
    expect(exact.interval?.[0]).toBeLessThan(exact.score ?? 0);
    expect(exact.interval?.[1]).toBeGreaterThan(exact.score ?? 1);
    expect((await datamodelingScore(task(3), {}, { subsets: 3, retrainings: 1 })).ceiling).toBeNull();
  });

  it("is the same for the same seed, and draws other subsets for another", async () => {
    const once = async (seed: number) => {
      const seen: string[] = [];
      const watching = {
        ...task(1),
        retrain: (rows: Int32Array, own: number) => (seen.push(rows.join()), task(1).retrain(rows, own)),
      };
      const found = await datamodelingScore(watching, estimates, { subsets: 5, retrainings: 2, seed });
      return { found, seen };
    };
    const [first, again, other] = [await once(1), await once(1), await once(2)];
    expect(again).toEqual(first);
    expect(other.seen).not.toEqual(first.seen);
    for (const rows of first.seen) expect(rows.split(",")).toHaveLength(54);
    expect(new Set(first.seen).size).toBe(5);
  });

  it("shows itself as a table with the ceiling last", async () => {
    const found = await datamodelingScore(task(1), { exact: estimates["exact"] }, { subsets: 10, retrainings: 2 });
    const shown = found.table();
    expect(shown.rows.map(({ estimate }) => estimate)).toEqual(["exact", "another training"]);
    expect(shown.toText()).toMatch(/90 % of 60 rows kept: .* of 2 trainings, over 10 cases/);
  });
});

it("a training may give its outputs in one array again and again", async () => {
  const shared = new Float32Array(outputs);
  const reusing = {
    rowCount,
    retrain: (rows: Int32Array) => (shared.set(sumOf(rows, parts)), Promise.resolve(shared)),
  };
  const { estimates: found, ceiling } = await datamodelingScore(reusing, { exact: estimates["exact"] }, { subsets: 9, retrainings: 2 }); // prettier-ignore
  expect(found["exact"].score).toBeCloseTo(1, 9);
  expect(ceiling?.score).toBeCloseTo(1, 9);
});

describe("leaving rows out", () => {
  const deletions = Array.from({ length: 20 }, (_, k) => Int32Array.of(k, k + 20, k + 40));
  const change: Estimate = (_, left) => sumOf(left, parts).map((value) => -value);

  it("is held to the change against a training on all rows of the same seed", async () => {
    const found = await leaveOut(task(0), deletions, { exact: change, "something else": estimates["something else"] });
    expect(found.estimates["exact"].score).toBeGreaterThan(0.999);
    expect(Math.abs(found.estimates["something else"].score ?? 1)).toBeLessThan(0.45);
  });

  it("refuses rows that are not there, not ascending, all or none", async () => {
    const refused = async (rows: number[], message: RegExp) => {
      const asked = [...deletions.slice(0, 3), Int32Array.from(rows)];
      await expect(leaveOut(task(0), asked, {})).rejects.toThrow(InvalidArgumentError);
      await expect(leaveOut(task(0), asked, {})).rejects.toThrow(message);
    };
    await refused([2, 1], /deletion 3: row 1 is not there, or not above/);
    await refused([60], /deletion 3: row 60/);
    await refused([], /it has 0 of the 60 rows/);
    await refused(Array.from({ length: 60 }, (_, row) => row), /it has 60 of the 60 rows/); // prettier-ignore
    await expect(leaveOut(task(0), deletions.slice(0, 2), {})).rejects.toThrow(/2 deletions/);
  });
});

describe("what goes wrong", () => {
  afterEach(() => setCurrentSignal(undefined));

  it("is refused by name", async () => {
    const one: Estimate = () => Float32Array.of(1);
    await expect(datamodelingScore(task(0), { one }, { subsets: 3, retrainings: 1 })).rejects.toThrow(/1 outputs, where there were 8[^]*estimate "one"/); // prettier-ignore
    const bad = { rowCount, retrain: () => Promise.resolve(Float32Array.of(1, NaN)) };
    await expect(datamodelingScore(bad, {}, { subsets: 3 })).rejects.toThrow(/output 1 is NaN/);
    const three = [0, 1, 2].map((row) => Int32Array.of(row));
    const onAll = (values: number[]) => ({
      rowCount,
      retrain: (rows: Int32Array) => Promise.resolve(Float32Array.from(rows.length === rowCount ? values : [1, 2])),
    });
    await expect(leaveOut(onAll([NaN, 1]), three, {})).rejects.toThrow(/output 0 is NaN/);
    await expect(leaveOut(onAll([1]), three, {})).rejects.toThrow(/2 outputs, where there were 1 before/);
    await expect(datamodelingScore(task(0), {}, { keptShare: 1 })).rejects.toThrow(/60 would stay/);
    await expect(datamodelingScore(task(0), {}, { subset: 3 } as never)).rejects.toThrow(InvalidOptionError);
  });

  it("ends by name when it is interrupted", async () => {
    setCurrentSignal(AbortSignal.abort());
    await expect(datamodelingScore(task(0), {}, { subsets: 3 })).rejects.toThrow(CancelledError);
  });
});
