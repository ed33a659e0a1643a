// What leaves the kernel: always UTF-8, always what notebooks can hold, of bounded size.
import { readFileSync } from "node:fs";
import Ajv from "ajv-draft-04";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inRepository } from "recsys-unlearning/core";
import { type Execution, KernelClient, type Output } from "recsys-unlearning-kernel";
import { errorOf, printed, resultText } from "./scenario";
import { long } from "../long";

const schema = JSON.parse(readFileSync(inRepository("test/fixtures/nbformat.v4.5.schema.json"), "utf8")) as object;
const isNotebook = new Ajv({ allowUnionTypes: true, strict: false }).compile(schema);

let kernel: KernelClient;
beforeAll(async () => {
  kernel = await KernelClient.start();
});
afterAll(() => kernel.shutdown());

const run = (code: string) => kernel.execute(code, { timeoutMs: 20_000, stop_on_error: false });
const halves = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

function expectValid(outputs: readonly Output[]): void {
  expect(JSON.stringify(outputs)).not.toMatch(/\\ud[89a-f]/i);
  const cell = { cell_type: "code", id: "a", metadata: {}, source: "", execution_count: 1, outputs };
  const valid = isNotebook({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 });
  expect(valid, JSON.stringify(isNotebook.errors)).toBe(true);
}

describe("half characters never leave", () => {
  test.each([
    ["in a value", "'😀'.slice(0, 1)"],
    ["printed", "console.log('a' + '😀'.slice(1))"],
    ["in an error", "throw Object.assign(new Error('x' + '😀'.slice(0, 1)), { name: '😀'.slice(1) })"],
    ["in the code itself, which is sent back", "'\ud83d'"],
    [
      "in a display",
      "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '\\ud83d', 'application/json': { '\\udc00': ['\\ud800'] } }) })",
    ],
    ["where a long text is cut", "'x'.repeat(9999) + '😀' + 'y'.repeat(50)"],
    ["where a long text in a list is cut", "['x'.repeat(9999) + '😀' + 'y'.repeat(50)]"],
  ])("%s", async (_, code) => {
    const sent: string[] = [];
    const { outputs } = await kernel.execute(code, {
      timeoutMs: 20_000,
      stop_on_error: false,
      onMessage: ({ content }) => sent.push(...Object.values(content).filter((text) => typeof text === "string")),
    });
    expectValid(outputs);
    expect(sent.filter((text) => halves.test(text))).toEqual([]);
  });

  test("a cut keeps or drops a character, never half of one", async () => {
    expect(resultText(await run("'x'.repeat(9999) + '😀' + 'y'.repeat(50)"))).toBe(
      `${"x".repeat(9999)}… 52 more characters`,
    );
    expect(resultText(await run("['x'.repeat(9999) + '😀' + 'y'.repeat(50)]"))).not.toMatch(/\\u|\ufffd/);
  });
});

describe("whatever a value calls its representations, a notebook can hold them", () => {
  const shown = async (bundle: string) => {
    const { outputs } = await run(`({ [Symbol.for("Jupyter.display")]: () => (${bundle}) })`);
    expectValid(outputs);
    return outputs[0].output_type === "execute_result" ? outputs[0].data : undefined;
  };

  test.each([
    ["bytes of a picture", '{ "image/png": Buffer.from([1, 2, 3]) }', { "image/png": "AQID" }],
    ["a part of a buffer", '{ "image/jpeg": new Uint8Array([0, 1, 2, 3]).subarray(1) }', { "image/jpeg": "AQID" }],
    [
      "bytes of text",
      '{ "text/html": Buffer.from("<b>"), "image/svg+xml": Buffer.from("<svg/>") }',
      { "text/html": "<b>", "image/svg+xml": "<svg/>" },
    ],
    ["lines", '{ "text/plain": ["a\\n", "b"] }', { "text/plain": "a\nb" }],
    ["a number, nothing", '{ "text/plain": 5, "text/html": null, "text/latex": undefined }', { "text/plain": "5" }],
    ["an object where text belongs", '{ "text/html": { a: 1 } }', { "text/html": "{ a: 1 }" }],
    [
      "a circle",
      '(() => { const a: any = { b: 1 }; a.self = a; return { "application/json": a }; })()',
      { "application/json": { b: 1, self: "[circular]" } },
    ],
    [
      "dates, big and odd numbers, functions, lists of numbers",
      '{ "application/json": { d: new Date(0), n: 2n ** 70n, x: NaN, f() {}, t: new Float32Array([1]) } }',
      { "application/json": { d: "1970-01-01T00:00:00.000Z", n: "1180591620717411303424", x: null, t: [1] } },
    ],
    [
      "a getter that throws",
      '{ "application/json": { get a() { throw 1; }, b: 2 } }',
      { "application/json": { b: 2 } },
    ],
    ["nothing with a name", '{ "": "x", "text/plain": "y" }', { "text/plain": "y" }],
  ])("%s", async (_, bundle, expected) => {
    expect(await shown(bundle)).toEqual(expected);
  });

  test("metadata as well", async () => {
    const code =
      '({ [Symbol.for("Jupyter.display")]: () => ({ "text/plain": "x" }), [Symbol.for("Jupyter.metadata")]: () => [1, 2n] as any })';
    const { outputs } = await run(code);
    expectValid(outputs);
    expect(outputs).toMatchObject([{ metadata: {} }]);
  });
});

describe("what is shown is of bounded size", () => {
  test("an object of 4,000 keys, a very deep one, a huge text", async () => {
    for (const code of [
      "Object.fromEntries(Array.from({ length: 4000 }, (_, i) => ['key' + i, i]))",
      "Array.from({ length: 60 }, () => Object.fromEntries(Array.from({ length: 60 }, (_, i) => ['key' + i, { a: [i] }])))",
      "({ [Symbol.for('nodejs.util.inspect.custom')]: () => 'line\\n'.repeat(1e6) })",
    ]) {
      const text = resultText(await run(code)) ?? "";
      expect(text.split("\n").length).toBeLessThan(402);
      expect(text).toMatch(/more (lines|characters|fields|entries)/);
    }
  });

  test("a representation of 40 million characters is named instead", async () => {
    const { outputs } = await run(
      "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': 'x'.repeat(4e7), 'text/plain': 'small' }) })",
    );
    expect(outputs).toMatchObject([
      { data: { "text/plain": expect.stringMatching(/^small\ntext\/html is not shown/) as string } },
    ]);
  });

  test("an error with a long message, many causes, many properties", async () => {
    const error = errorOf(
      await run(
        "throw Object.assign(new Error('m'.repeat(1e6)), Object.fromEntries(Array.from({ length: 1e4 }, (_, i) => ['k' + i, i])))",
      ),
    );
    expect(JSON.stringify(error).length).toBeLessThan(200_000);
    const chain = errorOf(
      await run(
        "let top = new Error('0'); for (let i = 1; i < 1000; i++) top = new Error(String(i), { cause: top }); throw top",
      ),
    );
    expect(chain?.traceback.length).toBeLessThan(600);
  });

  long("10,000 displays end with a word of those that are not shown", async () => {
    const { outputs } = await run(
      "import { display } from 'recsys-unlearning/notebook'; for (let i = 0; i < 10_000; i++) display(i)",
    );
    expect(outputs.length).toBeLessThan(2100);
    expect(printed(outputs, "stderr")).toMatch(/8,000 more displays or updates are not shown/);
  });
});

test.each([
  ["a promise of a bundle", "({ [Symbol.for('Jupyter.display')]: async () => ({ 'text/plain': 'later' }) })"],
  ["toHTML", "({ toHTML: () => '<i>h</i>' })"],
  ["a tab, joined characters, right-to-left text", "'a\\tb 👨‍👩‍👧 می‌خواهم'"],
  ["a long list", "Array.from({ length: 500 }, (_, i) => i)"],
  ["a map", "new Map([['a', { b: [1, { c: 2 }] }]])"],
  ["a tensor", "(await import('@tensorflow/tfjs-core')).tensor1d([1, 2])"],
  ["nothing", "[undefined, null]"],
  ["a proxy", "new Proxy({ a: 1 }, {})"],
])("display shows %s as the end of a cell does", async (_, value) => {
  await run("import { display } from 'recsys-unlearning/notebook'");
  if (value.includes("tfjs")) await run("import '@tensorflow/tfjs-backend-cpu'");
  const dataOf = ({ outputs }: Execution) => outputs.flatMap((output) => ("data" in output ? [output.data] : []));
  const displayed = await run(`display(${value}); void 0`);
  expect(dataOf(displayed)).toHaveLength(1);
  expect(dataOf(displayed)).toEqual(dataOf(await run(value)));
});
