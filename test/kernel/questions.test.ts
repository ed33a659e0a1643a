import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inRepository } from "recsys-unlearning/core";
import { KernelClient } from "recsys-unlearning-kernel";
import { decodePlain, encodePlain, maxPlainDepth, type PlainValue } from "../../kernel/protocol/plain-values";
import { long } from "../long";

describe("plain values", () => {
  it.each<PlainValue>([
    NaN,
    Infinity,
    -Infinity,
    0,
    1.5,
    "n",
    "",
    null,
    true,
    [],
    [[NaN]],
    {},
    { n: "NaN" },
    { o: [["a", 1]] },
  ])("%j come back as they were", (value) => expect(decodePlain(encodePlain(value))).toEqual(value));

  it("keep the sign of zero, and give no object another prototype", () => {
    expect(Object.is(decodePlain(encodePlain(-0)), -0)).toBe(true);
    const given = decodePlain('{"o":[["__proto__",{"o":[["score",1]]}],["a",1]]}') as Record<string, unknown>;
    expect([given["score"], given["a"], Object.getPrototypeOf(given)]).toEqual([undefined, 1, Object.prototype]);
  });

  it.each([undefined, 5, "", "{", '{"n":"5"}', '{"o":5}', '{"o":[[1,2]]}', "[".repeat(99) + "]".repeat(99)])(
    "are never read from %j",
    (text) => expect(() => decodePlain(text)).toThrow(/a value/),
  );

  it("are as deep as may be, and no deeper", () => {
    const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
    expect(() => decodePlain(nested(maxPlainDepth + 1))).not.toThrow();
    expect(() => decodePlain(nested(maxPlainDepth + 2))).toThrow(/levels/);
  });
});

describe("a kernel with lenient types", () => {
  let kernel: KernelClient;
  beforeAll(async () => {
    kernel = await KernelClient.start({ cwd: inRepository("test"), env: { RECSYS_TYPES: "lenient" } });
    await kernel.execute(`function twice(a) { return a.map((x) => 2 * x); }
let typed = new Float32Array([1.5, -0, NaN]);
const changing = { reads: 0, get value() { return ++this.reads; } };
async function later(x) { return { x, list: [x] }; }
function never() { for (;;); }
class Model { w = [1]; score() { return 1; } }
const model = new Model();
const wrong: number = "text";`);
  });
  afterAll(() => kernel.shutdown());

  const ask = async (name: string, ...args: PlainValue[]) => {
    const question = args.length === 0 ? { name } : { name, args: encodePlain(args) };
    const flags = { silent: true, store_history: false, stop_on_error: false, timeoutMs: 5000 };
    const { status, reply } = await kernel.execute("", { question, ...flags });
    return status === "ok" ? decodePlain(reply["answer"]) : `${status}: ${String(reply["evalue"])}`;
  };

  it("runs a cell in spite of its types, and says what is wrong with them", async () => {
    const { status, outputs } = await kernel.execute('const n: number = "five"; n');
    expect(status).toBe("ok");
    expect(JSON.stringify(outputs)).toMatch(/in spite of.*TS2322.*five/s);
  });

  it("still refuses what cannot be read", async () => {
    expect((await kernel.execute("const = 5;", { stop_on_error: false })).status).toBe("error");
  });

  it("answers by calling and reading what cells have declared", async () => {
    expect(await ask("twice", [1, 2])).toEqual([2, 4]);
    expect(await ask("typed")).toEqual([1.5, -0, NaN]);
    expect(await ask("later", -0)).toEqual({ x: -0, list: [-0] });
    expect(await ask("model.w")).toEqual([1]);
    expect(await ask("wrong")).toBe("text");
    expect(await ask("changing")).toMatchObject({ value: 1 });
  });

  it("says what is not there, is no function or no plain data", async () => {
    expect(await ask("nobody")).toBe("error: there is no nobody");
    expect(await ask("toString")).toBe("error: there is no toString");
    expect(await ask("typed", 1)).toBe("error: typed is not a function");
    expect(await ask("twice")).toBe("error: the answer is a function");
    expect(await ask("model.w.x")).toBe("error: the answer is undefined");
  });

  it.each([
    ["new Map([[1, 2]])", /Map, Set, Date or the like/],
    ["new Set([1])", /Map, Set, Date or the like/],
    ["new Date(0)", /Map, Set, Date or the like/],
    ["/a/", /Map, Set, Date or the like/],
    ["Object(1)", /Map, Set, Date or the like/],
    ["new DataView(new ArrayBuffer(1))", /Map, Set, Date or the like/],
    ["new BigInt64Array(1)", /Map, Set, Date or the like/],
    ["new Proxy([1], {})", /a proxy/],
    ["1n", /a bigint/],
    ["'x'.repeat(20_000_000)", /too long a text/],
    ["new Array(2_000_001)", /more than 2000000 values/],
    ["JSON.parse('['.repeat(99) + ']'.repeat(99))", /nested more than \d+ levels/],
  ])("does not take %s for plain data", async (value, why) => {
    await kernel.execute(`let given: any = ${value};`);
    expect(await ask("given")).toMatch(why);
  });

  it("answers with what it saved at its start, whatever cells replace", async () => {
    await kernel.execute(`JSON.stringify = () => "9"; JSON.parse = () => 9; Object.is = () => true;
Array.isArray = () => false; Reflect.apply = () => 9; Reflect.get = () => 9; Number.isFinite = () => true; "done"`);
    expect(await ask("typed")).toEqual([1.5, -0, NaN]);
    expect(await ask("twice", [4])).toEqual([8]);
  });

  long("goes on after an answer that never comes", async () => {
    expect(await ask("never", 1)).toMatch(/^timeout/);
    expect(await ask("twice", [1])).toEqual([2]);
  });
});
