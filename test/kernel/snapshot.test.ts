// A kernel from the startup snapshot is the same kernel: what it says is compared with what one without says.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kernelArgv, KernelClient } from "recsys-unlearning-kernel";
import { KeptFiles } from "../../kernel/snapshot/kept-files";
import { snapshotScript } from "../../kernel/snapshot/script";
import { Checkout } from "./checkout";

const argv = kernelArgv();
const at = argv.indexOf("--snapshot-blob");
const plainArgv = argv.filter((_, word) => at < 0 || (word !== at && word !== at + 1));

const cells: Readonly<Record<string, string>> = {
  value: "const shares: number[] = [0.25, 0.5]; shares.map((share) => share * 2)",
  "a type error": "const name: string = shares; name.toUpperCase()",
  "an error of syntax": "const = 3;",
  "an exception": 'throw new RangeError("no such share");',
  "Node and lib":
    'import { sep } from "node:path"; import { Random } from "recsys-unlearning/core"; [sep, Random.fromSeed(1).integer(9)]',
  "a file beside the notebook": 'import { twice } from "./twice"; twice(4)',
  "another Node":
    'import { execFileSync, fork } from "node:child_process"; [execFileSync(process.execPath, ["-p", "1 + 1"]).toString(), await new Promise((done) => fork("./child.cjs").on("message", done)), typeof console.Console]',
};

describe.skipIf(at < 0)("a kernel from the startup snapshot", () => {
  // Not below the project: its packages are seen beside the notebook, under other names than those in the snapshot.
  const folder = mkdtempSync(join(tmpdir(), "snapshot-"));
  let kernels: KernelClient[] = [];
  beforeAll(async () => {
    writeFileSync(join(folder, "twice.ts"), "export const twice = (value: number): number => 2 * value;\n");
    writeFileSync(join(folder, "child.cjs"), "process.send(process.execArgv.join());\n");
    kernels = await Promise.all([argv, plainArgv].map((one) => KernelClient.start({ argv: one, cwd: folder })));
  });
  afterAll(async () => {
    await Promise.all(kernels.map((kernel) => kernel.shutdown()));
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(Object.keys(cells))("says what one without says: %s", async (name) => {
    const run = async (kernel: KernelClient) => {
      const { status, outputs } = await kernel.execute(cells[name], { stop_on_error: false });
      return { status, outputs };
    };
    const [from, without] = await Promise.all(kernels.map(run));
    expect(from).toEqual(without);
    expect(from.outputs.length).toBeGreaterThan(0);
  });

  test.each(["inspect_request", "complete_request"])("answers as one without: %s", async (type) => {
    const code = 'import { readFileSync } from "node:fs"; readFileSync("a", "utf8").repe';
    const ask = async (kernel: KernelClient, cursor_pos: number) =>
      (await kernel.request("shell", type, { code, cursor_pos, detail_level: 0 })).content;
    for (const place of [code.lastIndexOf("readFileSync") + 4, code.length]) {
      const [from, without] = await Promise.all(kernels.map((kernel) => ask(kernel, place)));
      expect(from).toEqual(without);
    }
  });
});

describe.skipIf(at < 0)("a snapshot that does not fit", () => {
  const checkout = new Checkout();
  afterAll(() => checkout.remove());
  const blob = checkout.path("kernel", "dist", "snapshot", basename(argv[at + 1]));
  const flags = () => {
    const image = JSON.stringify(checkout.path("kernel", "dist", "snapshot", "image.js"));
    const script = `console.log(JSON.stringify(require(${image}).snapshotFlags()))`;
    return JSON.parse(execFileSync(process.execPath, ["-e", script], { encoding: "utf8" })) as string[];
  };

  test("is not used: cut off, or with a damaged note", () => {
    expect(flags()).toEqual(["--snapshot-blob", blob]);
    truncateSync(blob, 1000);
    expect(flags()).toEqual([]);
    writeFileSync(`${blob}.json`, "{");
    expect(flags()).toEqual([]);
  });
});

test("the kernel says its compiler's version without loading the compiler, which the snapshot holds", () => {
  const folder = join(__dirname, "..", "..", "kernel", "dist", "server");
  const script = `const info = require(${JSON.stringify(join(folder, "kernel-info.js"))}).kernelInfo("1");
    const { compilerPath } = require(${JSON.stringify(join(folder, "compiler.js"))});
    const isLoaded = compilerPath() in require.cache;
    console.log(JSON.stringify([isLoaded, info.language_info.version, require(compilerPath()).version]))`;
  const printed = execFileSync(process.execPath, ["-e", script], { encoding: "utf8" });
  const [isLoaded, said, version] = JSON.parse(printed) as [boolean, string, string];
  expect(isLoaded).toBe(false);
  expect(said).toBe(version);
});

describe("what the snapshot keeps", () => {
  const file = (fileName: string, text: string, more = {}) =>
    ({ fileName, text, languageVersion: 9, ...more }) as never;

  test("a file is given once, for the same text and language only", () => {
    const kept = new KeptFiles();
    kept.keep([file("/a/lib.d.ts", "x")]);
    expect(kept.take("/a/lib.d.ts", "y", 9)).toBeUndefined();
    expect(kept.take("/a/lib.d.ts", "x", 8)).toBeUndefined();
    expect(kept.take("/b/lib.d.ts", "x", 9)).toBeUndefined();
    expect(kept.take("/a/lib.d.ts", "x", { languageVersion: 9 })).toBeDefined();
    expect(kept.take("/a/lib.d.ts", "x", 9)).toBeUndefined();
  });

  test("a package's file is the same below another folder, and its module has the name of its new place", () => {
    const kept = new KeptFiles();
    const symbol = { escapedName: '"/a/node_modules/p/index"' };
    kept.keep([file("/a/node_modules/p/index.d.ts", "x", { externalModuleIndicator: {}, symbol })]);
    const taken = kept.take("/b/node_modules/p/index.d.ts", "x", 9);
    expect(taken?.fileName).toBe("/b/node_modules/p/index.d.ts");
    expect(symbol.escapedName).toBe('"/b/node_modules/p/index"');
  });

  test("another compiler is not touched", () => {
    const folder = mkdtempSync(join(tmpdir(), "compiler-"));
    const path = join(folder, "typescript.js");
    writeFileSync(path, "exports.createSourceFile = () => undefined;");
    expect(snapshotScript(path, { options: {}, files: [] })).toBeUndefined();
    rmSync(folder, { recursive: true });
  });
});
