import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { inRepository } from "recsys-unlearning/core";

const folder = inRepository(".cache", `guides-${process.pid}`); // inside the checkout, so that its packages are found
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("the guides of lib/README.md compile as they stand, and run", () => {
  const text = readFileSync(inRepository("lib", "README.md"), "utf8");
  const files = [...text.matchAll(/```ts file=(\S+)\n([^]*?)```/g)].map(([, name, content]) => ({ name, content }));
  expect(files.map(({ name }) => name)).toEqual([
    "my-dataset.ts",
    "my-metric.ts",
    "my-method.ts",
    "forget-twice.ts",
    "my-model.ts",
    "my-view.ts",
    "my-paper.ts",
  ]);
  mkdirSync(folder, { recursive: true });
  for (const { name, content } of files) {
    expect(content.split("\n").length).toBeLessThan(60);
    writeFileSync(join(folder, name), content);
  }
  const compilerOptions = { composite: false, declaration: false, outDir: "out", rootDir: "." };
  const config = {
    extends: "../../tsconfig.json",
    compilerOptions,
    files: files.map(({ name }) => name),
    references: [],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  execFileSync(process.execPath, [inRepository("node_modules", "typescript", "bin", "tsc"), "-p", folder], {
    stdio: "inherit",
  });
  const output = execFileSync(process.execPath, [join(folder, "out", "my-view.js")], { encoding: "utf8" });
  expect(output).toMatch(/Original +0\.\d{4} ± /);
  expect(output).toMatch(/Shrink users +0\.\d{4} ± /);
  expect(output).toMatch(/popularity of item 0: -?\d\.\d\d/);
});
