import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { clearOutput, page, time, type Timed } from "recsys-unlearning/notebook";
import { setNotebookChannel } from "recsys-unlearning/core";
import { FakeChannel } from "./fake-channel";

const lines: string[] = [];
beforeEach(() => {
  lines.length = 0;
  vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
});
afterEach(() => {
  vi.restoreAllMocks();
  setNotebookChannel(undefined);
});

const shape = /^fit: [\d.]+ m?s \(CPU [\d.]+ m?s\)$/;
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("time", () => {
  test("returns what the work returns, and prints one line", () => {
    expect(time("fit", () => 5)).toBe(5);
    expect(lines).toEqual([expect.stringMatching(shape)]);
  });

  test("waits for a promise before it prints", async () => {
    const done = time("fit", async () => (await wait(30), "done"));
    expect(lines).toEqual([]);
    expect(await done).toBe("done");
    expect(lines).toEqual([expect.stringMatching(shape)]);
  });

  test("without work it ends where it is told to, and says what it came to: a wait costs no CPU, a loop does", async () => {
    const waits: Timed[] = [];
    for (let n = 0; n < 5; n++) {
      const end = time("fit");
      await wait(60);
      waits.push(end());
    }
    const end = time("fit");
    for (const to = process.cpuUsage().user + 100_000; process.cpuUsage().user < to;);
    const loop = end();
    expect(Math.min(...waits.map(({ wall }) => wall))).toBeGreaterThan(0.055);
    // The process's collector and compiler, threads of their own, may compute beside some of them.
    expect(Math.min(...waits.map(({ cpu, wall }) => cpu / wall))).toBeLessThan(0.5);
    expect(loop.cpu).toBeGreaterThan(0.09);
  });

  test("failures are timed, named and thrown", async () => {
    const fail = () => {
      throw new RangeError("meant");
    };
    expect(() => time("fit", fail)).toThrow("meant");
    await expect(time("fit", async () => (await wait(1), fail()))).rejects.toThrow("meant");
    expect(lines).toEqual([expect.stringMatching(/\), failed$/), expect.stringMatching(/\), failed$/)]);
  });

  test("what is no function is refused", () => {
    expect(() => time("fit", Promise.resolve(1) as never)).toThrow(/the work of time\("fit"\) is not a function/);
  });
});

test("page and clearOutput reach the kernel; without one a page is printed", () => {
  page("text");
  clearOutput();
  expect(lines).toEqual(["text"]);
  const channel = new FakeChannel();
  page("text");
  clearOutput({ wait: true });
  clearOutput();
  expect(channel.pages).toEqual([{ data: { "text/plain": "text" }, metadata: {} }]);
  expect(channel.cleared).toEqual([true, false]);
});
