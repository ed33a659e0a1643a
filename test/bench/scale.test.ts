import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { InvalidOptionError } from "recsys-unlearning/core";
import { readInteractions } from "recsys-unlearning/data";
import { sizeOf, writeMadeUp } from "../../bench/scale/made-up";
import { fitsBudget, sizesUpTo } from "../../bench/scale/sizes";

describe("sizesUpTo", () => {
  it("goes up by half powers of ten to the largest", () => {
    expect(sizesUpTo(2e7)).toEqual([1e5, 3e5, 1e6, 3e6, 1e7, 2e7]);
    expect(sizesUpTo(1e6)).toEqual([1e5, 3e5, 1e6]);
    expect(sizesUpTo(5000)).toEqual([5000]);
  });

  it("refuses what is no size", () => {
    expect(() => sizesUpTo(NaN)).toThrow(InvalidOptionError);
    expect(() => sizesUpTo(10)).toThrow(InvalidOptionError);
  });
});

describe("fitsBudget", () => {
  it("expects cost in proportion, and always begins the first", () => {
    expect(fitsBudget(3e5, { rows: 1e5, seconds: 10 }, 30)).toBe(true);
    expect(fitsBudget(3e5, { rows: 1e5, seconds: 10 }, 29)).toBe(false);
    expect(fitsBudget(1e5, null, 0)).toBe(true);
  });
});

describe("writeMadeUp", () => {
  it("writes a file of that size that reads back, the same each time", async () => {
    const folder = mkdtempSync(join(tmpdir(), "bench-made-up-"));
    const size = sizeOf(30_000, { rows: 2e7, users: 1e6 });
    expect(size).toEqual({ rows: 30_000, users: 1500, items: 300 });
    const [one, two] = ["one.csv", "two.csv"].map((name) => join(folder, name));
    await writeMadeUp(one, size);
    await writeMadeUp(two, size);
    expect(readFileSync(one).equals(readFileSync(two))).toBe(true);
    const { interactions } = await readInteractions(one);
    expect(interactions.user.length).toBe(size.rows);
    expect(interactions.userCount).toBe(size.users);
    expect(interactions.itemCount).toBe(size.items);
    const liked = interactions.label.filter((stars) => stars > 3).length / size.rows;
    expect(liked).toBeGreaterThan(0.4); // both classes, so that an AUC is defined
    expect(liked).toBeLessThan(0.6);
  });
});
