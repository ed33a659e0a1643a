// Clients that others wrote: nbclient and nbconvert on notebooks, JupyterLab's own services through its server.
import { execFile } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { KernelManager, ServerConnection } from "@jupyterlab/services";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inRepository } from "recsys-unlearning/core";
import {
  differences,
  executeNotebook,
  findNotebooks,
  type NotebookCell,
  readNotebook,
  writeNotebook,
} from "recsys-unlearning-kernel";
import { peerPython, peersBin } from "../../bench/peers";
import { LabServer } from "../browser/lab-server";

const python = peerPython();
if (python === null) console.log("skipped: independent clients of the kernel are not installed (npm run peers)");

const folder = mkdtempSync(join(tmpdir(), "clients-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

const sources: readonly [source: string, ...tags: string[]][] = [
  [
    'import { core } from "recsys-unlearning";\nimport * as tslab from "tslab";\nconst draw = core.Random.fromSeed(5).uniform();',
  ],
  ["console.log('a'); console.error('b'); draw"],
  ["tslab.display.html('<b>bold</b>'); const shown = tslab.newDisplay(); shown.text('1'); shown.text('2');"],
  ["for (let i = 0; i < 20000; i++) console.log(i);"],
  ["function fail(): never {\n  throw new RangeError('meant');\n}\nfail();", "raises-exception"],
  ["const text: string = 5;", "raises-exception"],
  [
    "await (async () => ({ [Symbol.for('Jupyter.display')]: () => ({ 'application/json': { a: [1] }, 'text/plain': 'x' }) }))()",
  ],
  ["Date.now()", "timing"],
];

describe.skipIf(python === null)("nbclient and nbconvert", () => {
  const path = join(folder, "features.ipynb");
  const env = { ...process.env, JUPYTER_PATH: inRepository("kernel", "share", "jupyter") };

  beforeAll(async () => {
    const cells = sources.map(([source, ...tags], index): NotebookCell => {
      return { cell_type: "code", id: `c${index}`, metadata: { tags }, source, outputs: [], execution_count: null };
    });
    const metadata = { kernelspec: { name: "recsys-unlearning", display_name: "", language: "typescript" } };
    await writeNotebook(path, { cells, metadata, nbformat: 4, nbformat_minor: 5 });
  });

  test.each([
    ["jupyter-execute (nbclient)", ["jupyter-execute", "--output", "theirs", path]],
    ["jupyter-nbconvert", ["jupyter-nbconvert", "--to", "notebook", "--execute", path, "--output", "theirs.ipynb"]],
  ])(
    "%s gets the outputs that our runner gets, in a notebook that nbformat finds valid",
    async (_, [command, ...args]) => {
      await promisify(execFile)(join(peersBin, command), args, { cwd: folder, env, timeout: 60_000 });
      const theirs = join(folder, "theirs.ipynb");
      const { notebook: ours, failure } = await executeNotebook(await readNotebook(path));
      expect(failure).toBeUndefined();
      expect(differences(ours, await readNotebook(theirs))).toEqual([]);
      await writeNotebook(join(folder, "ours.ipynb"), ours);
      const check = "import nbformat, sys; nbformat.validate(nbformat.read(sys.argv[1], 4))";
      await promisify(execFile)(python ?? "", ["-c", check, join(folder, "ours.ipynb")]);
    },
  );
});

describe.skipIf(python === null)("nbclient on the committed notebooks", () => {
  const env = { ...process.env, JUPYTER_PATH: inRepository("kernel", "share", "jupyter") };

  test.each(findNotebooks(["notebooks"], inRepository()).map((path) => [basename(path), path] as const))(
    "%s gets the outputs that are committed, which are our runner's",
    async (name, path) => {
      const copy = join(folder, name);
      copyFileSync(path, copy);
      const args = ["--inplace", "--timeout", "300", copy];
      await promisify(execFile)(join(peersBin, "jupyter-execute"), args, { cwd: folder, env, timeout: 300_000 });
      expect(differences(await readNotebook(path), await readNotebook(copy))).toEqual([]);
    },
    310_000,
  );
});

describe.skipIf(python === null)("JupyterLab's services through its server", () => {
  let server: LabServer;
  let manager: KernelManager;

  beforeAll(async () => {
    server = await LabServer.start();
    const { baseUrl, token } = server;
    const wsUrl = baseUrl.replace("http", "ws");
    manager = new KernelManager({ serverSettings: ServerConnection.makeSettings({ baseUrl, wsUrl, token }) });
  });
  afterAll(async () => {
    await manager.shutdownAll();
    manager.dispose();
    await server.stop();
  });

  test("a kernel is found by its name, runs cells, shows errors, completes, is interrupted and restarts", async () => {
    const kernel = await manager.startNew({ name: "recsys-unlearning" });
    const run = async (code: string) => {
      const seen: { type: string; content: Record<string, unknown> }[] = [];
      const future = kernel.requestExecute({ code });
      future.onIOPub = ({ header, content }) => void seen.push({ type: header.msg_type, content: content as never });
      const reply = await future.done;
      return { reply: reply.content as { status: string; ename?: string }, seen };
    };
    expect((await kernel.info).implementation).toBe("recsys-unlearning");
    const sum = await run("const a = 40; a + 2");
    expect(sum.seen.find(({ type }) => type === "execute_result")?.content["data"]).toEqual({ "text/plain": "42" });
    expect((await run("throw new RangeError('x')")).reply).toMatchObject({ status: "error", ename: "RangeError" });
    expect((await kernel.requestComplete({ code: "Math.flo", cursor_pos: 8 })).content).toMatchObject({
      matches: ["floor"],
    });

    const endless = run("await null; for (;;);");
    await new Promise((resolve) => setTimeout(resolve, 500));
    await kernel.interrupt();
    expect((await endless).reply.ename).toBe("Interrupted");
    expect((await run("a")).reply.status).toBe("ok");
    await kernel.restart();
    expect((await run("a")).reply.ename).toBe("TypeScriptError");
    await kernel.shutdown();
  });
});
