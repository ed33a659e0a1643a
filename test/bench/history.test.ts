import { appendFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CorruptFileError } from "recsys-unlearning/core";
import { addToHistory, type HistoryEntry, isCreeping, readHistory, trendsOf } from "../../bench/history";

const machine = { cpu: "Ours", cores: 2, simdBits: 256, nodeMajor: 20 };
function entry(ratio: number | null, change: Partial<HistoryEntry> = {}): HistoryEntry {
  const rows = [{ name: "adam", peerName: "PyTorch", ours: 1, peer: 1, ratio }];
  return { date: "2026-01-01T00:00:00.000Z", commit: null, machine, engine: "wasm", rows, ...change };
}
const entries = (...ratios: number[]) => ratios.map((ratio) => entry(ratio));

describe("trendsOf", () => {
  it("gives first, median and last", () => {
    const [trend] = trendsOf(entries(3, 1, 2));
    expect(trend).toMatchObject({ name: "adam", peerName: "PyTorch", runs: 3, first: 3, median: 2, last: 2 });
    expect(trend.change).toBeNull();
  });

  it("keeps machines and engines apart, and leaves out what has no ratio", () => {
    const other = { machine: { ...machine, cores: 4 } };
    const trends = trendsOf([entry(1), entry(2, other), entry(3, { engine: "cpu" }), entry(null), entry(4)]);
    expect(trends.map(({ runs }) => runs)).toEqual([2, 1, 1]);
    expect(trends[0].last).toBe(4);
  });
});

describe("isCreeping", () => {
  const isWarned = (...ratios: number[]) => isCreeping(trendsOf(entries(...ratios))[0]);

  it("warns when the last five are above the first five by more than 10 %", () => {
    expect(isWarned(1, 1, 1, 1, 1, 1.02, 1.04, 1.12, 1.12, 1.12)).toBe(true);
    expect(isWarned(1, 1, 1, 1, 1, 1.09, 1.09, 1.09, 1.09, 1.09)).toBe(false);
    expect(isWarned(2, 2, 2, 2, 2, 1, 1, 1, 1, 1)).toBe(false);
  });

  it("is not misled by one slow run, and waits for ten", () => {
    expect(isWarned(1, 1, 1, 1, 1, 1, 1, 1, 1, 9)).toBe(false);
    expect(isWarned(1, 1, 1, 1, 2, 2, 2, 2, 2)).toBe(false);
  });
});

describe("the history file", () => {
  const newFile = () => join(mkdtempSync(join(tmpdir(), "bench-history-")), "below", "history.jsonl");

  it("is empty before the first run and grows by a line with each", async () => {
    const file = newFile();
    expect(await readHistory(file)).toEqual([]);
    await addToHistory(entry(1), file);
    await addToHistory(entry(2), file);
    expect(await readHistory(file)).toEqual(entries(1, 2));
  });

  it("names a damaged line", async () => {
    const file = newFile();
    await addToHistory(entry(1), file);
    appendFileSync(file, '{"date": "20\n');
    await expect(readHistory(file)).rejects.toThrow(CorruptFileError);
    await expect(readHistory(file)).rejects.toThrow("history.jsonl:2");
  });
});
