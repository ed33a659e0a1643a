// Code of lib that changes while a kernel runs: in a checkout of its own, so that nobody else sees the change.
import { appendFileSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { KernelClient } from "recsys-unlearning-kernel";
import { Checkout } from "./checkout";
import { errorOf, printed, resultText } from "./scenario";
import { long } from "../long";

let checkout: Checkout;
let kernel: KernelClient;
let minutes = 1;

beforeAll(async () => {
  checkout = new Checkout();
  kernel = await KernelClient.start({ argv: checkout.kernelArgv(), cwd: checkout.root });
});
afterAll(async () => {
  await kernel.shutdown();
  checkout.remove();
});

const run = (code: string) => kernel.execute(code, { timeoutMs: 20_000, stop_on_error: false });

/** Gives a file a time later than all before. */
function touch(path: string): void {
  const time = Date.now() / 1000 + 60 * minutes++;
  utimesSync(path, time, time);
}

/** What a build does to one module: other JavaScript, other types, and the build's own note. */
function rebuild(module: string, change: (javaScript: string) => string, types = ""): void {
  const path = checkout.path("lib", "dist", `${module}.js`);
  writeFileSync(path, change(readFileSync(path, "utf8")));
  if (types !== "") appendFileSync(path.replace(/\.js$/, ".d.ts"), types);
  touch(path);
  touch(checkout.path("lib", "dist", ".tsbuildinfo"));
}

test("a rebuilt lib is not used unawares, and reload() puts it into variables and functions of earlier cells", async () => {
  await run('import * as core from "recsys-unlearning/core"; import { sha256 } from "recsys-unlearning/core";');
  await run(
    'import { reload } from "recsys-unlearning/notebook"; const digest = (text: string) => core.sha256(text).slice(0, 6);',
  );
  expect(resultText(await run("[sha256('a').slice(0, 6), digest('a')]"))).toBe("[ 'ca9781', 'ca9781' ]");

  rebuild("core/hash", (code) =>
    code.replace("function sha256(content) {", 'function sha256(content) { return "rebuilt";'),
  );
  const stale = await run("sha256('a').length");
  expect(resultText(stale)).toBe("64");
  expect(printed(stale.outputs, "stderr")).toMatch(/built anew.*core\/hash.*reload\(\)/);
  expect(printed((await run("1")).outputs, "stderr")).toBe("");

  expect(resultText(await run("reload().variables.includes('sha256')"))).toBe("true");
  expect(resultText(await run("[sha256('a'), digest('a'), core.sha256('a')]"))).toBe(
    "[ 'rebuilt', 'rebuil', 'rebuilt' ]",
  );
});

test("what a rebuild adds is there after reload(), with its types", async () => {
  rebuild(
    "core/index",
    (code) => `${code}\nexports.answer = () => 42;\n`,
    "\nexport declare function answer(): number;\n",
  );
  await run("reload()");
  expect(resultText(await run('import { answer } from "recsys-unlearning/core"; answer()'))).toBe("42");
});

long("sources newer than the build are said", async () => {
  const fresh = await KernelClient.start({ argv: checkout.kernelArgv(), cwd: checkout.root });
  const source = checkout.path("lib", "edited.ts");
  writeFileSync(source, "export {};\n");
  touch(source);
  const execution = await fresh.execute('import "recsys-unlearning/tables";', { timeoutMs: 20_000 });
  await fresh.shutdown();
  expect(printed(execution.outputs, "stderr")).toContain(
    "lib/edited.ts is newer than the last build: run npm run build",
  );
});

test("a rebuild that does not load leaves everything as it was", async () => {
  rebuild("core/clock", (code) => `throw new Error("half built");\n${code}`);
  expect(errorOf(await run("reload()"))?.evalue).toBe("half built");
  expect(resultText(await run("digest('a')"))).toBe("rebuil");
});
