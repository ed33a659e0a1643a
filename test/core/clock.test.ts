import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Stopwatch } from "recsys-unlearning/core";

describe("Stopwatch", () => {
  let now: number;
  beforeEach(() => {
    now = 1000;
    vi.spyOn(performance, "now").mockImplementation(() => now);
  });
  afterEach(() => vi.restoreAllMocks());

  const taking = (ms: number) => () => {
    now += ms;
    return ms;
  };

  it("adds up the seconds of each stage, in the order they were first entered", async () => {
    const watch = new Stopwatch();
    expect(watch.total()).toBe(0);
    expect(watch.time("solve", taking(500))).toBe(500);
    expect(await watch.timeAsync("load", () => Promise.resolve(taking(2000)()))).toBe(2000);
    watch.time("solve", taking(250));
    expect(Object.entries(watch.seconds())).toEqual([
      ["solve", 0.75],
      ["load", 2],
    ]);
    expect(watch.total()).toBe(2.75);
  });

  it("counts what failed too", async () => {
    const watch = new Stopwatch();
    const failing = () => {
      now += 1000;
      throw new Error("no luck");
    };
    expect(() => watch.time("one", failing)).toThrow("no luck");
    await expect(watch.timeAsync("two", async () => failing())).rejects.toThrow("no luck");
    expect(watch.seconds()).toEqual({ one: 1, two: 1 });
  });
});
