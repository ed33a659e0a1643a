import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lint } from "../../kernel/course/lint";
import type { LoadedAssignment } from "../../kernel/course/load-assignment";
import { releaseNotebook } from "../../kernel/course/release";
import { restore } from "../../kernel/course/restore";
import { secretOf } from "../../kernel/course/state";
import { parseSubmission, readSubmission } from "../../kernel/course/submission";
import { writeRelease } from "../../kernel/course/write-release";
import { type Notebook, notebookText } from "../../kernel/notebook/notebook-file";
import { answered, rightAnswers, TinyCourse, tinySource, withCells } from "./tiny";

const tiny = new TinyCourse();
let assignment: LoadedAssignment;
beforeAll(async () => void (assignment = await tiny.load()));
afterAll(() => tiny.remove());

const sourceOf = (notebook: Notebook, id: string) => notebook.cells.find((cell) => cell.id === id)?.source;

describe("a release", () => {
  it("has stubs for solutions, no hidden tests, and no outputs", () => {
    const { released } = assignment;
    expect(sourceOf(released, "mean-answer")).toBe(
      [
        "/** The mean of some numbers. */",
        "function mean(values: readonly number[]): number {",
        "  // YOUR CODE HERE",
        '  throw new Error("not implemented");',
        "}",
      ].join("\n"),
    );
    expect(sourceOf(released, "mean-test")).toBe('check("mean", mean);');
    expect(sourceOf(released, "own-test")).toBe("");
    expect(sourceOf(released, "why")).toBe("YOUR ANSWER HERE");
    expect(notebookText(released)).not.toMatch(/BEGIN|END|degree of freedom/);
  });

  it("clears a whole answer cell that has no region", () => {
    const source = answered(tinySource(), { "own-answer": "const ownMean = 5;" });
    expect(sourceOf(releaseNotebook(source, "x"), "own-answer")).toBe(
      '// YOUR CODE HERE\nthrow new Error("not implemented");',
    );
  });

  it("refuses a region that is not closed, and a solution where students cannot write", () => {
    const open = answered(tinySource(), { "own-answer": "/// BEGIN SOLUTION\nconst ownMean = 5;" });
    expect(() => releaseNotebook(open, "x")).toThrow(/BEGIN SOLUTION without END SOLUTION/);
    const locked = answered(tinySource(), { imports: "/// BEGIN SOLUTION\n1;\n/// END SOLUTION" });
    expect(() => releaseNotebook(locked, "x")).toThrow(/not the student's/);
  });

  it("holds the practice and the data, and nothing of the checks", async () => {
    const target = tiny.course.release("tiny");
    expect(await writeRelease(tiny.course, assignment)).toEqual(["tiny.ipynb", "facts.json", "practice.ts"]);
    expect(existsSync(join(target, "checks.ts"))).toBe(false);
    writeFileSync(join(target, "checks-old.ts"), "left by somebody");
    await writeRelease(tiny.course, assignment);
    expect(existsSync(join(target, "checks-old.ts"))).toBe(false);
    expect(readFileSync(join(target, "practice.ts"), "utf8")).toContain("dataOf");
  });
});

describe("the instructor's lint", () => {
  const changed = (edit: (cells: Notebook["cells"]) => Notebook["cells"]): string[] => {
    const source = { ...assignment.source, cells: edit(assignment.source.cells) };
    return lint({ ...assignment, source });
  };
  const withRole = (id: string, role: object) => (cells: Notebook["cells"]) =>
    cells.map((cell) =>
      cell.id === id
        ? {
            ...cell,
            metadata: { ...cell.metadata, nbgrader: { ...(cell.metadata["nbgrader"] as object | undefined), ...role } },
          }
        : cell,
    );

  it("finds nothing in an assignment that is right", () => {
    expect(lint(assignment)).toEqual([]);
  });

  it("finds points that do not add up, and checks without their cell", () => {
    expect(changed(withRole("mean-test", { points: 4 }))).toEqual(['"mean-test" has 4 points, its checks have 2']);
    expect(changed((cells) => cells.filter(({ id }) => id !== "own-test"))).toEqual([
      'check "own" is for the cell "own-test", which is not one that tests grade',
    ]);
  });

  it("finds two cells of one grade_id, another schema, and parameters that are missing or locked", () => {
    expect(changed(withRole("imports", { grade_id: "intro" }))).toEqual(['two cells have the grade_id "intro"']);
    expect(changed(withRole("intro", { schema_version: 1 }))).toEqual(['"intro": nbgrader\'s schema_version is not 3']);
    expect(changed((cells) => cells.filter(({ id }) => id !== "parameters"))).toEqual([
      'no cell tagged "parameters" declares student',
    ]);
    expect(changed(withRole("parameters", { grade_id: "parameters", locked: true, schema_version: 3 }))).toEqual([
      "the cell tagged parameters has metadata of nbgrader: students could not put their name there",
    ]);
  });
});

describe("a submission", () => {
  const text = () => notebookText(answered(assignment.released));

  it("is read with a byte order mark, CRLF, and cells whose ids are doubled or missing", () => {
    const notebook = answered(assignment.released);
    const cells = notebook.cells.map((cell, index) => ({ ...cell, id: index < 2 ? "same" : cell.id }));
    const written = `\ufeff${notebookText({ ...notebook, cells })
      .replaceAll("\n", "\r\n")
      .replaceAll("\\n", "\\r\\n")}`;
    const read = parseSubmission(written);
    expect(read.problems).toEqual(["cell 2 has the id of another cell"]);
    expect(new Set(read.notebook?.cells.map(({ id }) => id)).size).toBe(cells.length);
    expect(read.notebook?.cells[3].source).toBe(rightAnswers["mean-answer"]);
  });

  it.each([
    ["half of a file", (whole: string) => whole.slice(0, 900), /damaged \(not JSON\): save it again/],
    [
      "a merge that was not finished",
      (whole: string) => whole.replace('"cells"', '<<<<<<< HEAD\n"cells"'),
      /marks of a merge conflict/,
    ],
    ["an old format", (whole: string) => whole.replace('"nbformat": 4', '"nbformat": 3'), /not a notebook of format 4/],
    ["no notebook at all", () => "[]", /not a notebook/],
  ])("says what is wrong with %s", (_, damage, problem) => {
    const read = parseSubmission(damage(text()));
    expect(read.notebook).toBeUndefined();
    expect(read.problems.join()).toMatch(problem);
  });

  it("is warned of another kernel, a word processor's quotes and conflict marks in code, and read all the same", () => {
    const notebook = answered(assignment.released, {
      "own-answer": "const name = “mean”;",
      "mean-answer": "<<<<<<< HEAD\nfunction mean() {}\n=======\n>>>>>>> theirs",
    });
    const other = { ...notebook, metadata: { kernelspec: { name: "python3" } } };
    expect(parseSubmission(notebookText(other)).problems).toEqual([
      "the notebook was saved for another kernel (python3); it was run in ours",
      "cell 4 has the marks of a merge conflict",
      "cell 8 has typographic quotes, as a word processor makes them",
    ]);
  });

  it("that cannot be read by the grader is no reason for a mark", async () => {
    await expect(readSubmission(tiny.course, "nobody", "tiny")).rejects.toThrow(/cannot be read/);
  });
});

describe("restoring", () => {
  const released = () => assignment.released;

  it("leaves an honest submission as it is", () => {
    const given = answered(released());
    expect(restore(released(), given)).toEqual({ notebook: given, changes: [], named: "anonymous" });
  });

  it("lets students write their name where it belongs, and puts back what stands there", () => {
    const cell = released().cells.find(({ id }) => id === "parameters");
    expect(cell?.metadata).toEqual({ tags: ["parameters"] }); // not locked, in JupyterLab and by nbgrader
    const given = answered(released(), {
      ...rightAnswers,
      parameters: "const student: string = 'Ada'; process.exit(0);",
    });
    const { notebook, changes, named } = restore(released(), given);
    expect(notebook).toEqual(answered(released()));
    expect([changes, named]).toEqual([[], "Ada"]);
  });

  it("puts back what was changed, removed, moved or doubled, and says so", () => {
    const given = answered(released(), { ...rightAnswers, imports: "const numbers = [1];", "mean-test": "1;" });
    const [intro, parameters, ...rest] = given.cells.filter(({ id }) => id !== "spread-test");
    const doubled = rest.find(({ id }) => id === "mean-answer") as Notebook["cells"][number];
    const cells = [intro, ...rest, { ...doubled, id: "again", source: "throw 1;" }, parameters];
    const { notebook, changes } = restore(released(), { ...given, cells });
    const own = notebook.cells.filter(({ id }) => !released().cells.some((cell) => cell.id === id));
    expect(notebook.cells.filter((cell) => !own.includes(cell)).map(({ id }) => id)).toEqual(
      released().cells.map(({ id }) => id),
    );
    expect(sourceOf(notebook, "imports")).toBe(sourceOf(released(), "imports"));
    expect(sourceOf(notebook, "mean-answer")).toBe(rightAnswers["mean-answer"]);
    expect(own).toEqual([]);
    expect([...changes].sort()).toEqual([
      "cells had been moved",
      'the cell "spread-test" was missing',
      'the locked cell "imports" had been changed',
      'the locked cell "mean-test" had been changed',
      'there were two cells "mean-answer"; the first counts',
    ]);
  });

  it("knows cells by their ids where a program has dropped what nbgrader says", () => {
    const given = answered(released());
    const bare = { ...given, cells: given.cells.map((cell) => ({ ...cell, metadata: {} })) };
    expect(restore(released(), bare)).toEqual({ notebook: given, changes: [], named: "anonymous" });
  });

  it("keeps the student's own cells behind those that they followed", () => {
    const given = withCells(answered(released()), "const mine = 1;");
    const [own] = given.cells.slice(-1);
    const cells = [...given.cells.slice(0, 4), own, ...given.cells.slice(4, -1)];
    const { notebook } = restore(released(), { ...given, cells });
    expect(notebook.cells[4].source).toBe("const mine = 1;");
  });
});

describe("what is the teacher's alone", () => {
  const own = new TinyCourse();
  afterAll(() => own.remove());

  it("is not released from folders below, either", async () => {
    const below = join(own.folder, "source", "tiny", "more");
    mkdirSync(below);
    for (const name of ["checks.ts", "checks-answers.ts", "data.json"]) writeFileSync(join(below, name), "");
    const { files } = await own.load();
    expect(files).toContain("more/data.json");
    expect(files.filter((file) => file.includes("checks"))).toEqual([]);
  });

  it("is a secret that others may not read, the same each time, and never empty", async () => {
    const secret = await secretOf(own.course);
    expect(secret).toMatch(/^[0-9a-f]{48}$/);
    expect(await secretOf(own.course)).toBe(secret);
    const path = join(own.folder, "secret.txt");
    expect(statSync(path).mode & 0o077).toBe(0);
    writeFileSync(path, "\n");
    await expect(secretOf(own.course)).rejects.toThrow(/secret is empty/);
  });
});
