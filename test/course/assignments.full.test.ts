// The assignments through the grader, as a class would hand them in: the instructor's version, the release as it is,
// and typical mistakes.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inRepository } from "recsys-unlearning/core";
import { gradeAll, readReports } from "../../kernel/course/grade-all";
import { Course } from "../../kernel/course/layout";
import { loadAssignment } from "../../kernel/course/load-assignment";
import { earnedOf, type Report } from "../../kernel/course/report";
import { findSandbox, type Sandbox } from "../../kernel/course/sandbox";
import { notebookText } from "../../kernel/notebook/notebook-file";
import { testLimits, whyNoSandbox } from "./grade-corpus";
import { handedIn, mistaken } from "./mistaken";

const why = await whyNoSandbox();

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

  it.skipIf(why !== undefined)("gives the same where no dataset can be had, and says so", async () => {
    const given = process.env["RECSYS_DATA"];
    delete process.env["RECSYS_DATA"];
    try {
      const assignment = await loadAssignment(course, name);
      const options = { limits: testLimits, workers: 1, students: ["instructor"], regrade: true } as const;
      const how = (await findSandbox()) as Sandbox;
      expect(await gradeAll(course, assignment, { how, ...options })).toEqual([]);
    } finally {
      if (given !== undefined) process.env["RECSYS_DATA"] = given;
    }
    const report = (await readReports(course, name)).find(({ student }) => student === "instructor");
    expect(earnedOf(report as Report)).toBe(22);
    expect(report?.cells.filter(({ status }) => status !== "ok")).toEqual([]);
    const graded = readFileSync(join(course.of("autograded", "instructor", name), `${name}.ipynb`), "utf8");
    expect(graded).toMatch(/GENERATED/);
  });

  it("gives typical mistakes what the rubric says, each alone", () => {
    for (const { name: check, earned, points } of (reports.get("mistakes") as Report).checks)
      expect([check, earned]).toEqual([check, edits[check]?.[2] ?? points]);
  });
});
