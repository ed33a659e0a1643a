// Cells that take apart what they share with the kernel: it keeps what it needs from before the first cell.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { KernelClient } from "recsys-unlearning-kernel";
import { errorOf, plainText, printed, resultText } from "./scenario";
import { long } from "../long";

const full = process.env["RECSYS_TEST_FULL"] === "1";

let kernel: KernelClient;
beforeAll(async () => {
  kernel = await KernelClient.start();
});
afterAll(() => kernel.shutdown());

const run = (code: string) => kernel.execute(code, { timeoutMs: 60_000, stop_on_error: false });
const traceback = async (code: string) => plainText(errorOf(await run(code))?.traceback.join("\n") ?? "");

describe("what nobody caught is an error of its cell, and the kernel lives", () => {
  long(
    "after a session model was trained: its tensor backend listens for the same errors, and throws them again",
    async () => {
      await run(`import { generateInteractions, sessionDataset } from "recsys-unlearning/data";
      import { fitSessionModel } from "recsys-unlearning/training";
      const interactions = generateInteractions({ seed: 3 });
      const sessions = sessionDataset({ name: "made up", interactions, dataHash: "none" });
      const trained = await fitSessionModel("gru4rec", sessions, { epochs: 1, patience: 1 });`);
      expect(errorOf(await run("void Promise.reject(new RangeError('nobody waits')); 1"))?.ename).toBe("RangeError");
      expect(
        errorOf(
          await run("setTimeout(() => { throw new Error('late'); }, 5); await new Promise((r) => setTimeout(r, 60))"),
        ),
      ).toMatchObject({ evalue: "late" });
      expect(resultText(await run("trained.epochs"))).toBe("1");
    },
  );

  test.each([
    ["a listener that throws", "process.on('unhandledRejection', (reason) => { throw reason; })"],
    ["a listener that ends the process", "process.on('uncaughtException', () => process.exit(7))"],
    ["a monitor that throws", "process.on('uncaughtExceptionMonitor', () => { throw new Error('monitor'); })"],
    ["no listeners at all", "process.removeAllListeners()"],
    [
      "another process.emit",
      "const theirEmit = process.emit; process.emit = function (this: any, ...all: any[]) { return all[0] === 'exit' && (theirEmit as any).apply(this, all); } as never",
    ],
  ])("%s", async (_, code) => {
    await run(code);
    expect(errorOf(await run("void (async () => { throw new Error('lost'); })(); 1"))).toMatchObject({
      evalue: "lost",
    });
    expect(
      errorOf(
        await run("setTimeout(() => { throw new Error('late'); }, 5); await new Promise((r) => setTimeout(r, 60))"),
      ),
    ).toMatchObject({ evalue: "late" });
    expect(resultText(await run("'alive'"))).toBe("alive");
  });
});

test("what nobody caught while no cell runs is told with the last cell", async () => {
  const { outputs } = await run("setTimeout(() => { throw new RangeError('left behind'); }, 20); 1");
  await expect.poll(() => plainText(printed(outputs, "stderr")), { timeout: 5000 }).toMatch(/RangeError: left behind/);
  expect(resultText(await run("'alive'"))).toBe("alive");
});

describe("an error that misbehaves is told all the same", () => {
  test.each([
    ["message is null", "Object.assign(new Error('x'), { message: null })", "Error", "null"],
    [
      "message is a symbol",
      "Object.assign(new TypeError('x'), { message: Symbol('why') })",
      "TypeError",
      "Symbol(why)",
    ],
    ["message is an object", "Object.assign(new Error('x'), { message: { code: 418 } })", "Error", "{ code: 418 }"],
    ["message throws", "Object.defineProperty(new Error(), 'message', { get() { throw 1; } })", "Error", ""],
    ["name is a number", "Object.assign(new Error('x'), { name: 7 })", "Error", "x"],
    [
      "stack throws",
      "Object.defineProperty(new Error('x'), 'stack', { get() { throw new Error('inner'); } })",
      "Error",
      "x",
    ],
    ["stack is an object", "Object.assign(new Error('x'), { stack: { toString() { throw 1; } } })", "Error", "x"],
    ["it causes itself", "(() => { const e = new Error('x') as any; e.cause = e; return e; })()", "Error", "x"],
    [
      "its cause is a revoked proxy",
      "(() => { const r = Proxy.revocable({}, {}); r.revoke(); return new Error('x', { cause: r.proxy }); })()",
      "Error",
      "x",
    ],
    [
      "a revoked proxy",
      "(() => { const r = Proxy.revocable({}, {}); r.revoke(); return r.proxy; })()",
      "Thrown",
      "<Revoked Proxy>",
    ],
    [
      "a proxy that answers everything",
      "(() => { const all: any = new Proxy(() => 1, { get: () => all, apply: () => all }); return all; })()",
      "Thrown",
      expect.any(String),
    ],
    [
      "inspection throws",
      "({ [Symbol.for('nodejs.util.inspect.custom')]() { throw 1; }, get [Symbol.toStringTag]() { throw 2; } })",
      "Thrown",
      expect.any(String),
    ],
  ])("%s", async (_, value, ename, evalue) => {
    expect(errorOf(await run(`throw ${value}`))).toMatchObject({ ename, evalue });
    // The same from a timer, where nobody but the kernel could catch it.
    const late = await run(`setTimeout(() => { throw ${value}; }, 5); await new Promise((r) => setTimeout(r, 60))`);
    expect(errorOf(late)).toMatchObject({ ename });
    expect(resultText(await run("'alive'"))).toBe("alive");
  });

  test("a cell's own prepareStackTrace, which throws", async () => {
    await run("Error.prepareStackTrace = () => { throw new Error('no stack for you'); }");
    expect(await traceback("\nthrow new Error('mine')")).toMatch(/^Error: mine\n {4}at cell\[\d+\]:2:7\n/);
    await run("delete Error.prepareStackTrace");
    expect(await traceback("\n\nthrow new Error('mine')")).toMatch(/^Error: mine\n {4}at cell\[\d+\]:3:7\n/);
  });
});

describe("an error says what Node says of it", () => {
  test("its name alone, where it has no message", async () => {
    expect(await traceback("throw new RangeError('')")).toMatch(/^RangeError$/m);
  });

  test("the errors of an AggregateError, each with its place", async () => {
    const shown = await traceback(
      "await Promise.any([Promise.reject(new Error('a: 404')), Promise.reject(new RangeError('b'))])",
    );
    expect(shown).toMatch(/AggregateError: All promises were rejected[^]*Error: a: 404[^]*RangeError: b/);
  });

  test("a DOMException by its name, without compiled code", async () => {
    const error = errorOf(await run("structuredClone(() => 1)"));
    expect(error?.ename).toBe("DataCloneError");
    expect(error?.traceback.join("\n")).not.toMatch(/tsLastExpr/);
  });

  test("its further properties", async () => {
    const shown = await traceback("throw Object.assign(new Error('no room'), { code: 'E_FULL', left: 3 })");
    expect(shown).toMatch(/\{ code: 'E_FULL', left: 3 \}/);
  });

  test("the place in a file that cannot be parsed", async () => {
    const shown =
      await traceback(`import { writeFileSync } from "node:fs"; import { tmpdir } from "node:os"; import { join } from "node:path";
      const path = join(tmpdir(), \`half-\${process.pid}.cjs\`); writeFileSync(path, "let a;\\nlet b = (;\\n"); require(path)`);
    expect(shown).toMatch(/half-\d+\.cjs:2\nlet b = \(;\n {9}\^/);
    expect(shown).toMatch(/SyntaxError[^\n]*\n {4}at cell\[\d+\]:2:/);
  });

  test("console.trace its words", async () => {
    expect(printed((await run("console.trace('here we are')")).outputs, "stderr")).toMatch(
      /^Trace: here we are\n {4}at cell/,
    );
  });
});

describe("a value that misbehaves is shown all the same", () => {
  test.each([
    [
      "a revoked proxy",
      "(() => { const r = Proxy.revocable({}, {}); r.revoke(); return r.proxy; })()",
      "<Revoked Proxy>",
    ],
    [
      "a proxy that answers everything",
      "(() => { const all: any = new Proxy(() => 1, { get: () => all, apply: () => all, has: () => true }); return all; })()",
      expect.stringMatching(/Function/),
    ],
    ["a proxy whose traps throw", "new Proxy({ a: 1 }, { get() { throw 1; }, has() { throw 2; } })", "{ a: 1 }"],
  ])("%s", async (_, value, shown) => {
    expect(resultText(await run(value))).toEqual(shown);
  });
});

describe("what a cell replaces stays replaced for cells, and the kernel does not notice", () => {
  let own: KernelClient;
  beforeAll(async () => {
    own = await KernelClient.start();
  });
  afterAll(() => own.shutdown());

  const last = "Map, Set, Symbol, Error, Buffer";
  // One after the other in the same kernel: each has to bear those before it, too.
  test.each([
    ["fake timers", "import { mock } from 'node:test'; mock.timers.enable();"],
    ["timers that never fire", "globalThis.setTimeout = globalThis.setImmediate = (() => 0) as never;"],
    ["JSON.stringify and parse", "JSON.stringify = () => { throw new Error('no'); }; JSON.parse = () => 1;"],
    ["performance, Date", "Object.assign(globalThis, { performance: undefined, Date: undefined });"],
    ["Promise", "Object.assign(globalThis, { Promise: class {} });"],
    ["toJSON of everything", "(Object.prototype as any).toJSON = () => 1; (Array.prototype as any).toJSON = () => 2;"],
    [
      "the file system",
      "const fs = require('fs'); for (const name of Object.keys(fs)) try { fs[name] = () => { throw new Error('mocked'); }; } catch {}",
    ],
    ["process.cwd and chdir", "process.chdir('/'); process.cwd = () => { throw new Error('no'); };"],
    [
      "loaded modules",
      "for (const name of Object.keys(require.cache)) delete require.cache[name]; delete (globalThis as any).__tslab__;",
    ],
    [last, "Object.assign(globalThis, { Map: 0, Set: 0, Symbol: 0, Error: 0, Buffer: 0 });"],
  ])("%s", async (name, code) => {
    const runs = (cell: string) => own.execute(cell, { timeoutMs: 60_000, stop_on_error: false });
    expect((await runs(code)).status).toBe("ok");
    const compiled = "const half = 21; interface A { b: number } const a: A = { b: half }; a.b * 2";
    expect(resultText(await runs(compiled))).toBe("42");
    expect(plainText(errorOf(await runs("const text: string = half;"))?.traceback.join("\n") ?? "")).toMatch(/TS2322/);
    if (!full && name !== last) return; // an interrupt after each takes its time
    const waiting = runs("for (;;);");
    await new Promise((resolve) => setTimeout(resolve, 400));
    await own.interrupt();
    expect(errorOf(await waiting)?.ename).toBe("Interrupted");
  });

  test("process.stdout.write is put back at the end of the cell, and that is said", async () => {
    const replacing = await run("process.stdout.write = (() => true) as never; console.log('into the void')");
    expect(printed(replacing.outputs, "stderr")).toContain("process.stdout.write");
    expect(printed((await run("console.log('heard')")).outputs)).toBe("heard\n");
  });
});
