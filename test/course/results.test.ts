import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { crc32, deflateRawSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { classPage } from "../../kernel/course/class-report";
import { collect, studentIn } from "../../kernel/course/collect";
import { csvText } from "../../kernel/course/csv";
import { writeFeedback } from "../../kernel/course/feedback";
import { gradeAll, type GradeEvent, notGraded } from "../../kernel/course/grade-all";
import type { LoadedAssignment } from "../../kernel/course/load-assignment";
import { addManualRows, readManualMarks } from "../../kernel/course/manual-marks";
import { type Marked, marked, writeMarks } from "../../kernel/course/marks";
import { nearCopies } from "../../kernel/course/near-copies";
import { markdownHtml } from "../../kernel/course/markdown-html";
import { GradingReporter } from "../../kernel/course/progress";
import type { Report } from "../../kernel/course/report";
import { defaultLimits } from "../../kernel/course/sandbox";
import { readReport, saveGraded } from "../../kernel/course/state";
import { checkStatistics } from "../../kernel/course/statistics";
import { notebookText } from "../../kernel/notebook/notebook-file";
import { answered, rightAnswers, TinyCourse, withCells } from "./tiny";

const tiny = new TinyCourse();
let assignment: LoadedAssignment;
beforeAll(async () => void (assignment = await tiny.load()));
afterAll(() => tiny.remove());

/** A report with these points, as grading would give it. */
function reportOf(student: string, points: readonly number[], mistake = "another value"): Report {
  const checks = assignment.checks.map(({ name, title, cell, points: of }, index) => {
    const earned = points[index];
    return { name, title, cell, points: of, earned, comment: "said", ...(earned < of ? { mistake } : {}) };
  });
  const manual = assignment.manual.map(({ name, cell, points: of }) => ({ name, cell, points: of }));
  const head = { format: 1, assignment: "tiny", student, submission: "s", basis: "b" } as const;
  return { ...head, problems: [], changes: [], cells: [], checks, manual };
}

/** A zip archive of one file, which may lie about its size. */
function zipOf(name: string, content: Buffer, { claimed = content.length, mode = 0o100644 } = {}): Buffer {
  const packed = deflateRawSync(content);
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(8, 4);
  fields.writeUInt32LE(crc32(content), 10);
  fields.writeUInt32LE(packed.length, 14);
  fields.writeUInt32LE(claimed, 18);
  fields.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from("PK\u0003\u0004"), fields, Buffer.from(name), packed]);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE((mode << 16) >>> 0, 6);
  const central = Buffer.concat([Buffer.from("PK\u0001\u0002"), Buffer.from([20, 3]), fields, rest, Buffer.from(name)]);
  const end = Buffer.alloc(22);
  end.write("PK\u0005\u0006", 0, "latin1");
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

describe("collecting", () => {
  it("takes folders, notebooks and archives, gives names back, and refuses links and bombs", async () => {
    const from = join(tiny.folder, "in");
    const text = notebookText(answered(assignment.released));
    mkdirSync(join(from, "bob"), { recursive: true });
    writeFileSync(join(from, "bob", "my answers.ipynb"), text);
    writeFileSync(join(from, "Ada Lovelace_12_assignsubmission_file_tiny.ipynb"), text);
    writeFileSync(join(from, "cara.zip"), zipOf("tiny/tiny.ipynb", Buffer.from(text)));
    symlinkSync("/etc/passwd", join(from, "eve.ipynb"));
    writeFileSync(join(from, "bomb.zip"), zipOf("tiny.ipynb", Buffer.alloc(60_000_000, 48)));
    writeFileSync(join(from, "liar.zip"), zipOf("tiny.ipynb", Buffer.alloc(60_000_000, 48), { claimed: 10 }));
    writeFileSync(join(from, "link.zip"), zipOf("tiny.ipynb", Buffer.from("/etc/passwd"), { mode: 0o120777 }));
    writeFileSync(join(from, "climber.zip"), zipOf("../../tiny.ipynb", Buffer.from(text)));
    writeFileSync(join(from, "empty.zip"), zipOf("notes.txt", Buffer.from("none")));
    const collected = await collect(tiny.course, "tiny", from);
    const byName = Object.fromEntries(
      collected.map(({ student, taken, problem }) => [student, taken === undefined ? problem : "taken"]),
    );
    expect(byName).toEqual({
      "Ada Lovelace": "taken",
      bob: "taken",
      cara: "taken",
      bomb: expect.stringMatching(/more than 50000000 bytes/),
      liar: expect.stringMatching(/archive/),
      link: "the archive has a link or a device",
      climber: expect.stringMatching(/archive cannot be read/),
      eve: "a link or a device instead of a file",
      empty: "no notebook",
    });
    for (const student of ["Ada Lovelace", "bob", "cara"])
      expect(readFileSync(join(tiny.course.of("submitted", student, "tiny"), "tiny.ipynb"), "utf8")).toBe(text);
    expect(existsSync(join(tiny.folder, "tiny.ipynb"))).toBe(false);
  });

  it.each([
    ["Ada Lovelace_123_assignsubmission_file_", "Ada Lovelace"],
    ["../../etc", "..-..-etc"],
    ["a\u001b[2J", "a-[2J"],
    ["..", undefined],
  ])("reads %j as the student %j", (name, student) => expect(studentIn(name)).toBe(student));
});

describe("collecting from nbgrader's exchange", () => {
  it("takes each student's last submission of the assignment, whatever else lies there", async () => {
    const from = join(tiny.folder, "inbound");
    const submit = (folder: string, text: string) => {
      mkdirSync(join(from, folder), { recursive: true });
      writeFileSync(join(from, folder, "tiny.ipynb"), text);
      writeFileSync(join(from, folder, "timestamp.txt"), "");
    };
    submit("dora+tiny+2026-11-28 17:53:04.123456 UTC+q_-w", "last");
    submit("dora+tiny+2026-11-28 09:59:59.000000 UTC+abcd", "first");
    submit("dora+other+2026-12-28 09:59:59.000000 UTC+abcd", "another assignment");
    submit("a+b+tiny+2026-11-27 10:00:00.000000 UTC", "plus");
    const collected = await collect(tiny.course, "tiny", from);
    expect(collected).toEqual(["a+b", "dora"].map((student) => ({ student, taken: "tiny.ipynb" })));
    const taken = (student: string) =>
      readFileSync(join(tiny.course.of("submitted", student, "tiny"), "tiny.ipynb"), "utf8");
    expect([taken("dora"), taken("a+b")]).toEqual(["last", "plus"]);
  });
});

describe("marks", () => {
  it("are harmless to spreadsheets and terminals", () => {
    const text = csvText([["=1+1", "+2", "-3", "@x", "\u001b[2J", 'a "b", c', 5, null, " =9"]]);
    expect(text).toBe('\'=1+1,\'+2,\'-3,\'@x,\\u{1b}[2J,"a ""b"", c",5,,\' =9\r\n');
  });

  it("bring manual marks together with those of checks, and refuse what cannot be", async () => {
    const reports = [reportOf("ada", [2, 3, 1]), reportOf("=bob", [1, 1.5, 0])];
    const folder = await writeMarks(tiny.course, assignment, marked(reports, new Map()));
    const open = readFileSync(join(folder, "manual.csv"), "utf8");
    expect(open).toBe("student,name,points,comment\r\nada,why,,\r\n'=bob,why,,\r\n");
    writeFileSync(
      join(folder, "manual.csv"),
      open.replace("ada,why,,", "ada,why,2,well said").replace("bob,why,,", "bob,why,0.5,"),
    );
    const known = ["ada", "=bob"];
    const all = marked(reports, await readManualMarks(tiny.course, assignment, known));
    expect(all.map(({ total, possible }) => [total, possible])).toEqual([
      [8, 8],
      [3, 8],
    ]);
    await writeMarks(tiny.course, assignment, all);
    expect(readFileSync(join(folder, "marks.csv"), "utf8")).toContain("'=bob,3,8,yes,1,1.5,0,0.5,");
    expect(readFileSync(join(folder, "manual.csv"), "utf8")).toContain("well said");
    for (const [row, problem] of [
      ["ada,why,3,", /not a number from 0 to 2/],
      ["ada,what,1,", /nothing called "what"/],
      ["ada,why,1,\r\nada,why,2,", /two marks/],
      ["adda,why,1,", /nothing of "adda" has been graded[^]*line 2[^]*did you mean "ada"/],
      ["ada,why,1,right, but short", /the row has 5 columns instead of 4[^]*line 2/],
    ] as const) {
      writeFileSync(join(folder, "manual.csv"), `student,name,points,comment\r\n${row}\r\n`);
      await expect(readManualMarks(tiny.course, assignment, known)).rejects.toThrow(problem);
    }
    for (const [bytes, problem] of [
      [Buffer.from("student,points\nada,1\n"), /no column name, comment/],
      [Buffer.from("student,name,points,comment\nJos\u00e9,why,1,\n", "latin1"), /not in UTF-8/],
    ] as const) {
      writeFileSync(join(folder, "manual.csv"), bytes);
      await expect(readManualMarks(tiny.course, assignment, known)).rejects.toThrow(problem);
    }
  });

  it("get rows for students who come later, beside what a spreadsheet has made of the others", async () => {
    const path = join(tiny.course.results("tiny"), "manual.csv");
    writeFileSync(path, "\ufeffstudent;name;points;comment;sum\r\nada;why;1,5;a, b;\r\nbob;why"); // a row may end early
    const later = ["ada", "bob", "cara"];
    await addManualRows(tiny.course, assignment, later);
    expect(readFileSync(path, "utf8")).toBe(
      "\ufeffstudent;name;points;comment;sum\r\nada;why;1,5;a, b;\r\nbob;why\r\ncara;why;;;\r\n",
    );
    const marks = await readManualMarks(tiny.course, assignment, later);
    expect(Object.fromEntries(marks)).toEqual({ ada: new Map([["why", { points: 1.5, comment: "a, b" }]]) });
    await addManualRows(tiny.course, assignment, later);
    expect(readFileSync(path, "utf8").match(/cara/g)).toHaveLength(1);
  });
});

describe("feedback", () => {
  it("shows marks and comments in place, and nothing of a student's as HTML", async () => {
    const notebook = withCells(answered(assignment.released), 'console.log("<script>alert(1)</script>")');
    const last = notebook.cells.at(-1)!;
    last.outputs = [
      { output_type: "stream", name: "stdout", text: "<script>alert(1)</script>\u001b[2J\n" },
      { output_type: "display_data", data: { "text/html": "<script>2</script>", "text/plain": "plain" }, metadata: {} },
      { output_type: "display_data", data: { "image/png": '"><script>3</script>' }, metadata: {} },
    ];
    const report = { ...reportOf("eve", [2, 1.5, 0]), problems: ["<b>odd</b>"] };
    await saveGraded(tiny.course, { report, notebook, executionMs: 0, totalMs: 0 });
    const [one] = marked(
      [report],
      new Map([["eve", new Map([["why", { points: 1, comment: "more <i>detail</i>" }]])]]),
    );
    const page = readFileSync(await writeFeedback(tiny.course, one), "utf8");
    expect(page).not.toMatch(/<script|<i>|<b>odd/);
    expect(page).not.toContain("\u001b");
    expect(page).toContain("4.5 of 8 points<");
    const open = readFileSync(await writeFeedback(tiny.course, marked([report], new Map())[0]), "utf8");
    expect(open).toContain("3.5 of 8 points; 2 are still to be given by hand");
    expect(page).toContain("Their sample variance: 1.5 of 3.");
    expect(page).toContain("more &lt;i&gt;detail&lt;/i&gt;");
    const copy = readFileSync(join(tiny.course.of("feedback", "eve", "tiny"), "tiny.ipynb"), "utf8");
    expect(copy).toContain("**The mean of some numbers: 2 of 2.**");
  });

  it("renders Markdown and equations, and lets nothing of it act or load", () => {
    const html = markdownHtml(
      [
        "# A *head*\n\nwith $p_u$ and\n\n$$\\sum_i x_i \\tag{1}$$\n",
        "<script>alert(1)</script> <img src=x onerror=alert(2)> &lt;b&gt; \u001b[2J",
        "[a](javascript:alert(3)) [b](https://example.org) ![c](https://example.org/c.png) ![d](data:image/png;base64,AA)",
        '$\\href{javascript:alert(4)}{x} \\includegraphics{https://example.org/e.png} \\htmlStyle{color:red}{y}$ $"><script>$',
        `$${"{".repeat(5000)}$ $\\nonsense$`,
      ].join("\n"),
    );
    expect(html).toContain("<h1>A <em>head</em></h1>");
    expect(html).toMatch(/<math[^>]*>.*<msub><mi>p<\/mi><mi>u<\/mi><\/msub>/);
    const tags = [...html.matchAll(/<([a-z][a-z0-9]*)\s*([^>]*)>/gi)];
    for (const [tag, name, rest] of tags) {
      expect(name).not.toMatch(/^(script|iframe|object|embed|style|link|form|svg)/i);
      if (name === "img") expect(rest).toMatch(/^src="data:image\/png;base64,AA"/);
      if (name === "a") expect(rest).toBe('href="https://example.org" rel="noopener noreferrer"');
      else expect(tag).not.toMatch(/\son\w+=|\shref=/i);
    }
    expect(html).not.toContain("\u001b");
  });
});

describe("the class report", () => {
  const rows: readonly (readonly number[])[] = [
    [2, 3, 1],
    [2, 3, 1],
    [2, 1.5, 1],
    [1, 0, 0],
    [0, 0, 0],
  ];
  const all = (): Marked[] =>
    marked(
      rows.map((row, index) => reportOf(`s${index}`, row)),
      new Map(),
    );

  it("has difficulty, discrimination and the commonest mistakes", () => {
    const [mean, variance, own] = checkStatistics(all());
    expect(mean.meanScore).toBeCloseTo(7 / 10, 12);
    expect([variance.full, variance.none]).toEqual([2, 2]);
    expect(own.mistakes).toEqual([["another value", 2]]);
    // By hand: own = 1,1,1,0,0; the rest = 5,5,3.5,1,0; r = sum of products / sqrt of the sums of squares.
    expect(own.discrimination).toBeCloseTo(4.8 / Math.sqrt(1.2 * 21.2), 12);
    expect(
      checkStatistics(marked([reportOf("a", [2, 3, 1]), reportOf("b", [2, 3, 1])], new Map()))[0].discrimination,
    ).toBeNull();
  });

  it("is a page without scripts, whatever students are called", () => {
    const page = classPage("Tiny", marked([reportOf("<script>", [1, 1, 1], "<img>")], new Map()), [
      { students: ["<script>a", "b"], overlap: 0.9, shared: 40 },
    ]);
    expect(page).not.toMatch(/<script|<img/);
    expect(page).toContain("90 %");
  });
});

describe("near copies", () => {
  const long = (sum: string, loop: string) =>
    `function mean(values: readonly number[]): number {\n  let ${sum} = 0;\n  let ${loop} = 0;\n  while (${loop} < values.length) {\n    if (Number.isFinite(values[${loop}])) { ${sum} = ${sum} + values[${loop}]; }\n    else { throw new RangeError("not finite: " + ${loop}); }\n    ${loop} += 1;\n  }\n  const table = new Map<string, number>([["sum", ${sum}], ["count", ${loop}]]);\n  return table.get("count") === 0 ? NaN : ${sum} / ${loop};\n}`;

  it("are found through other names, comments and literals, and not between answers of their own", () => {
    const hand = (mean: string) => answered(assignment.released, { ...rightAnswers, "mean-answer": mean });
    const submissions = new Map([
      ["original", hand(long("sum", "i"))],
      [
        "copy",
        hand(long("total", "index").replace("not finite: ", "bad ").replace("while", "// my own idea\n  while")),
      ],
      ["another", hand(rightAnswers["mean-answer"])],
      [
        "one-more",
        hand("const mean = (v: readonly number[]) => { let s = 0; for (const x of v) s += x; return s / v.length; };"),
      ],
    ]);
    const found = nearCopies(submissions, assignment.released);
    expect(found.map(({ students }) => students)).toEqual([["original", "copy"]]);
    expect(found[0].overlap).toBeGreaterThan(0.9);
  });

  it("are found where most of a class has one source, which short right answers do not give", () => {
    const answers = (name: string) => ({
      ...rightAnswers,
      "mean-answer": long(name, `${name}At`),
      "spread-answer": `${long(`${name}B`, `${name}C`)}\nconst spread = [${name}, 1, 2].map((x) => x ** 2).filter(Boolean);`,
    });
    const many = (texts: (name: string) => Record<string, string>) =>
      nearCopies(
        new Map(["a", "b", "c", "d", "e", "f", "g"].map((name) => [name, answered(assignment.released, texts(name))])),
        assignment.released,
      );
    expect(many(answers)).toHaveLength(21); // each of seven with each other
    expect(many(() => rightAnswers)).toEqual([]);
  });
});

describe("what has not been graded", () => {
  const own = new TinyCourse();
  afterAll(() => own.remove());
  const options = { how: "trusted", limits: defaultLimits, workers: 1 } as const;

  it("is an error by name where nothing was handed in, or by somebody else, and leaves nothing behind", async () => {
    const one = await own.load();
    await expect(gradeAll(own.course, one, options)).rejects.toThrow(
      /nothing has been submitted for "tiny"[^]*collect/,
    );
    own.submit("ada", "{}");
    const grading = gradeAll(own.course, one, { ...options, students: ["adda"] });
    await expect(grading).rejects.toThrow(/"adda" has submitted nothing[^]*did you mean "ada"/);
    expect(existsSync(own.course.results("tiny")) || existsSync(join(own.folder, "secret.txt"))).toBe(false);
  });

  it("says which have been graded otherwise than they stand there, and that a new secret grades all again", async () => {
    const one = await own.load();
    const planned: GradeEvent[] = [];
    const onEvent = (event: GradeEvent) => void (event.type === "planned" && planned.push(event));
    expect(await notGraded(own.course, "tiny")).toEqual(["ada"]);
    await gradeAll(own.course, one, { ...options, onEvent });
    expect(await notGraded(own.course, "tiny")).toEqual([]);
    rmSync(join(own.folder, "secret.txt"));
    await gradeAll(own.course, one, { ...options, onEvent });
    expect(planned).toEqual([
      { type: "planned", waiting: 1, done: 0, again: 0 },
      { type: "planned", waiting: 1, done: 0, again: 1 },
    ]);
    own.submit("ada", "[]");
    expect(await notGraded(own.course, "tiny")).toEqual(["ada"]);
  });

  it("is not what cannot be read: that is an error by name", async () => {
    const path = join(own.course.of("autograded", "ada", "tiny"), "report.json");
    rmSync(path);
    mkdirSync(path);
    await expect(readReport(own.course, "ada", "tiny")).rejects.toThrow(
      /report of "ada" cannot be read[^]*report\.json/,
    );
  });

  it("is counted as such", () => {
    const stream = new PassThrough() as unknown as NodeJS.WriteStream;
    const reporter = new GradingReporter(stream);
    reporter.take({ type: "planned", waiting: 1, done: 0, again: 0 });
    reporter.take({ type: "failed", student: "ada", problem: "gone" });
    expect(reporter.summary()).toBe("0 graded, 1 NOT");
  });
});

describe("the command", () => {
  const run = (...args: string[]) =>
    execFileSync(process.execPath, ["kernel/dist/commands/course.js", ...args, "--course", tiny.folder], {
      encoding: "utf8",
    });

  const said = (...args: string[]) =>
    spawnSync(process.execPath, ["kernel/dist/commands/course.js", ...args, "--course", tiny.folder], {
      encoding: "utf8",
    }).stderr;

  it("releases, and says which assignments there are", () => {
    expect(run("release")).toMatch(/^tiny: 3 files in /);
    expect(() => run("release", "tyni")).toThrow(/tiny/);
    rmSync(tiny.course.results("tiny"), { recursive: true, force: true });
    rmSync(join(tiny.folder, "autograded"), { recursive: true, force: true });
    expect(() => run("report", "tiny")).toThrow(/nothing has been graded of "tiny"[^]*grade first/);
    expect(existsSync(tiny.course.results("tiny"))).toBe(false);
  });

  it("says in a line what of the course's folder cannot be written", () => {
    rmSync(tiny.course.release("tiny"), { recursive: true, force: true });
    writeFileSync(tiny.course.release("tiny"), "a file where a folder should be");
    expect(said("release")).toMatch(/^E[A-Z]+: [^\n]*release[^\n]*\n$/);
  });

  it("refuses to grade where there is no sandbox", () => {
    const options = { encoding: "utf8", env: { PATH: "/nowhere" }, stdio: "pipe" } as const;
    const args = ["kernel/dist/commands/course.js", "grade", "tiny", "--course", tiny.folder];
    expect(() => execFileSync(process.execPath, args, options)).toThrow(
      /not run without a sandbox: bubblewrap[^]*--trust-submissions/,
    );
  });
});
