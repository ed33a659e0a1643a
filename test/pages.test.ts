import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { inRepository } from "recsys-unlearning/core";

const documents = readdirSync(inRepository("docs")).filter((name) => name.endsWith(".md"));
const pages = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", ...documents.map((name) => join("docs", name))];
const textOf = (page: string): string => readFileSync(inRepository(page), "utf8");

test.each(["update-readme", "draw-architecture"])("pages show what %s would write", (script) => {
  expect(() =>
    execFileSync(process.execPath, [inRepository("scripts", `${script}.mjs`), "--check"], { stdio: "pipe" }),
  ).not.toThrow();
});

it("README.md is a door: under 120 lines", () => {
  expect(textOf("README.md").trim().split("\n").length).toBeLessThan(120);
});

describe.each(pages)("%s", (page) => {
  it("has lines of at most 120 characters outside the tables that figures/ fills in", () => {
    const written = textOf(page).replace(/<!-- table: [^]*?<!-- \/table -->/g, "");
    expect(written.split("\n").filter((line) => line.length > 120)).toEqual([]);
  });

  it("links to files that exist", () => {
    const targets = [...textOf(page).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, target]) => target);
    const local = targets.filter((target) => !/^[a-z]+:/.test(target));
    expect(local.filter((target) => !existsSync(inRepository(dirname(page), target)))).toEqual([]);
  });
});
