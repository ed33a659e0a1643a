// What figures/ may hold under version control, so that a clone stays small and a change of a result stays readable.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, extname } from "node:path";
import { describe, expect, it } from "vitest";
import { inRepository, repositoryFolder, sha256 } from "../../lib/core";
import { type Sidecar, shownPictures } from "../../lib/figures";
import { keptPaths } from "../experiments/kept-files";

const kept = keptPaths().filter((path) => existsSync(inRepository(path)));
const records = (path: string) => path.startsWith("figures/records/");
const paperKit = (path: string) => path.startsWith("figures/paper/"); // sources of documents: paper-kit.test.ts
const levels = (path: string) => path.startsWith("figures/levels/"); // records and their table: kept-levels.test.ts
const results = kept.filter((path) => !records(path) && !paperKit(path) && !levels(path));

describe("what is kept of figures", async () => {
  const shown = await shownPictures();

  it("holds no format but those that people read or compare", () => {
    const others = results.filter((path) => ![".svg", ".json", ".md", ".csv", ".tex", ".png"].includes(extname(path)));
    expect(others).toEqual([]);
  });

  it("holds the PNGs that pages show, all of them and no others", () => {
    const pictures = results.filter((path) => path.endsWith(".png"));
    expect(pictures.length).toBeGreaterThan(0);
    expect(pictures.sort()).toEqual([...shown].filter((path) => path.endsWith(".png")).sort());
  });

  it("is small: below 8 MB beside the records", () => {
    const bytes = results.reduce((sum, path) => sum + statSync(inRepository(path)).size, 0);
    expect(bytes).toBeLessThan(8e6);
  });

  it("is what the sidecars say, byte for byte", () => {
    const wrong = results.filter((path) => extname(path) !== ".json").filter((path) => !isAsItsSidecarSays(path));
    expect(wrong).toEqual([]);
  });

  it("is hidden by no rule of .gitignore", () => {
    const asked = { cwd: repositoryFolder(), input: kept.join("\n"), encoding: "utf8" } as const;
    const ignored = () => execFileSync("git", ["check-ignore", "--no-index", "--stdin"], asked);
    expect(ignored).toThrow(expect.objectContaining({ status: 1, stdout: "" }) as Error); // 1: none is
  });
});

function isAsItsSidecarSays(path: string): boolean {
  const name = basename(path);
  const sidecar = inRepository(dirname(path), `${name.slice(0, -extname(name).length)}.json`);
  const { files } = JSON.parse(readFileSync(sidecar, "utf8")) as Sidecar;
  return files[name] === sha256(readFileSync(inRepository(path)));
}
