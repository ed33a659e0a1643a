import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type GradedCorpus, gradeCorpus, marksOf, outputsOf, testLimits, whyNoSandbox } from "./grade-corpus";
import { canary, corpus } from "./submissions/corpus";

const why = await whyNoSandbox();
const cases = corpus.filter(({ quick }) => quick === true);

describe.skipIf(why !== undefined)(`hostile submissions${why === undefined ? "" : ` (skipped: ${why})`}`, () => {
  let graded: GradedCorpus;
  beforeAll(async () => void (graded = await gradeCorpus(cases, testLimits)), 600_000);
  afterAll(() => graded.tiny.remove());

  it("are two here; the others are in test:full", () => {
    expect(cases).toHaveLength(2);
  });

  it.each(cases)("$name scores what it must", ({ name, marks }) => {
    const report = graded.reports.get(name);
    expect(marksOf(report), JSON.stringify(report, null, 1)).toEqual(marks);
  });

  it("see nothing of the checks, the secret, the environment or each other", () => {
    const shown = outputsOf(graded, "looks-everywhere");
    expect(shown).toContain("SEEN");
    // What it does find: the empty environment of the sandbox, and no more of a course than its own released files.
    expect(shown).toContain("/home/student");
    expect(shown).not.toContain(canary);
    expect(shown).not.toMatch(/meanOf|export default assignment|submitted|secret\.txt|BEGIN SOLUTION/);
  });
});
