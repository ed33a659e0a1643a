import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { inRepository } from "recsys-unlearning/core";
import { keptResult, type RunRecord, type SelectedResult, selectResult } from "recsys-unlearning/experiments";
import { type Reproducibility, reproducibilityLatex, reproducibilityOf } from "recsys-unlearning/figures";
import { builtInParts, views } from "recsys-unlearning/reproduction";

/** The lines of a kept file, read without the code under test. */
function linesOf(view: string): {
  commits: (string | null)[];
  runs: (Omit<RunRecord, "environment"> & { environment: number })[];
} {
  const [header, ...runs] = readFileSync(inRepository("figures", "records", `${view}-full.jsonl`), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  return { commits: header.environments.map(({ commit }: { commit: string | null }) => commit), runs };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const selected = async (view: string, selection: Parameters<typeof selectResult>[2] = {}): Promise<SelectedResult> =>
  selectResult((await keptResult(views[view], builtInParts))!, builtInParts, selection);

describe("how results were computed", () => {
  const view = "ifru-ablation";
  let whole: SelectedResult;
  let facts: Reproducibility;

  beforeAll(async () => {
    whole = await selected(view);
    facts = reproducibilityOf([whole], builtInParts);
  });

  it("is what the records say: runs, seeds, commits, time and data", () => {
    const { commits, runs } = linesOf(view);
    expect(facts.experiments).toEqual([view]);
    expect(facts.runs).toBe(runs.length);
    expect(facts.seeds).toEqual([...new Set(runs.map(({ config }) => config.seed))].sort((a, b) => a - b));
    const byCommit = new Map(facts.commits.map(({ value, runs: count }) => [value, count]));
    for (const [at, commit] of commits.entries()) {
      const same = runs.filter(({ environment }) => commits[environment] === commits[at]).length;
      expect(byCommit.get(commit)).toBe(same);
    }
    expect(sum(facts.commits.map(({ runs: count }) => count))).toBe(runs.length);
    const requests = sum(runs.flatMap(({ seconds }) => Object.values(seconds)));
    expect(facts.seconds - facts.preparationSeconds).toBeCloseTo(requests, 6);
    expect(facts.data.map(({ sha256 }) => sha256)).toEqual([...new Set(runs.map(({ dataHash }) => dataHash))]);
  });

  it("counts a preparation once, however many runs rest on it", () => {
    const { runs } = linesOf(view);
    const noted = runs.flatMap(({ config, preparation = {} }) =>
      Object.entries(preparation).map(([stage, seconds]) => ({ of: `${config.seed} ${stage} ${seconds}`, seconds })),
    ); // one dataset and one model in this view
    const once = new Map(noted.map(({ of, seconds }) => [of, seconds]));
    expect(facts.preparationSeconds).toBeCloseTo(sum([...once.values()]), 6);
    expect(once.size).toBeLessThan(noted.length);
  });

  it("counts a run of two views or selections once", () => {
    expect(reproducibilityOf([whole, whole], builtInParts)).toEqual(facts);
  });

  it("is of the runs that a selection shows and those they are compared with", async () => {
    const part = reproducibilityOf([await selected(view, { method: "ifru", seeds: [1, 3] })], builtInParts);
    expect(part.seeds).toEqual([1, 3]);
    expect(part.runs).toBeLessThan(facts.runs);
    const { runs } = linesOf(view);
    const wanted = ["ifru", "original", "retrain", "retrain-again"];
    const shown = runs.filter(({ config }) => [1, 3].includes(config.seed) && wanted.includes(config.method));
    expect(part.runs).toBe(shown.length);
    expect(reproducibilityLatex(part)).toContain("\\newcommand{\\reproSeeds}{1 and 3}");
  });
});

describe("the paragraph", () => {
  const facts: Reproducibility = {
    experiments: ["a-view"],
    runs: 12345,
    seeds: [1, 2, 3],
    seedsPerRow: [2, 3],
    software: { name: "recsys-unlearning", version: "1.2.3" },
    engines: ["wasm"],
    commits: [
      { value: "0123456789abcdef", runs: 12344 },
      { value: null, runs: 1 },
    ],
    uncommitted: 0,
    codeVersions: [{ value: "c0de", runs: 12345 }],
    heldToLaterCode: 0,
    nodes: [{ value: "v22.1.0", runs: 12345 }],
    machines: [
      { value: { cpu: "A & B_C %", cores: 2, platform: "linux-x64" }, runs: 12000 },
      { value: { cpu: "D", cores: 8, platform: "linux-arm64" }, runs: 345 },
    ],
    seconds: 4000,
    preparationSeconds: 0,
    data: [{ labels: ["ML-100K", "ML-100K sessions"], sha256: "f".repeat(64) }],
  };
  const valueOf = (name: string, given = facts) =>
    new RegExp(`\\\\newcommand\\{\\\\repro${name}\\}\\{(.*)\\}`).exec(reproducibilityLatex(given))?.[1];

  it("has a command for each fact, escaped", () => {
    expect(valueOf("Runs")).toBe("12\\,345");
    expect(valueOf("Seeds")).toBe("1 to 3");
    expect(valueOf("SeedsPerRow")).toBe("2 to 3");
    expect(valueOf("Node")).toBe("22.1.0");
    expect(valueOf("Machine")).toBe(
      "A \\& B\\_C \\% with 2 cores, linux-x64 (12\\,000 runs) and D with 8 cores, linux-arm64 (345 runs)",
    );
    expect(valueOf("Commits")).toBe("\\texttt{0123456} and unknown");
    expect(valueOf("Data")).toBe("ML-100K and ML-100K sessions \\texttt{ffffffffffff}");
    expect([valueOf("Hours"), valueOf("Hours", { ...facts, seconds: 3600 * 1234.5 })]).toEqual(["1.1", "1\\,235"]);
  });

  it("says what it does not count, and of changes and preparations only where there are some", () => {
    const text = reproducibilityLatex(facts);
    expect(text).toContain("leaves out reading data");
    expect(text).not.toMatch(/not committed|held to later code|for preparations/);
    const some = reproducibilityLatex({ ...facts, uncommitted: 2, heldToLaterCode: 3, preparationSeconds: 100 });
    expect(some).toMatch(/not committed[^]*held to later code[^]*for preparations/);
  });

  it("uses no command that it does not define", () => {
    const text = reproducibilityLatex({ ...facts, uncommitted: 2, heldToLaterCode: 3, preparationSeconds: 100 });
    const [, paragraph] = text.split("\\newcommand{\\reproducibility}");
    for (const [, name] of paragraph.matchAll(/\\(repro\w+)\{\}/g)) expect(text).toContain(`\\newcommand{\\${name}}`);
  });

  it("names six commits at most, and counts the others", () => {
    const commits = Array.from({ length: 9 }, (_, i) => ({ value: `${i}`.repeat(40), runs: 9 - i }));
    expect(valueOf("Commits", { ...facts, commits })).toMatch(/\\texttt\{5555555\} and 3 others$/);
    expect(reproducibilityLatex({ ...facts, commits })).toContain(`% commit ${"8".repeat(40)}, runs: 1\n`);
  });
});
