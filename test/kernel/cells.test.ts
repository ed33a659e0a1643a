// What cells may be, and what one leaves to the next.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { KernelClient } from "recsys-unlearning-kernel";
import { errorOf, plainText, printed, resultText } from "./scenario";

let kernel: KernelClient;
beforeAll(async () => {
  kernel = await KernelClient.start();
});
afterAll(() => kernel.shutdown());

const run = (code: string) => kernel.execute(code, { timeoutMs: 20_000, stop_on_error: false });
/** The values of cells that run one after another. */
async function values(...cells: string[]): Promise<(string | undefined)[]> {
  const shown: (string | undefined)[] = [];
  for (const cell of cells) {
    const execution = await run(cell);
    shown.push(resultText(execution) ?? errorOf(execution)?.evalue ?? execution.status);
  }
  return shown;
}
const tracebackOf = async (code: string) => plainText(errorOf(await run(code))?.traceback.join("\n") ?? "");

describe("a cell that fails half-way", () => {
  test("leaves what it has set, with its types, and says so", async () => {
    const shown = await tracebackOf(
      "import { sep } from 'node:path';\nconst fitted = await Promise.resolve({ w: [1] });\nclass Half {}\nthrow new Error('x');\nconst unreached = 1;",
    );
    expect(shown).toMatch(/kept of this cell: sep, fitted, Half; not set: unreached/);
    expect(await values("fitted.w.concat(sep.length)", "new Half()")).toEqual(["[ 1, 1 ]", "Half {}"]);
    expect(await tracebackOf("unreached")).toMatch(/Cannot find name 'unreached'/);
  });

  test("never leaves a value under another's type", async () => {
    await run("let level: number = 1; let other = 2;");
    await run("let level = 'high'; throw new Error('x'); let other = 'low';");
    expect(await tracebackOf("const n: number = level")).toMatch(/'string' is not assignable to type 'number'/);
    expect(await values("level.toUpperCase()", "other + 1")).toEqual(["HIGH", "3"]);
  });

  test("changes no later cell's variables when it goes on in the background", async () => {
    const slow = run("let mine = 1; await new Promise((r) => setTimeout(r, 900)); mine = 3; let late = 5; late");
    await new Promise((resolve) => setTimeout(resolve, 400));
    await kernel.interrupt();
    await slow;
    await run("let mine = 'text', late = 'other';");
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(await values("[mine, late]")).toEqual(["[ 'text', 'other' ]"]);
  });
});

describe("declarations hold from cell to cell to cell", () => {
  test.each([
    [
      "namespaces",
      "namespace Shape { export const sides = 3; export interface Point { x: number } }",
      "const p: Shape.Point = { x: Shape.sides }; p.x",
      "3",
    ],
    ["nested namespaces", "namespace Outer.Inner { export const depth = 2 }", "Outer.Inner.depth", "2"],
    [
      "import aliases",
      "namespace Deep { export namespace Down { export const at = 7 } }\nimport Down = Deep.Down;",
      "Down.at",
      "7",
    ],
    [
      "a function merged with a namespace",
      "function counter() { return counter.start }\nnamespace counter { export const start = 4 }",
      "counter() + counter.start",
      "8",
    ],
    [
      "a class merged with an interface",
      "interface Both { a?: number }\nclass Both { b = 5 }",
      "new Both().a ?? new Both().b",
      "5",
    ],
    ["an enum in two parts", "enum Colour { red = 1 }\nenum Colour { blue = 2 }", "Colour.red + Colour.blue", "3"],
    [
      "interfaces in two parts",
      "interface Parts { a: number }\ninterface Parts { b: number }",
      "const parts: Parts = { a: 1, b: 2 }; parts.b",
      "2",
    ],
    [
      "overloads",
      "function over(x: string): string;\nfunction over(x: number): number;\nfunction over(x: any) { return x }",
      "over(9).toFixed(1)",
      "9.0",
    ],
    [
      "names with underscores",
      "const __rows = [1], ___ = 2, __dirname = 'here';",
      "[__rows.length, ___, __dirname]",
      "[ 1, 2, 'here' ]",
    ],
    [
      "generic types",
      "type Pair<T> = [T, T]; const pair: Pair<number> = [1, 2];",
      "const more: Pair<string> = ['a', 'b']; more.length + pair[0]",
      "3",
    ],
    [
      "globals",
      "declare global { var answerToAll: number; interface Array<T> { second(): T } }\nglobalThis.answerToAll = 42; Array.prototype.second = function () { return this[1] };",
      "answerToAll + [1, 2].second()",
      "44",
    ],
    [
      "augmented modules",
      "import os from 'node:os';\ndeclare module 'node:os' { export function mine(): number }\n(os as any).mine = () => 6;",
      "os.mine()",
      "6",
    ],
    [
      "type-only imports",
      "import type { Stats } from 'node:fs';",
      "const size = (s: Stats) => s.size; size({ size: 8 } as Stats)",
      "8",
    ],
  ])("%s", async (_, first, use, shown) => {
    expect((await run(first)).status).toBe("ok");
    expect(await values("0", use, "1", use)).toEqual(["0", shown, "1", shown]);
  });

  test("a variable that is declared anew without a value has none", async () => {
    expect(await values("let unset = 5; unset", "let unset: number | undefined;", "String(unset)")).toEqual([
      ...["5", "ok", "undefined"],
    ]);
  });

  test("a name that is declared anew has only its new meaning", async () => {
    await run("class Thing { a = 1 } namespace Place { export const x = 1 }");
    await run("const Thing = 5; const Place = { y: 2 };");
    expect(await values("Thing + Place.y")).toEqual(["7"]);
    expect(await tracebackOf("Place.x")).toMatch(/Property 'x' does not exist/);
  });
});

describe("export in a cell means nothing", () => {
  test.each([
    ["export const size = 1;", "size", "1"],
    [
      "export function area(r: number) { return 3 * r * r; }\nexport type Id = string;",
      "const id: Id = 'a'; area(2) + id",
      "12a",
    ],
    [
      "export class Model { w = 2 }\nexport enum Kind { a = 3 }\nexport interface Row { x: number }",
      "const row: Row = { x: Kind.a }; row.x + new Model().w",
      "5",
    ],
    ["export default class Best { w = 1 }", "new Best().w", "1"],
    ["const inner = 4;\nexport { inner, inner as outer };", "inner", "4"],
    ["export { join as joinPaths } from 'node:path';", "joinPaths('a', 'b')", "a/b"],
    ["export namespace Space { export const inside = 6 }", "Space.inside", "6"],
    ["export const other = 1;\nasync function own() { return await Promise.resolve(8) }", "await own()", "8"],
    [
      "export abstract class Base { abstract f(): number }\nexport async function later() { return 7 }",
      "await later()",
      "7",
    ],
  ])("%s", async (code, use, shown) => {
    expect(await values(code, use)).toEqual(["ok", shown]);
  });

  test("export default of a value is the cell's value", async () => {
    expect(await values("export default 40 + 2", "export default function () { return 1 }")).toEqual([
      "42",
      "[Function (anonymous)]",
    ]);
  });

  test("errors keep their places", async () => {
    expect(await tracebackOf("export const wrong: string = 5;")).toMatch(/cell\[\d+\]:1:14 - error TS2322/);
  });
});

describe("a cell runs whatever comment it starts with", () => {
  test.each(["/** @module helpers */", "/** @browser */", "/* @module */", "// @module x", "/** @jsx */"])(
    "%s",
    async (comment) => {
      const execution = await run(`${comment}\nconsole.log('it runs'); throw new Error('so it fails')`);
      expect(printed(execution.outputs)).toBe("it runs\n");
      expect(errorOf(execution)).toMatchObject({ evalue: "so it fails" });
    },
  );
});

describe("the library is that of the running Node", () => {
  test.each([
    ["[3, 1, 2].toSorted()", "[ 1, 2, 3 ]"],
    ["[1, 2, 3].findLast((x) => x < 3)", "2"],
    ["([1, 2] as const).with(0, 1).toSpliced(0, 1)", "[ 2 ]"],
    ["new Float32Array([2, 1]).toSorted().with(0, 9)", "Float32Array(2) [ 9, 2 ]"],
    ["'\\ud800'.isWellFormed()", "false"],
  ])("%s", async (code, shown) => {
    expect(await values(code)).toEqual([shown]);
  });

  test.each([
    ["Object.groupBy([1, 2, 3], (x) => (x % 2 ? 'odd' : 'even')).odd?.length", "groupBy" in Object],
    ["Promise.withResolvers<number>().promise instanceof Promise", "withResolvers" in Promise],
    ["new Set([1]).union(new Set(['a'])).size", "union" in Set.prototype],
  ])("%s is known exactly where Node has it", async (code, isThere) => {
    expect((await run(code)).status).toBe(isThere ? "ok" : "error");
  });
});
