import { execFileSync, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { provenance, repositoryFolder, sha256 } from "recsys-unlearning/core";
import { commitOf, sourcesDiffer } from "../../lib/core/provenance";

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

it("an unpacked archive tells the commit that it is of, and not that of a clone that it lies in", async () => {
  const file = "lib/archive-commit.txt";
  await write(file, await readFile(join(repositoryFolder(), file), "utf8"));
  await write(".gitattributes", `${file} export-subst\n`);
  git("add", ".");
  git("commit", "--quiet", "-m", "archived");
  const commit = git("rev-parse", "HEAD").toString().trim();
  expect(commitOf(folder)).toEqual({ commit, dirty: false });

  await mkdir(join(folder, "unpacked"));
  expect(commitOf(join(folder, "unpacked"))).toEqual({ commit: null, dirty: null });
  execFileSync("tar", ["-x", "-C", join(folder, "unpacked")], { input: git("archive", "HEAD") });
  git("commit", "--quiet", "--allow-empty", "-m", "later");
  expect(commitOf(join(folder, "unpacked"))).toEqual({ commit, dirty: null });
});

it("a result tells its commit, lockfile and machine", async () => {
  const root = repositoryFolder();
  const { commit, dirty, lockfileSha256, node, platform, cpu, cores } = provenance();
  const { status, stdout } = spawnSync("git", ["rev-parse", "HEAD"], { cwd: root, encoding: "utf8" });
  expect([commit, dirty]).toEqual([status === 0 ? stdout.trim() : null, sourcesDiffer(root)]);
  expect(lockfileSha256).toBe(sha256(await readFile(join(root, "package-lock.json"))));
  expect([node, platform]).toEqual([process.version, `${process.platform}-${process.arch}`]);
  expect(cpu).not.toBe("");
  expect(cores).toBe(cpus().length);
});
