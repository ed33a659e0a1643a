// The assignments through the grader, as a class would hand them in: the instructor's version, the release as it is,
// and typical mistakes.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inRepository } from "recsys-unlearning/core";
import { gradeAll, readReports } from "../../kernel/course/grade-all";
import { Course } from "../../kernel/course/layout";
import { loadAssignment } from "../../kernel/course/load-assignment";
import { earnedOf, type Report } from "../../kernel/course/report";
import { findSandbox } from "../../kernel/course/sandbox";
import { type Notebook, notebookText } from "../../kernel/notebook/notebook-file";
import { testLimits } from "./grade-corpus";

/** Three mistakes in one submission, by the check they concern: what is changed, and what the rubric gives. */
const mistaken: Readonly<
  Record<string, Readonly<Record<string, readonly [from: string, to: string, points: number]>>>
> = {
  influence: {
    hvp: ["out[k] += lambda * direction[k]", "out[k] += 0", 3],
    "conjugate-gradient": ["iterations < mostIterations", "iterations <= mostIterations", 3.5],
    agreement: ["/ dot(actual, actual) }", "/ dot(estimated, estimated) }", 1],
  },
  curriculum: {
    "min-norm-two": ["Math.min(1, Math.max(0, dot(between, b) / square))", "dot(between, b) / square", 1.5],
    "soft-order": ["spread / temperature", "spread * temperature", 1.5],
    "hit-level": ["rank <= k", "rank < k", 1],
  },
  audit: {
    auc: ["sum += 0.5", "sum += 0", 3],
    "out-statistics": ["(values.length - 1)", "values.length", 3],
    "noise-floor": ["let b = a + 1", "let b = 0", 2],
  },
};

/** The release with the instructor's solutions, edited. */
function handedIn(released: Notebook, source: Notebook, edits: readonly (readonly [string, string, ...unknown[]])[]) {
  const unused = new Set(edits);
  const cells = released.cells.map((cell) => {
    const solution = source.cells.find(({ id }) => id === cell.id);
    const role = (cell.metadata["nbgrader"] ?? {}) as { readonly solution?: boolean };
    if (solution === undefined || role.solution !== true) return cell;
    let text = solution.source;
    for (const edit of edits)
      if (text.includes(edit[0])) {
        unused.delete(edit);
        text = text.replace(edit[0], edit[1]);
      }
    return { ...cell, source: text };
  });
  expect([...unused]).toEqual([]);
  return { ...released, cells };
}

describe.each(Object.entries(mistaken))("%s, handed in and graded", (name, edits) => {
  const folder = mkdtempSync(join(tmpdir(), "recsys-assignment-"));
  const course = new Course(folder);
  let reports: ReadonlyMap<string, Report>;

  beforeAll(async () => {
    cpSync(inRepository("notebooks", "course", "source", name), course.source(name), { recursive: true });
    const assignment = await loadAssignment(course, name);
    const { released, source } = assignment;
    const submissions = {
      instructor: source,
      nothing: released,
      mistakes: handedIn(released, source, Object.values(edits)),
    };
    for (const [student, notebook] of Object.entries(submissions)) {
      mkdirSync(course.of("submitted", student, name), { recursive: true });
      writeFileSync(join(course.of("submitted", student, name), `${name}.ipynb`), notebookText(notebook));
    }
    const found = await findSandbox();
    if (typeof found === "string") console.warn(`WITHOUT A SANDBOX: ${found}`);
    const how = typeof found === "string" ? ("trusted" as const) : found; // these are our own notebooks
    expect(await gradeAll(course, assignment, { how, limits: testLimits, workers: 1 })).toEqual([]);
    reports = new Map((await readReports(course, name)).map((report) => [report.student, report]));
  }, 600_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it("gives the instructor's version all points of checks", () => {
    const { checks } = reports.get("instructor") as Report;
    for (const { name: check, earned, points } of checks) expect([check, earned]).toEqual([check, points]);
    expect(checks.reduce((sum, { points }) => sum + points, 0)).toBe(22);
  });

  it("gives the release nothing, and runs it up to the first gap", () => {
    const report = reports.get("nothing") as Report;
    expect(earnedOf(report)).toBe(0);
    expect(report.cells.slice(0, 2).map(({ status }) => status)).toEqual(["ok", "ok"]);
  });

  it("gives typical mistakes what the rubric says, each alone", () => {
    for (const { name: check, earned, points } of (reports.get("mistakes") as Report).checks)
      expect([check, earned]).toEqual([check, edits[check]?.[2] ?? points]);
  });
});
