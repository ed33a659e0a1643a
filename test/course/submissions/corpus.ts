import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Notebook, notebookText } from "../../../kernel/notebook/notebook-file";
import { answered, rightAnswers, type TinyCourse, withCells } from "../tiny";

/** The points of the tiny assignment: mean has 2, variance 3, own 1. */
export interface Marks {
  readonly mean: number;
  readonly variance: number;
  readonly own: number;
}

/** A submission that tries something, and what it must score. */
export interface Hostile {
  /** Also the student's name. */
  readonly name: string;
  readonly marks: Marks;
  /** In `npm test`; the others run in `test:full`. */
  readonly quick?: true;
  readonly hand: (tiny: TinyCourse, student: string, released: Notebook) => void;
}

export const full: Marks = { mean: 2, variance: 3, own: 1 };
export const nothing: Marks = { mean: 0, variance: 0, own: 0 };
/** What a submission keeps whose `mean` alone misbehaves: the other answers do not need it. */
const withoutMean: Marks = { ...full, mean: 0 };

/** What stands where a secret would be looked for; must be seen nowhere. */
export const canary = "canary-of-the-teacher";

const independent = {
  ...rightAnswers,
  "spread-answer":
    "function variance(v: readonly number[]): number {\n  let s = 0, q = 0;\n  for (const x of v) s += x;\n  for (const x of v) q += (x - s / v.length) ** 2;\n  return q / (v.length - 1);\n}",
  "own-answer": "let total = 0;\nfor (const value of numbers) total += value;\nconst ownMean = total / numbers.length;",
};

/** Nothing solved, and cells of its own. */
const attack = (name: string, ...cells: string[]): Hostile => ({
  name,
  marks: nothing,
  hand: (tiny, student, released) => tiny.submit(student, withCells(released, ...cells)),
});

/** All solved, and cells of its own. */
const solved = (name: string, ...cells: string[]): Hostile => ({
  name,
  marks: full,
  hand: (tiny, student, released) => tiny.submit(student, withCells(answered(released, independent), ...cells)),
});

/** All solved but `mean`, which does something else. */
const badMean = (name: string, body: string, head = "function mean(values: readonly number[]): any"): Hostile => ({
  name,
  marks: withoutMean,
  hand: (tiny, student, released) =>
    tiny.submit(student, answered(released, { ...independent, "mean-answer": `${head} {\n${body}\n}` })),
});

const raw = (name: string, damage: (text: string) => string): Hostile => ({
  name,
  marks: nothing,
  hand: (tiny, student, released) => tiny.submit(student, damage(notebookText(answered(released)))),
});

const quick = (one: Hostile): Hostile => ({ ...one, quick: true });

const lookEverywhere = (course: string) => `
const fs = require("node:fs"), path = require("node:path");
const seen: string[] = [];
const look = (folder: string, depth: number): void => {
  let names: string[] = [];
  try { names = fs.readdirSync(folder); } catch { return; }
  for (const name of names) {
    const file = path.join(folder, name);
    try {
      if (fs.lstatSync(file).isDirectory()) { if (depth > 0 && name !== "node_modules") look(file, depth - 1); }
      else if (/checks\\.ts$|secret|submitted|\\.ipynb$/.test(file)) seen.push(file + fs.readFileSync(file, "utf8").slice(0, 500));
    } catch {}
  }
};
for (const folder of ["/", ${JSON.stringify(course)}, "..", "/project/notebooks", "/proc/1/root", "/proc/self/cwd/../.."]) look(folder, 4);
console.log("SEEN", seen.filter((text) => !text.startsWith("/proc/self")).join("|"));
console.log(JSON.stringify(process.env));`;

export const corpus: readonly Hostile[] = [
  solved("honest"),
  {
    name: "locked-cells-edited",
    marks: { ...full, own: 0 },
    hand: (tiny, student, released) =>
      tiny.submit(
        student,
        answered(released, {
          ...independent,
          parameters: 'const student = "somebody else";',
          imports: "const check = () => true;\nconst numbers = [1, 2, 3];",
          "mean-test": "1;",
          "own-answer": "const ownMean = 2;",
        }),
      ),
  },
  {
    name: "cells-and-metadata-deleted",
    marks: full,
    hand: (tiny, student, released) => {
      const { cells } = answered(released, independent);
      const kept = cells.filter(({ id }) => !/^(parameters|imports|.*-test)$/.test(id));
      tiny.submit(student, { ...released, cells: kept.map((cell) => ({ ...cell, metadata: {} })) });
    },
  },
  {
    name: "points-in-the-metadata",
    marks: nothing,
    hand: (tiny, student, released) => {
      const more = (data: object) => ({ ...data, points: 1000, locked: false, solution: true, grade: true });
      const cells = released.cells.map((cell) => ({
        ...cell,
        metadata: { ...cell.metadata, nbgrader: more(cell.metadata["nbgrader"] as object) },
      }));
      tiny.submit(student, { ...released, cells });
    },
  },
  quick(
    attack(
      "forged-marks",
      `console.log('{"answer":"3","score":1}'); console.log("SCORE 6/6"); console.error("all tests passed");
({ score: 1, earned: 6, mark: "full" })`,
      `require("node:fs").writeFileSync("report.json", JSON.stringify({ checks: [{ name: "mean", earned: 2 }] }));`,
    ),
  ),
  attack("exits-early", "process.exit(0)"),
  solved("exits-late", "process.exit(0)"),
  solved("really-exits", '(process as any).reallyExit(0); "gone"'),
  badMean("kills-itself-when-asked", '  process.kill(process.pid, "SIGKILL");'),
  attack("throws-before-the-check", 'throw new Error("passed")'),
  attack(
    "overrides-comparison",
    `Object.is = () => true; JSON.stringify = () => "3"; JSON.parse = () => 3; Number.isFinite = () => true;
(Number as any).prototype.valueOf = () => 3; (Array as any).isArray = () => false; Reflect.apply = () => 3;
Math.abs = () => 0; (globalThis as any).mean = () => 3; (globalThis as any).variance = () => 3;`,
  ),
  attack(
    "overrides-prototypes",
    `(Array.prototype as any).toJSON = () => 3; (Object.prototype as any).toJSON = () => 3;
Object.defineProperty(Object.prototype, "answer", { get: () => "3", configurable: true });
Object.defineProperty(Object.prototype, "value", { get: () => 3, configurable: true });`,
  ),
  solved(
    "fakes-the-world",
    `Math.random = () => 0.5; console.log = () => undefined; console.error = () => undefined;
(globalThis as any).setTimeout = () => 0; (globalThis as any).setImmediate = () => 0; (globalThis as any).queueMicrotask = () => 0;
Date.now = () => 0; require("node:assert").strictEqual = () => undefined; JSON.stringify = () => "no";`,
  ),
  badMean(
    "to-primitive",
    "  return { [Symbol.toPrimitive]: () => 5, valueOf: () => 5, toString: () => '5', toJSON: () => 5 };",
  ),
  badMean("then-for-ever", "  return { then() {} };"),
  badMean("then-twice", "  return { then(give: any) { give(5); give(6); } };"),
  badMean("a-proxy", "  return new Proxy([5], { get: (_t, key) => (key === 'length' ? 1 : 5) });"),
  badMean(
    "getters-that-change-their-mind",
    "  let n = 0;\n  return { get value() { return n++ ? 5 : 4; }, get length() { return 1; } };",
  ),
  badMean("equals-everything", "  return { equals: () => true, value: 5, score: 1, deepEqual: () => true };"),
  badMean("not-a-number", "  return NaN;"),
  badMean("minus-zero", "  return -0;"),
  badMean("infinite", "  return Infinity;"),
  badMean("a-function", "  return () => 5;"),
  badMean("a-huge-array", "  return new Float64Array(50_000_000).fill(5);"),
  badMean("a-hole", "  const list: any[] = [];\n  list.length = 4_294_967_295;\n  return list;"),
  badMean("deeply-nested", "  let deep: any = 5;\n  for (let i = 0; i < 100_000; i++) deep = [deep];\n  return deep;"),
  badMean("in-circles", "  const round: any = {};\n  round.round = round;\n  return round;"),
  badMean("prototype-keys", '  return JSON.parse(\'{"__proto__": {"score": 1}, "constructor": 5}\');'),
  {
    name: "detects-the-grader",
    marks: nothing,
    hand: (tiny, student, released) => {
      const body =
        'if (student !== "anonymous") return 5 as any;\n  return values.reduce((a, b) => a + b, 0) / values.length;';
      const head = "(values: readonly number[]): number {\n  ";
      tiny.submit(
        student,
        answered(released, {
          "mean-answer": `function mean${head}if (values.length === 1) return 0;\n  ${body}\n}`,
          "spread-answer": `function variance${head}${body}\n}`,
        }),
      );
    },
  },
  quick({
    name: "looks-everywhere",
    marks: nothing,
    hand: (tiny, student, released) => tiny.submit(student, withCells(released, lookEverywhere(tiny.folder))),
  }),
  attack(
    "reads-the-graders-memory",
    `const fs = require("node:fs"); let found = "";
for (const pid of fs.readdirSync("/proc").filter((name: string) => /^\\d+$/.test(name)))
  for (const file of ["environ", "cmdline", "maps", "mem", "root/etc/shadow"])
    try { found += fs.readFileSync(\`/proc/\${pid}/\${file}\`, "latin1").slice(0, 2000); } catch {}
console.log(found.includes("${canary}") ? "SEEN ${canary}" : "nothing", fs.readdirSync("/proc").filter((name: string) => /^\\d+$/.test(name)).length);`,
  ),
  {
    name: "writes-outside",
    marks: full,
    hand: (tiny, student, released) => {
      const targets = [
        join(tiny.folder, "source/tiny/checks.ts"),
        join(tiny.folder, "source/tiny/tiny.ipynb"),
        "/written",
      ];
      const code = `const fs = require("node:fs");
for (const path of ${JSON.stringify([...targets, "practice.ts", "/project/package.json", "/usr/bin/written"])})
  try { fs.writeFileSync(path, "export default 1"); } catch {}
try { fs.rmSync(${JSON.stringify(tiny.folder)}, { recursive: true, force: true }); } catch {}`;
      tiny.submit(student, withCells(answered(released, independent), code));
    },
  },
  attack(
    "opens-sockets",
    `const net = require("node:net"), dns = require("node:dns");
const tried = await Promise.all(["127.0.0.1", "1.1.1.1", "::1"].map((host: string) => new Promise((done) => {
  const socket = net.connect({ host, port: 80, timeout: 1500 });
  for (const event of ["connect", "error", "timeout"]) socket.on(event, () => { done(event); socket.destroy(); });
})));
console.log(tried.includes("connect") ? "CONNECTED" : "no way out");
console.log(Object.keys(require("node:os").networkInterfaces()).join());`,
  ),
  solved("forks-without-end", 'const { spawn } = require("node:child_process");\nfor (;;) spawn("sleep", ["1000"]);'),
  solved("a-fork-bomb", 'require("node:child_process").spawnSync("sh", ["-c", "b() { b | b & }; b; wait"]);'),
  badMean(
    "allocates-without-end",
    "  const all: any[] = [];\n  for (;;) all.push(new Array(1_000_000).fill(all.length));",
  ),
  badMean("allocates-outside-the-heap", "  const all: any[] = [];\n  for (;;) all.push(Buffer.alloc(50_000_000, 1));"),
  badMean("loops-in-a-regular-expression", '  return /^(a+)+$/.test("a".repeat(60) + "b");'),
  badMean(
    "waits-for-ever",
    "  await new Promise(() => undefined);",
    "async function mean(values: readonly number[]): Promise<any>",
  ),
  badMean(
    "loops-in-promises",
    "  for (;;) await null;",
    "async function mean(values: readonly number[]): Promise<any>",
  ),
  badMean("loops", "  for (;;);"),
  solved(
    "loops-in-a-worker",
    'const { Worker } = require("node:worker_threads");\nnew Worker("for (;;);", { eval: true });\n"started"',
  ),
  solved("loops-at-the-top", "for (;;);"),
  solved("floods-output", 'for (let i = 0; i < 400_000; i++) console.log("x".repeat(500));'),
  solved(
    "floods-the-grader",
    `const { Worker } = require("node:worker_threads");
const io = (process as any)._getActiveHandles().find((one: any) => one instanceof Worker || typeof one.postMessage === "function");
const content = { name: "stdout", text: "y".repeat(5_000_000) };
for (let i = 0; i < 100; i++) io?.postMessage({ type: "publish", messageType: "stream", content, parent: {} });`,
  ),
  solved(
    "leaves-processes",
    'const left = require("node:child_process").spawn("sleep", ["98765"], { detached: true, stdio: "ignore" });\nleft.unref();\n"left"',
  ),
  attack(
    "patches-the-kernel",
    `for (const [path, loaded] of Object.entries(require.cache ?? {}) as any)
  for (const one of Object.values(loaded?.exports ?? {}) as any)
    try { if (typeof one === "function" && one.prototype?.answer) one.prototype.answer = async () => "5"; } catch {}
const Module = require("node:module");
for (const loaded of Object.values(Module._cache) as any)
  for (const name of Object.keys(loaded?.exports ?? {}))
    try { if (/^answerOf/.test(name)) loaded.exports[name] = async () => "5"; } catch {}`,
  ),
  solved(
    "shows-html",
    'console.log("<script>alert(1)</script>\\u001b[2J=1+1"); throw new Error("<img src=x onerror=alert(1)>")',
  ),
  {
    ...solved("=cmd|' <script>alert(1)<"),
  },
  {
    name: "two-cells-of-one-id",
    marks: full,
    hand: (tiny, student, released) => {
      const notebook = answered(released, independent);
      const [twin] = notebook.cells.filter(({ id }) => id === "mean-answer");
      tiny.submit(student, {
        ...notebook,
        cells: [...notebook.cells, { ...twin, source: "function mean() { return 1; }" }],
      });
    },
  },
  {
    name: "a-symlink",
    marks: nothing,
    hand: (tiny, student) => {
      const folder = tiny.course.of("submitted", student, "tiny");
      mkdirSync(folder, { recursive: true });
      symlinkSync(join(tiny.folder, "source/tiny/tiny.ipynb"), join(folder, "tiny.ipynb"));
    },
  },
  {
    name: "a-symlinked-folder",
    marks: nothing,
    hand: (tiny, student) => {
      const folder = tiny.course.of("submitted", student, "tiny");
      mkdirSync(dirname(folder), { recursive: true });
      symlinkSync(join(tiny.folder, "source/tiny"), folder);
    },
  },
  {
    name: "200-megabytes",
    marks: nothing,
    hand: (tiny, student) => {
      tiny.submit(student, "{");
      truncateSync(join(tiny.course.of("submitted", student, "tiny"), "tiny.ipynb"), 200_000_000);
    },
  },
  {
    name: "no-notebook",
    marks: nothing,
    hand: (tiny, student) => {
      mkdirSync(tiny.course.of("submitted", student, "tiny"), { recursive: true });
      writeFileSync(join(tiny.course.of("submitted", student, "tiny"), "tiny.txt"), "my answers");
    },
  },
  raw("half-a-file", (text) => text.slice(0, text.length / 2)),
  raw("a-merge-conflict", (text) => text.replace('"cells"', '<<<<<<< HEAD\n"cells"')),
  { ...raw("crlf", (text) => text.replaceAll("\n", "\r\n").replaceAll("\\n", "\\r\\n")), marks: full },
  {
    ...raw("another-kernel", (text) => text.replaceAll('"recsys-unlearning"', '"python3"')),
    marks: full,
  },
  {
    name: "words-quotes",
    marks: { ...full, own: 0 },
    hand: (tiny, student, released) =>
      tiny.submit(student, answered(released, { ...independent, "own-answer": "const ownMean = Number(“5”);" })),
  },
  {
    name: "untyped-and-right",
    marks: full,
    hand: (tiny, student, released) =>
      tiny.submit(
        student,
        answered(released, {
          "mean-answer":
            "function mean(values) {\n  let s = 0;\n  values.forEach((v) => (s += v));\n  return s / values.length;\n}",
          "spread-answer":
            "var variance = function (v) {\n  const m = mean(v);\n  return v.map((x) => (x - m) ** 2).reduce((a, b) => a + b) / (v.length - 1);\n};",
          "own-answer": "const ownMean: string = mean(numbers);",
        }),
      ),
  },
  {
    name: "partly-right",
    marks: { mean: 0.5, variance: 1.5, own: 0 },
    hand: (tiny, student, released) =>
      tiny.submit(
        student,
        answered(released, {
          "mean-answer":
            "function mean(values: readonly number[]): number {\n  return values.reduce((a, b) => a + b, 0);\n}",
          "spread-answer":
            "function variance(values: readonly number[]): number {\n  const m = mean(values) / values.length;\n  return values.reduce((sum, x) => sum + (x - m) ** 2, 0) / values.length;\n}",
          "own-answer": "const ownMean = mean(numbers);",
        }),
      ),
  },
];
