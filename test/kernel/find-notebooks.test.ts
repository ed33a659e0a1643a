// Which notebooks a folder or a glob names.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findNotebooks } from "../../kernel/notebook/find-notebooks";
import { inRepository } from "../../lib/core";

let base: string;
const files = ["a.ipynb", "deep/b.ipynb", "course/nbgrader_config.py", "course/source/one/one.ipynb", "c.txt"];

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), "find-notebooks-"));
  for (const file of files) {
    mkdirSync(dirname(join(base, file)), { recursive: true });
    writeFileSync(join(base, file), "");
  }
});
afterAll(() => rmSync(base, { recursive: true }));

describe("a course's notebooks are assignments, not results", () => {
  const found = (...patterns: string[]) => findNotebooks(patterns, base).map((path) => relative(base, path));

  test("a folder above leaves them out", () => {
    expect(found(".")).toEqual(["a.ipynb", "deep/b.ipynb"]);
  });

  test("they are found where they are asked for", () => {
    const assignment = "course/source/one/one.ipynb";
    expect(found("course")).toEqual([assignment]);
    expect(found(assignment)).toEqual([assignment]);
    expect(found("course/**/*.ipynb")).toEqual([assignment]);
  });

  test("so the committed notebooks that are compared are none of the course's", () => {
    const compared = findNotebooks(["notebooks"], inRepository());
    expect(compared.length).toBeGreaterThan(10);
    expect(compared.filter((path) => path.includes("course"))).toEqual([]);
  });
});
