import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  cacheFolder,
  commandLine,
  inRepository,
  inWorkFolder,
  libFolder,
  NotFoundError,
  repositoryFolder,
} from "recsys-unlearning/core";
import { packageFolder } from "../../lib/core/paths";

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("folders", () => {
  it("of the checkout do not depend on the current one", () => {
    expect(existsSync(inRepository("lib", "core", "paths.ts"))).toBe(true);
    expect(join(repositoryFolder(), "lib")).toBe(libFolder());
    expect(inWorkFolder("runs")).toBe(join(repositoryFolder(), "runs"));
  });

  it("of a package are found from any folder inside, past packages of other names", async () => {
    const root = await mkdtemp(join(tmpdir(), "core-paths-"));
    try {
      const inner = join(root, "node_modules", "other", "dist", "deep");
      await mkdir(inner, { recursive: true });
      await writeFile(join(root, "package.json"), '{ "name": "outer" }');
      await writeFile(join(root, "node_modules", "other", "package.json"), '{ "name": "other" }');
      expect(packageFolder("outer", inner)).toBe(root);
      expect(packageFolder("other", inner)).toBe(join(root, "node_modules", "other"));
      expect(() => packageFolder("neither", inner)).toThrow(NotFoundError);
    } finally {
      await rm(root, { recursive: true });
    }
  });
});

it("a command is started by npm in a checkout", () => {
  expect(commandLine("data")).toBe("npm run data --");
});

describe("the cache folder", () => {
  it.each([
    ["/own", "/base", "/own"],
    ["", "/base", join("/base", "recsys-unlearning")],
    ["", "", join(homedir(), ".cache", "recsys-unlearning")],
  ])("with RECSYS_CACHE=%j and XDG_CACHE_HOME=%j is %s", (own, base, folder) => {
    vi.stubEnv("RECSYS_CACHE", own);
    vi.stubEnv("XDG_CACHE_HOME", base);
    expect(cacheFolder()).toBe(folder);
  });
});
