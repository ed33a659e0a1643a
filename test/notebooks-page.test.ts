import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { inRepository } from "recsys-unlearning/core";

const page = readFileSync(inRepository("notebooks", "README.md"), "utf8");

/** Those of the repository. What a course makes here (releases, submissions, results) is git-ignored and is not. */
const notebooks = readdirSync(inRepository("notebooks"), { recursive: true, encoding: "utf8" })
  .map((path) => path.split("\\").join("/"))
  .filter((path) => path.endsWith(".ipynb") && !path.includes(".ipynb_checkpoints"))
  .filter((path) => !path.startsWith("course/") || path.startsWith("course/source/"));

it("lists every notebook once, in a row of its own", () => {
  const rows = page.split("\n").filter((line) => line.startsWith("| ["));
  const listed = rows.map((row) => /^\| \[[^\]]+\]\(([^)]+)\)/.exec(row)?.[1]);
  expect(listed.sort()).toEqual(notebooks.sort());
});

it("says something of each, and no time that was typed in", () => {
  const rows = page.split("\n").filter((line) => line.startsWith("| ["));
  expect(rows.filter((row) => (row.split("|")[2] ?? "").trim().length < 10)).toEqual([]);
  expect(page.match(/\b\d+ (s|seconds?|min|minutes?|hours?)\b/g)).toBeNull();
});

it.each(notebooks.filter((path) => path.startsWith("explore/")))("%s has at most 12 code cells, below 1 MB", (path) => {
  const text = readFileSync(inRepository("notebooks", join(path)), "utf8");
  const { cells } = JSON.parse(text) as { cells: { cell_type: string }[] };
  expect(cells.filter(({ cell_type: type }) => type === "code").length).toBeLessThanOrEqual(12);
  expect(Buffer.byteLength(text)).toBeLessThan(1_000_000);
});
