import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inRepository } from "recsys-unlearning/core";
import { gradeAll, readReports } from "../../kernel/course/grade-all";
import { collect } from "../../kernel/course/collect";
import { Course } from "../../kernel/course/layout";
import { loadAssignment, type LoadedAssignment } from "../../kernel/course/load-assignment";
import { earnedOf } from "../../kernel/course/report";
import { defaultLimits, findSandbox } from "../../kernel/course/sandbox";
import { writeRelease } from "../../kernel/course/write-release";
import { type Notebook, notebookText, parseNotebook } from "../../kernel/notebook/notebook-file";
import { handedIn, mistaken } from "./mistaken";
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

/** Runs nbgrader's own program in a folder. */
function nbgrader(cwd: string, ...args: string[]): string {
  return execFileSync(python, ["-m", "nbgrader", ...args], {
    ...{ cwd, encoding: "utf8", stdio: "pipe" },
    env: {
      ...process.env,
      PATH: `${bin}:${process.env["PATH"]}`, // it calls a program of its own environment by name
      JUPYTER_PATH: inRepository("kernel/share/jupyter"),
    },
  });
}

/** What nbgrader gives to each student, by its own autograde. */
function nbgradersMarks(folder: string, name: string): Record<string, number> {
  nbgrader(folder, "autograde", name, "--create");
  nbgrader(folder, "generate_feedback", name);
  nbgrader(folder, "export", "--to", "nbgrader.csv");
  const rows: Record<string, string>[] = parse(readFileSync(join(folder, "nbgrader.csv")), { columns: true });
  return Object.fromEntries(rows.map(({ student_id, score }) => [student_id, Number(score)]));
}

/** What `course grade` gives to each student. */
async function ourMarks(course: Course, assignment: LoadedAssignment): Promise<Record<string, number>> {
  const found = await findSandbox();
  const how = typeof found === "string" ? "trusted" : found;
  expect(await gradeAll(course, assignment, { how, limits: defaultLimits, workers: 2 })).toEqual([]);
  return Object.fromEntries(
    (await readReports(course, assignment.name)).map((one) => [one.student, earnedOf(one)] as const),
  );
}

const cellsOf = ({ cells }: Notebook) =>
  cells.map(({ id, source, metadata, outputs }) => ({ id, source, metadata, outputs }));

/** Hands in a notebook, as a student who has put a name into its first cell. */
function handIn(course: Course, student: string, assignment: LoadedAssignment, notebook: Notebook): void {
  const folder = course.of("submitted", student, assignment.name);
  const cells = notebook.cells.map((cell) =>
    cell.source.startsWith("const student = ") ? { ...cell, source: `const student = "${student}";` } : cell,
  );
  for (const file of assignment.files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    copyFileSync(join(assignment.folder, file), join(folder, file));
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${assignment.name}.ipynb`), notebookText({ ...notebook, cells }));
}

const title = (what: string) => `${what}${why === undefined ? "" : ` (skipped: ${why})`}`;
const config = inRepository("notebooks/course/nbgrader_config.py");
afterAll(() => rmSync(venv, { recursive: true, force: true }));

describe.skipIf(why !== undefined)(title("nbgrader on the same folders"), () => {
  const tiny = new TinyCourse();
  let assignment: LoadedAssignment;

  beforeAll(async () => {
    assignment = await tiny.load();
    copyFileSync(config, join(tiny.folder, "nbgrader_config.py"));
  });
  afterAll(() => tiny.remove());

  it("generates the release that `course release` writes", () => {
    nbgrader(tiny.folder, "generate_assignment", "tiny", "--create");
    const path = join(tiny.course.release("tiny"), "tiny.ipynb");
    expect(cellsOf(parseNotebook(readFileSync(path, "utf8"), path))).toEqual(cellsOf(assignment.released));
  });

  it("gives the marks that `course grade` gives to honest submissions, and writes feedback", async () => {
    for (const [student, texts] of Object.entries(honest))
      handIn(tiny.course, student, assignment, answered(assignment.released, texts));
    const theirs = nbgradersMarks(tiny.folder, "tiny");
    for (const student of Object.keys(honest))
      expect(readFileSync(join(tiny.course.of("feedback", student, "tiny"), "tiny.html"), "utf8")).toContain("Score");
    const ours = await ourMarks(tiny.course, assignment);
    expect(theirs).toEqual(ours);
    expect(ours).toEqual({ right: 6, nothing: 0, half: 3, untyped: 6 });
  });

  it("exchanges folders with students: `nbgrader collect` and `course collect` take the same", async () => {
    const exchange = join(tiny.folder, "exchange");
    const flags = [`--Exchange.root=${exchange}`, "--CourseDirectory.course_id=recsys-unlearning"];
    mkdirSync(exchange, { mode: 0o777 });
    chmodSync(exchange, 0o777);
    await writeRelease(tiny.course, assignment);
    nbgrader(tiny.folder, "release_assignment", "tiny", ...flags);
    const desk = join(tiny.folder, "desk"); // of the student, who is whoever runs this
    mkdirSync(desk);
    nbgrader(desk, "fetch_assignment", "tiny", ...flags);
    expect(readdirSync(join(desk, "tiny")).sort()).toEqual(["facts.json", "practice.ts", "tiny.ipynb"]);
    for (const texts of [{}, rightAnswers]) {
      writeFileSync(join(desk, "tiny", "tiny.ipynb"), notebookText(answered(assignment.released, texts)));
      nbgrader(desk, "submit", "tiny", ...flags);
    }
    const me = userInfo().username;
    const handedIn = notebookText(answered(assignment.released, rightAnswers));
    const taken = () => readFileSync(join(tiny.course.of("submitted", me, "tiny"), "tiny.ipynb"), "utf8");
    nbgrader(tiny.folder, "collect", "tiny", ...flags);
    expect(taken()).toBe(handedIn);
    rmSync(tiny.course.of("submitted", me, "tiny"), { recursive: true });
    const inbound = join(exchange, "recsys-unlearning", "inbound");
    expect(await collect(tiny.course, "tiny", inbound)).toEqual([{ student: me, taken: "tiny.ipynb" }]);
    expect(taken()).toBe(handedIn);
  });
});

describe.skipIf(why !== undefined).each(Object.keys(mistaken))(title("nbgrader on the assignment %s"), (name) => {
  const folder = mkdtempSync(join(tmpdir(), "recsys-nbgrader-course-"));
  const course = new Course(folder);
  let assignment: LoadedAssignment;

  beforeAll(async () => {
    cpSync(inRepository("notebooks", "course", "source", name), course.source(name), { recursive: true });
    copyFileSync(config, join(folder, "nbgrader_config.py"));
    assignment = await loadAssignment(course, name);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("generates the release that `course release` writes", () => {
    nbgrader(folder, "generate_assignment", name, "--create");
    const path = join(course.release(name), `${name}.ipynb`);
    expect(cellsOf(parseNotebook(readFileSync(path, "utf8"), path))).toEqual(cellsOf(assignment.released));
    const files = readdirSync(course.release(name), { recursive: true, withFileTypes: true });
    expect(files.filter((file) => file.isFile() && file.name !== `${name}.ipynb`)).toHaveLength(
      assignment.files.length,
    );
  });

  it("gives the marks that `course grade` gives, and writes feedback", async () => {
    const { released, source } = assignment;
    handIn(course, "right", assignment, handedIn(released, source, []));
    handIn(course, "mistaken", assignment, handedIn(released, source, Object.values(mistaken[name])));
    handIn(course, "nothing", assignment, released);
    const theirs = nbgradersMarks(folder, name);
    for (const student of ["right", "mistaken", "nothing"])
      expect(readFileSync(join(course.of("feedback", student, name), `${name}.html`), "utf8")).toContain("Score");
    const ours = await ourMarks(course, assignment);
    console.log(`${name}: nbgrader ${JSON.stringify(theirs)}, course grade ${JSON.stringify(ours)}`);
    expect(theirs).toEqual(ours);
    expect(ours).toMatchObject({ right: 22, nothing: 0 });
  }, 3_600_000);
});
