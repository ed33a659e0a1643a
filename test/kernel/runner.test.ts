// The notebooks command on real notebooks and kernels.
import { execFile, spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inRepository } from "recsys-unlearning/core";
import { type NotebookCell, notebookText, type NotebookReport, parseNotebook } from "recsys-unlearning-kernel";
import { maskPaths } from "../../kernel/path-masks";
import { long } from "../long";

const folder = mkdtempSync(join(tmpdir(), "runner-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

type CellText = readonly [source: string, ...tags: string[]];

function write(name: string, ...cells: CellText[]): void {
  const notebook = cells.map(([source, ...tags], index): NotebookCell => {
    return { cell_type: "code", id: `c${index}`, metadata: { tags }, source, outputs: [], execution_count: null };
  });
  writeFileSync(join(folder, name), notebookText({ cells: notebook, metadata: {}, nbformat: 4, nbformat_minor: 5 }));
}

interface Report {
  readonly passed: number;
  readonly failed: number;
  readonly notebooks: readonly NotebookReport[];
}

/** Runs the command and reads its report. */
async function notebooks(...args: string[]): Promise<{ code: number; report: Report; said: string }> {
  return notebooksWith({}, ...args);
}

async function notebooksWith(
  variables: Record<string, string>,
  ...args: string[]
): Promise<{ code: number; report: Report; said: string }> {
  const command = [inRepository("kernel/dist/commands/notebooks.js"), "--json", ...args];
  const env = { ...process.env, RECSYS_RUN_STATE: join(folder, "state.json"), ...variables };
  const done = await promisify(execFile)(process.execPath, command, { cwd: folder, env }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: unknown) => error as { code: number; stdout: string; stderr: string },
  );
  return { code: done.code, report: JSON.parse(done.stdout) as Report, said: done.stderr };
}

describe("one run over good and bad notebooks", () => {
  let result: Awaited<ReturnType<typeof notebooks>>;
  const executed = (name: string) => parseNotebook(readFileSync(join(folder, "out", name), "utf8"), name);

  beforeAll(async () => {
    write(
      "good.ipynb",
      ["const size: number = 1;\nconst preset: 'tiny' | 'full' = 'full';", "parameters"],
      ["console.log(preset, size, process.cwd());"],
      ['throw new Error("meant")', "raises-exception"],
      ["if (preset === 'full') console.log('big'); size * 2"],
      ["setTimeout(() => console.log('late'), 50); 'early'"],
      ["await new Promise((resolve) => setTimeout(resolve, 200))"],
    );
    write("type-error.ipynb", ["1"], ["const text: string = 5;"], ["console.log('never')"]);
    write("hangs.ipynb", ["await null; for (;;);"]);
    write("dies.ipynb", ["process.kill(process.pid, 'SIGKILL')"]);
    write("no-error.ipynb", ["'fine'", "raises-exception"]);
    mkdirSync(join(folder, "other"));
    write(join("other", "no-error.ipynb"), ["'from another folder'"]);
    writeFileSync(join(folder, "broken.ipynb"), "{");
    const flags = ["--preset", "tiny", "--workers", "2", "--timeout", "4", "--output-dir", join(folder, "out")];
    result = await notebooks(...flags, "*.ipynb", "other");
  });

  const of = (name: string) => result.report.notebooks.find(({ path }) => path.endsWith(name));

  test("ends with 1 and reports each", () => {
    expect(result.code).toBe(1);
    expect([result.report.passed, result.report.failed]).toEqual([2, 5]);
    expect(of("good.ipynb")).toMatchObject({ status: "ok" });
    expect(of("other/no-error.ipynb")).toMatchObject({ status: "ok" });
    expect(of("type-error.ipynb")?.failure).toMatchObject({ cell: 2, cellId: "c1", reason: "error" });
    expect(of("hangs.ipynb")?.failure).toMatchObject({ cell: 1, reason: "timeout" });
    expect(of("dies.ipynb")?.failure).toMatchObject({ cell: 1, reason: "dead" });
    expect(of(`${basename(folder)}/no-error.ipynb`)?.failure).toMatchObject({ cell: 1, reason: "no error" });
    expect(of("broken.ipynb")?.problem).toMatch(/not JSON/);
  });

  test("prints the traceback of what failed", () => {
    expect(result.said).toMatch(/TS2322/);
    expect(result.said).toMatch(/const text: string = 5;/);
  });

  test("writes the executed copies, also of a failed notebook as far as it came", () => {
    const good = executed("good.ipynb");
    expect(good.cells.map((cell) => cell.id)).toEqual(["c0", "injected-parameters", "c1", "c2", "c3", "c4", "c5"]);
    expect(good.cells[2].outputs).toEqual([
      { output_type: "stream", name: "stdout", text: `tiny 1 ${realpathSync(folder)}\n` },
    ]);
    expect(good.cells[4].outputs).toMatchObject([{ output_type: "execute_result", data: { "text/plain": "2" } }]);
    expect(good.metadata["kernelspec"]).toMatchObject({ name: "recsys-unlearning" });
    const failed = executed("type-error.ipynb");
    expect(failed.cells[1].outputs).toMatchObject([{ output_type: "error", ename: "TypeScriptError" }]);
    expect(failed.cells[2].execution_count).toBeNull();
  });

  test("names what killed a kernel, in the report and in the copy", () => {
    expect(of("dies.ipynb")?.failure).toMatchObject({
      ename: "KernelDied",
      evalue: expect.stringMatching(/SIGKILL/) as string,
    });
    expect(executed("dies.ipynb").cells[0].outputs).toMatchObject([{ output_type: "error", ename: "KernelDied" }]);
  });

  test("two notebooks of one name are two copies", () => {
    const copy = (...place: string[]) => readFileSync(join(folder, "out", ...place), "utf8");
    expect(copy("no-error.ipynb")).toContain(`"'fine'"`);
    expect(copy("other", "no-error.ipynb")).toContain(`"from another folder"`);
  });

  test("--resume runs again only what failed", async () => {
    write("type-error.ipynb", ["1"]);
    const again = await notebooks("--resume", "--output-dir", join(folder, "out"), "good.ipynb", "type-error.ipynb");
    expect(again.report.notebooks.map(({ path, status }) => [path.split("/").at(-1), status])).toEqual([
      ["type-error.ipynb", "ok"],
    ]);
    expect(again.code).toBe(0);
  });
});

describe("no notebook costs more than itself", () => {
  const of = (report: Report, name: string) => report.notebooks.find(({ path }) => path.endsWith(name));
  const raw = (name: string, notebook: object) => writeFileSync(join(folder, "odd", name), JSON.stringify(notebook));
  const one = (cell: object, metadata: object = {}) => ({
    cells: [{ cell_type: "code", id: "c0", metadata: {}, source: "1", outputs: [], execution_count: null, ...cell }],
    ...{ metadata, nbformat: 4, nbformat_minor: 5 },
  });

  test("odd files are read, or named, and every notebook has its report", async () => {
    mkdirSync(join(folder, "odd"), { recursive: true });
    raw(
      "no-data.ipynb",
      one({ outputs: [{ output_type: "display_data" }, { output_type: "stream" }, { output_type: "error" }] }),
    );
    const deep = JSON.parse(`${'{"a":'.repeat(3000)}1${"}".repeat(3000)}`) as object;
    raw("deep.ipynb", one({ metadata: deep }));
    raw("unknown-output.ipynb", one({ outputs: [{ output_type: "pyout" }] }));
    raw(
      "progress.ipynb",
      one({
        source:
          "({ [Symbol.for('Jupyter.display')]: () => ({ 'application/vnd.recsys-unlearning.progress+json': [null, 5] }) })",
      }),
    );
    raw("python.ipynb", one({}, { kernelspec: { name: "python3", display_name: "Python 3" } }));
    raw("python-too.ipynb", one({}, { language_info: { name: "python" } }));
    mkdirSync(join(folder, "odd", "folder.ipynb"));
    const { report, code } = await notebooks("--output-dir", join(folder, "odd-out"), "--workers", "2", "odd");
    expect(code).toBe(1);
    expect(report.notebooks).toHaveLength(6);
    expect(of(report, "no-data.ipynb")).toMatchObject({ status: "ok" });
    expect(of(report, "progress.ipynb")).toMatchObject({ status: "ok" });
    expect(of(report, "deep.ipynb")?.problem).toMatch(/nested more than 500 levels/);
    expect(of(report, "unknown-output.ipynb")?.problem).toMatch(/unknown type of output "pyout"/);
    expect(of(report, "python.ipynb")?.problem).toMatch(/another kernel, "python3"/);
    expect(of(report, "python-too.ipynb")?.problem).toMatch(/another kernel, "python"/);
    expect(existsSync(join(folder, "odd-out", "python.ipynb"))).toBe(false);
    expect((await notebooks("--check", "odd/no-data.ipynb")).report.notebooks[0].status).toBe("different");
  });

  test("an output folder that is a file, and a state that cannot be kept, are reports, too", async () => {
    write("fine.ipynb", ["1"]);
    writeFileSync(join(folder, "a-file"), "");
    const state = { RECSYS_RUN_STATE: join(folder, "a-file", "state.json") };
    const { report, said } = await notebooksWith(state, "--output-dir", join(folder, "a-file"), "fine.ipynb");
    expect(report.notebooks[0].problem).toMatch(/cannot be written[^]*--output-dir/);
    expect(said).toMatch(/not remembered for --resume/);
  });

  test("no copy is written over a notebook", async () => {
    write("alone.ipynb", ["1"]);
    const command = [inRepository("kernel/dist/commands/notebooks.js"), "--output-dir", folder, "alone.ipynb"];
    await expect(promisify(execFile)(process.execPath, command, { cwd: folder })).rejects.toMatchObject({
      stderr: expect.stringMatching(/would be written over/) as string,
    });
  });
});

describe("parameters", () => {
  const out = join(folder, "parameters");
  const declared = "const { rate, deep: [first] } = { rate: 0.1, deep: [5] };\nlet id = 1; let big = 2n;";

  long("are found in patterns, too, and go to a bigint; ids of the runner's own never collide", async () => {
    write("patterns.ipynb", [declared, "parameters"], ["[rate, first, id, big]"]);
    const cell = (rest: object) => {
      return { cell_type: "code", metadata: {}, source: "1", outputs: [], execution_count: null, ...rest };
    };
    const cells = [
      cell({ id: "cell-2" }),
      cell({}),
      cell({ id: "injected-parameters" }),
      cell({ source: declared, metadata: { tags: ["parameters"] } }),
    ];
    writeFileSync(join(folder, "ids.ipynb"), JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }));
    const given = ["--parameter", "rate=0.5", "--parameter", "big=9007199254740993"];
    const { report } = await notebooks(...given, "--output-dir", out, "patterns.ipynb", "ids.ipynb");
    expect(report.notebooks.map(({ status }) => status)).toEqual(["ok", "ok"]);
    expect(readFileSync(join(out, "patterns.ipynb"), "utf8")).toContain("[ 0.5, 5, 1, 9007199254740993n ]");
    const ids = parseNotebook(readFileSync(join(out, "ids.ipynb"), "utf8"), "ids").cells.map(({ id }) => id);
    expect(new Set(ids).size).toBe(5);
  });

  test("that a number cannot hold are refused", async () => {
    write("too-large.ipynb", [declared, "parameters"]);
    const lost = await notebooks("--parameter", "id=9007199254740993", "--output-dir", out, "too-large.ipynb");
    expect(lost.report.notebooks[0].problem).toMatch(/cannot hold 9007199254740993/);
  });
});

describe.runIf(process.env["RECSYS_TEST_FULL"] === "1")("one run with another home and little memory", () => {
  let result: Awaited<ReturnType<typeof notebooks>>;
  const outputsOf = (name: string) =>
    parseNotebook(readFileSync(join(folder, "elsewhere", name), "utf8"), name).cells[0].outputs;

  beforeAll(async () => {
    write("hungry.ipynb", ["const hog: unknown[] = []; for (;;) hog.push(new Array(100_000).fill(Math.random()));"]);
    write("paths.ipynb", ["console.log(process.env['HOME'] + '/x', process.env['HOME'] + 'ow/y')"]);
    const variables = { HOME: "/home/mea", NODE_OPTIONS: "--max-old-space-size=300" };
    const flags = ["--workers", "2", "--output-dir", join(folder, "elsewhere")];
    result = await notebooksWith(variables, ...flags, "hungry.ipynb", "paths.ipynb");
  });

  test("a kernel that runs out of memory is named in the report and in the copy", () => {
    expect(result.report.notebooks[0].failure).toMatchObject({
      ename: "OutOfMemory",
      evalue: expect.stringMatching(/more memory/) as string,
    });
    expect(outputsOf("hungry.ipynb")).toMatchObject([{ output_type: "error", ename: "OutOfMemory" }]);
  });

  test("machine paths are masked as whole prefixes only, whatever HOME is", () => {
    const shown = (home: string) =>
      [`a/b`, `/rooted/x`, `${home}/x`, `${home}ow/y`, `/mnt${home}/z`, `file://${home}/w`].join(" ");
    const masked = (home: string) => maskPaths(shown(home), [{ folder: home, by: "~" }]);
    expect(masked("/home/mea")).toBe("a/b /rooted/x ~/x /home/meaow/y /mnt/home/mea/z ~/w");
    expect(masked("/")).toBe(shown("/"));
    expect(masked("")).toBe(shown(""));
    expect(outputsOf("paths.ipynb")).toMatchObject([{ text: "~/x /home/meaow/y\n" }]);
  });
});

describe("notebooks in their place", () => {
  const text = (name: string) => readFileSync(join(folder, name), "utf8");

  test("--in-place stores the outputs, in a link's target and with its mode; one that fails stays as it was", async () => {
    write("kept.ipynb", ["6 * 7"], ["console.log(Date.now())", "timing"]);
    write("stops.ipynb", ["'one'"], ["throw new Error('stop')"], ["'three'"]);
    const before = text("stops.ipynb");
    chmodSync(join(folder, "kept.ipynb"), 0o640);
    symlinkSync("kept.ipynb", join(folder, "link.ipynb"));
    const { code, report } = await notebooks("--in-place", "--workers", "2", "link.ipynb", "kept.ipynb", "stops.ipynb");
    expect(code).toBe(1);
    expect(report.notebooks.map(({ status }) => status)).toEqual(["ok", "failed"]);
    expect(text("stops.ipynb")).toBe(before);
    expect(lstatSync(join(folder, "link.ipynb")).isSymbolicLink()).toBe(true);
    expect(text("kept.ipynb")).toContain("execute_result");
    expect(statSync(join(folder, "kept.ipynb")).mode & 0o777).toBe(0o640);
  });

  test("--check finds what no longer agrees and leaves the file alone; a read-only file is refused in place", async () => {
    writeFileSync(join(folder, "changed.ipynb"), text("kept.ipynb").replaceAll('"42"', '"43"'));
    const { code, report } = await notebooks("--check", "--workers", "2", "kept.ipynb", "changed.ipynb");
    expect(code).toBe(1);
    const [changed, kept] = report.notebooks;
    expect(changed).toMatchObject({ status: "different", differences: [{ cell: 1 }] });
    expect(kept.status).toBe("ok");
    expect(text("changed.ipynb")).toContain('"43"');
    chmodSync(join(folder, "kept.ipynb"), 0o440);
    expect((await notebooks("--in-place", "kept.ipynb")).report.notebooks[0].problem).toMatch(/read-only/);
  });
});

test("a runner that is killed leaves no kernel behind", async () => {
  write("long.ipynb", [
    "import { writeFileSync } from 'node:fs'; writeFileSync(process.env['PID_FILE']!, String(process.pid)); for (;;);",
  ]);
  const pidFile = join(folder, "pid");
  const command = [
    inRepository("kernel/dist/commands/notebooks.js"),
    "--output-dir",
    join(folder, "out"),
    "long.ipynb",
  ];
  const child = spawn(process.execPath, command, {
    cwd: folder,
    env: { ...process.env, PID_FILE: pidFile },
    stdio: "ignore",
  });
  // A file that exists may still be empty; 0 would stand for this process's own group, which lives on.
  const pid = () => (existsSync(pidFile) ? Number(readFileSync(pidFile, "utf8")) : 0);
  await expect.poll(pid, { timeout: 20_000 }).toBeGreaterThan(0);
  child.kill("SIGKILL");
  const kernel = pid();
  const isAlive = () => {
    try {
      return process.kill(kernel, 0);
    } catch {
      return false;
    }
  };
  expect(isAlive()).toBe(true);
  await expect.poll(isAlive, { timeout: 5000 }).toBe(false);
});

test("an unknown parameter is refused with the nearest, a pattern without notebooks by name", async () => {
  write("small.ipynb", ["const epochs = 1;", "parameters"]);
  const { report } = await notebooks("--parameter", "epoch=2", "small.ipynb");
  expect(report.notebooks[0].problem).toMatch(/did you mean "epochs"/);
  const command = [inRepository("kernel/dist/commands/notebooks.js"), "nowhere/*.ipynb"];
  await expect(promisify(execFile)(process.execPath, command, { cwd: folder })).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('no notebook matches "nowhere/*.ipynb"') as string,
  });
  expect(existsSync(join(folder, "nowhere"))).toBe(false);
});
