import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type GradedCorpus, gradeCorpus, isRunning, marksOf, outputsOf, textsOf, whyNoSandbox } from "./grade-corpus";
import { canary, corpus } from "./submissions/corpus";

const why = await whyNoSandbox();

describe.skipIf(why !== undefined)(`all hostile submissions${why === undefined ? "" : ` (skipped: ${why})`}`, () => {
  let graded: GradedCorpus;
  beforeAll(async () => void (graded = await gradeCorpus(corpus)), 3_600_000);
  afterAll(() => graded.tiny.remove());

  it("are at least thirty", () => {
    expect(corpus.length).toBeGreaterThanOrEqual(30);
    expect(new Set(corpus.map(({ name }) => name)).size).toBe(corpus.length);
  });

  it.each(corpus)("$name scores what it must", ({ name, marks }) => {
    const report = graded.reports.get(name);
    expect(marksOf(report), JSON.stringify(report, null, 1)).toEqual(marks);
  });

  it("see no secret, no checks, no network", () => {
    for (const { name } of corpus) {
      if (graded.reports.get(name)?.cells.length === 0) continue; // it was never run
      const shown = outputsOf(graded, name);
      expect(shown, name).not.toContain(canary);
      expect(shown, name).not.toMatch(/export default assignment|meanOf|CONNECTED/);
    }
  });

  it("leave no process behind", () => {
    expect(isRunning("sleep 98765")).toBe(false);
    expect(isRunning("sleep 1000")).toBe(false);
  });

  it("say to the teacher what was changed or wrong", () => {
    const said = (name: string) => [
      ...(graded.reports.get(name)?.problems ?? []),
      ...(graded.reports.get(name)?.changes ?? []),
    ];
    expect(said("locked-cells-edited")).toContain('the locked cell "imports" had been changed');
    expect(said("a-symlink").join()).toMatch(/link/);
    expect(said("200-megabytes").join()).toMatch(/200000000 bytes/);
    expect(said("a-merge-conflict").join()).toMatch(/merge conflict/);
    expect(said("words-quotes").join()).toMatch(/typographic quotes/);
  });

  it("cannot make a page or a table do anything", () => {
    const results = graded.tiny.course.results("tiny");
    const page = readFileSync(join(results, "class.html"), "utf8");
    expect(page).not.toMatch(/<script|<img/);
    expect(textsOf(graded, "shows-html")).toMatch(/&lt;script&gt;/);
    const feedback = graded.tiny.course.of("feedback", "shows-html", "tiny");
    expect(readFileSync(join(feedback, "tiny.html"), "utf8")).not.toMatch(/<script|<img src=x/);
    for (const name of ["marks.csv", "checks.csv", "manual.csv"])
      for (const line of readFileSync(join(results, name), "utf8").split("\r\n"))
        expect(line).not.toMatch(/^"?[=+\-@]|,"?[=@]/);
  });
});
