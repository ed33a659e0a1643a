// The notebooks command on real notebooks and kernels.
import { execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inRepository } from "recsys-unlearning/core";
import { type NotebookCell, notebookText, type NotebookReport, parseNotebook } from "recsys-unlearning-kernel";

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
  const command = [inRepository("kernel/dist/commands/notebooks.js"), "--json", ...args];
  const env = { ...process.env, RECSYS_RUN_STATE: join(folder, "state.json") };
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
    writeFileSync(join(folder, "broken.ipynb"), "{");
    const args = [
      "--preset",
      "tiny",
      "--workers",
      "2",
      "--timeout",
      "4",
      "--output-dir",
      join(folder, "out"),
      "*.ipynb",
    ];
    result = await notebooks(...args);
  });

  const of = (name: string) => result.report.notebooks.find(({ path }) => path.endsWith(name));

  test("ends with 1 and reports each", () => {
    expect(result.code).toBe(1);
    expect([result.report.passed, result.report.failed]).toEqual([1, 5]);
    expect(of("good.ipynb")).toMatchObject({ status: "ok" });
    expect(of("type-error.ipynb")?.failure).toMatchObject({ cell: 2, cellId: "c1", reason: "error" });
    expect(of("hangs.ipynb")?.failure).toMatchObject({ cell: 1, reason: "timeout" });
    expect(of("dies.ipynb")?.failure).toMatchObject({ cell: 1, reason: "dead" });
    expect(of("no-error.ipynb")?.failure).toMatchObject({ cell: 1, reason: "no error" });
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

  test("--resume runs again only what failed", async () => {
    write("type-error.ipynb", ["1"]);
    const again = await notebooks("--resume", "--output-dir", join(folder, "out"), "good.ipynb", "type-error.ipynb");
    expect(again.report.notebooks.map(({ path, status }) => [path.split("/").at(-1), status])).toEqual([
      ["type-error.ipynb", "ok"],
    ]);
    expect(again.code).toBe(0);
  });
});

test("--in-place stores the outputs, --check finds what no longer agrees and leaves the file alone", async () => {
  write("kept.ipynb", ["6 * 7"], ["console.log(Date.now())", "timing"]);
  const path = join(folder, "kept.ipynb");
  expect((await notebooks("--in-place", "kept.ipynb")).code).toBe(0);
  const text = readFileSync(path, "utf8");
  expect((await notebooks("--check", "kept.ipynb")).report.notebooks[0].status).toBe("ok");
  writeFileSync(path, text.replaceAll('"42"', '"43"'));
  const { code, report } = await notebooks("--check", "kept.ipynb");
  expect(code).toBe(1);
  expect(report.notebooks[0]).toMatchObject({ status: "different", differences: [{ cell: 1 }] });
  expect(readFileSync(path, "utf8")).toContain('"43"');
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
  await expect.poll(() => existsSync(pidFile), { timeout: 20_000 }).toBe(true);
  child.kill("SIGKILL");
  const kernel = Number(readFileSync(pidFile, "utf8"));
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
