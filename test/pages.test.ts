import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { inRepository } from "recsys-unlearning/core";

const roots = [
  ".github",
  "bench",
  "binder",
  "data",
  "docs",
  "figures/paper",
  "kernel",
  "lib",
  "notebooks",
  "scripts",
  "test",
];
const generated = /(^|\/)(dist|node_modules|docs\/api)\//;

/** Every Markdown page but the tables of figures/, which are made from records. */
const pages = [
  ...readdirSync(inRepository(".")),
  ...roots.flatMap((root) =>
    readdirSync(inRepository(root), { recursive: true, encoding: "utf8" }).map((path) => join(root, path)),
  ),
].filter((path) => path.endsWith(".md") && !generated.test(path));

const textOf = (page: string): string => readFileSync(inRepository(page), "utf8");

test.each(["update-readme", "draw-architecture", "draw-gallery", "draw-claims", "cite"])(
  "pages show what %s would write",
  (script) => {
    expect(() =>
      execFileSync(process.execPath, [inRepository("scripts", `${script}.mjs`), "--check"], { stdio: "pipe" }),
    ).not.toThrow();
  },
);

it("README.md is a door: under 120 lines", () => {
  expect(textOf("README.md").trim().split("\n").length).toBeLessThan(120);
});

describe.each(pages)("%s", (page) => {
  it("has prose in lines of at most 120 characters", () => {
    const prose = textOf(page)
      .replace(/<!-- table: [^]*?<!-- \/table -->/g, "")
      .replace(/^```[^]*?^```$/gm, "")
      .split("\n")
      .filter((line) => !/^(\|| {4})/.test(line));
    expect(prose.filter((line) => line.length > 120)).toEqual([]);
  });

  it("links to files that exist", () => {
    const targets = [...textOf(page).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, target]) => target);
    const local = targets.filter((target) => !/^[a-z]+:/.test(target));
    expect(local.filter((target) => !existsSync(inRepository(dirname(page), target)))).toEqual([]);
  });
});
