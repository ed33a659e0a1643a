import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { core } from "recsys-unlearning";
import { afterAll, beforeAll, expect, test } from "vitest";

const rows = 400_000;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "recsys-limits-"));
  const lines = ["user,item,rating,timestamp"];
  for (let row = 0; row < rows; row++)
    lines.push(`${row >> 3},B${(row * 2_654_435_761) % 200_000},${row % 6},${978300000 + row}`);
  await writeFile(join(folder, "large.csv.gz"), gzipSync(lines.join("\n")));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Reads the file in a process of its own and prints how much memory that took at its peak. */
const script = `
  const { readInteractions } = require(process.argv[1]);
  const before = process.resourceUsage().maxRSS;
  readInteractions(process.argv[2]).then(({ interactions: { user, item, label, time, users, items } }) => {
    const columns = [user, item, label, time].reduce((sum, column) => sum + column.byteLength, 0);
    const tables = [users, items].reduce((sum, map) => sum + map.byteLength, 0);
    const peakBytes = 1024 * (process.resourceUsage().maxRSS - before);
    console.log(JSON.stringify({ rows: user.length, columns, tables, peakBytes }));
  });`;

test("reading takes at most three times the columns and id tables, and 64 MB", () => {
  const built = core.inRepository("lib", "dist", "data", "index.js");
  const args = ["-e", script, built, join(folder, "large.csv.gz")];
  const printed = execFileSync(process.execPath, args, { encoding: "utf8" });
  const { columns, tables, peakBytes, ...read } = JSON.parse(printed) as Record<string, number>;
  expect(read).toEqual({ rows });
  expect(columns).toBe(20 * rows);
  expect(tables).toBeGreaterThan(1e6);
  expect(peakBytes).toBeLessThan(3 * (columns + tables) + 64e6);
});
