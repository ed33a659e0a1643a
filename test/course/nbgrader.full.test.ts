import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inRepository } from "recsys-unlearning/core";
import { gradeAll, readReports } from "../../kernel/course/grade-all";
import type { LoadedAssignment } from "../../kernel/course/load-assignment";
import { earnedOf } from "../../kernel/course/report";
import { findSandbox } from "../../kernel/course/sandbox";
import { notebookText, parseNotebook } from "../../kernel/notebook/notebook-file";
import { testLimits } from "./grade-corpus";
import { answered, rightAnswers, TinyCourse } from "./tiny";

const venv = mkdtempSync(join(tmpdir(), "recsys-nbgrader-"));
/** An environment that has nbgrader may be given; else one is made. */
const bin = process.env["RECSYS_NBGRADER"] ?? join(venv, "bin");
const python = join(bin, "python");

/** Installs nbgrader from PyPI, outside of the checkout. @returns why it cannot be had, if so */
function install(): string | undefined {
  if (process.env["RECSYS_NBGRADER"] !== undefined) return undefined;
  for (const [command, ...args] of [
    ["python3", "-m", "venv", venv],
    [python, "-m", "pip", "install", "--quiet", "nbgrader==0.9.6"],
  ]) {
    const { status, stderr, error } = spawnSync(command, args, { encoding: "utf8", timeout: 600_000 });
    if (status !== 0) return (stderr || String(error)).trim().split("\n").at(-1);
  }
  return undefined;
}

const why = install();
if (why !== undefined) console.warn(`SKIPPED: nbgrader's own run: ${why}`);

/** Honest submissions, and what both graders have to give. */
const honest = {
  right: rightAnswers,
  nothing: {},
  half: { ...rightAnswers, "spread-answer": "function variance(values: readonly number[]): number {\n  return 0;\n}" },
  untyped: {
    ...rightAnswers,
    "mean-answer":
      "function mean(values) {\n  let s = 0;\n  for (const v of values) s += v;\n  return s / values.length;\n}",
  },
} as const;

describe.skipIf(why !== undefined)(
  `nbgrader on the same folders${why === undefined ? "" : ` (skipped: ${why})`}`,
  () => {
    const tiny = new TinyCourse();
    let assignment: LoadedAssignment;
    const nbgrader = (...args: string[]) =>
      execFileSync(python, ["-m", "nbgrader", ...args], {
        cwd: tiny.folder,
        encoding: "utf8",
        stdio: "pipe",
        env: {
          ...process.env,
          // It calls a program of its own environment by name.
          PATH: `${bin}:${process.env["PATH"]}`,
          JUPYTER_PATH: inRepository("kernel/share/jupyter"),
        },
      });

    beforeAll(async () => {
      assignment = await tiny.load();
      copyFileSync(inRepository("notebooks/course/nbgrader_config.py"), join(tiny.folder, "nbgrader_config.py"));
    });
    afterAll(() => {
      tiny.remove();
      rmSync(venv, { recursive: true, force: true });
    });

    it("generates the release that `course release` writes", () => {
      nbgrader("generate_assignment", "tiny", "--create");
      const path = join(tiny.course.release("tiny"), "tiny.ipynb");
      const theirs = parseNotebook(readFileSync(path, "utf8"), path);
      const cells = ({ cells: all }: { cells: typeof theirs.cells }) =>
        all.map(({ id, source, metadata, outputs }) => ({ id, source, metadata, outputs }));
      expect(cells(theirs)).toEqual(cells(assignment.released));
    });

    it("gives the marks that `course grade` gives to honest submissions, and writes feedback", async () => {
      for (const [student, texts] of Object.entries(honest)) {
        tiny.submit(student, notebookText(answered(assignment.released, texts)));
        for (const file of assignment.files)
          copyFileSync(join(assignment.folder, file), join(tiny.course.of("submitted", student, "tiny"), file));
      }
      nbgrader("autograde", "tiny", "--create");
      nbgrader("generate_feedback", "tiny");
      nbgrader("export", "--to", "nbgrader.csv");
      const rows: Record<string, string>[] = parse(readFileSync(join(tiny.folder, "nbgrader.csv"), "utf8"), {
        columns: true,
      });
      const theirs = Object.fromEntries(rows.map(({ student_id, score }) => [student_id, Number(score)]));
      for (const student of Object.keys(honest))
        expect(readFileSync(join(tiny.course.of("feedback", student, "tiny"), "tiny.html"), "utf8")).toContain("Score");
      const found = await findSandbox();
      const how = typeof found === "string" ? "trusted" : found;
      expect(await gradeAll(tiny.course, assignment, { how, limits: testLimits, workers: 2 })).toEqual([]);
      const ours = Object.fromEntries(
        (await readReports(tiny.course, "tiny")).map((one) => [one.student, earnedOf(one)]),
      );
      expect(theirs).toEqual(ours);
      expect(ours).toEqual({ right: 6, nothing: 0, half: 3, untyped: 6 });
    });
  },
);
