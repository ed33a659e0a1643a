import { existsSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { resolveConfig } from "vitest/node";
import { inRepository } from "../lib/core";
import { areas } from "../scripts/mutants/areas.mjs";
import { drawn, keyOf, textAt } from "../scripts/mutants/sample.mjs";

describe("npm run test:mutants", () => {
  it("knows its areas and their tests by names that are there", () => {
    const paths = Object.values(areas).flatMap(({ folder, tests }) => [folder, ...tests]);
    expect(paths.filter((path) => !existsSync(inRepository(path)))).toEqual([]);
  });

  it("runs the tests of an area and no others", async () => {
    const include = ["test/metrics/**/*.test.ts"];
    vi.stubEnv("RECSYS_MUTANT_TESTS", JSON.stringify({ include, isolate: true }));
    const config = inRepository("scripts", "mutants", "vitest.config.mjs");
    const { vitestConfig } = await resolveConfig({ config, root: inRepository() });
    vi.unstubAllEnvs();
    expect(vitestConfig).toMatchObject({ include, isolate: true });
    expect(vitestConfig.projects).toBeUndefined(); // they name tests of their own
  });

  const mutants = Array.from({ length: 200 }, (_, k) => ({ name: `mutant ${k}` }));

  it("draws the same sample for the same seed, whatever the order, and a larger one that holds it", () => {
    const sample = drawn(mutants, 20, "1");
    expect(new Set(sample).size).toBe(20);
    expect(drawn([...mutants].reverse(), 20, "1")).toEqual(sample);
    expect(drawn(mutants, 50, "1").slice(0, 20)).toEqual(sample);
    expect(drawn(mutants, 20, "2")).not.toEqual(sample);
    expect(drawn(mutants.slice(0, 5), 20, "1")).toHaveLength(5);
  });

  it("keeps most of a sample where code is added", () => {
    const sample = new Set(drawn(mutants, 50, "1"));
    const more = [...mutants, ...Array.from({ length: 20 }, (_, k) => ({ name: `added ${k}` }))];
    expect(drawn(more, 50, "1").filter((mutant) => sample.has(mutant)).length).toBeGreaterThan(35);
  });

  it("reads places as Stryker counts them: from 1, without the end", () => {
    const at = { start: { line: 1, column: 3 }, end: { line: 2, column: 2 } };
    expect(textAt(["abcd", "efgh"], at)).toBe("cd\ne");
    const inside = { start: { line: 0, column: 2 }, end: { line: 1, column: 1 } };
    expect(keyOf("a.ts", inside, "m", "r", 0)).toBe(keyOf("a.ts", at, "m", "r"));
  });
});
