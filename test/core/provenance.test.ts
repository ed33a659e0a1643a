import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { sourcesDiffer } from "../../lib/core/provenance";

let folder: string;
const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.org", ...args], { cwd: folder });
const write = async (path: string, text: string) => {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "checkout-"));
});
afterAll(() => rm(folder, { recursive: true }));

it("a result is dirty where tracked sources differ, whatever figures and pages do", async () => {
  expect(sourcesDiffer(folder)).toBeNull(); // no checkout
  const paths = ["lib/a.ts", "package.json", "figures/a.svg", "notebooks/a.ipynb", "docs/a.md", "README.md"];
  for (const path of paths) await write(path, "1");
  git("init", "--quiet");
  git("add", ".");
  git("commit", "--quiet", "-m", "one");
  expect(sourcesDiffer(folder)).toBe(false);
  for (const path of paths.slice(2)) await write(path, "2");
  expect(sourcesDiffer(folder)).toBe(false);
  await write("lib/a.ts", "2");
  expect(sourcesDiffer(folder)).toBe(true);
  git("commit", "--quiet", "-am", "two");
  await write("package.json", "2!");
  expect(sourcesDiffer(folder)).toBe(true);
});
