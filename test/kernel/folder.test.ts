// A kernel in a notebook's folder outside of every checkout: data and helpers lie beside the notebook, packages in the
// project.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { KernelClient } from "recsys-unlearning-kernel";
import { errorOf, plainText, resultText } from "./scenario";
import { long } from "../long";

const root = realpathSync(mkdtempSync(join(tmpdir(), "course-")));
const folder = join(root, "week-1");
let kernel: KernelClient;

beforeAll(async () => {
  mkdirSync(join(root, "shared"));
  mkdirSync(join(folder, "parts"), { recursive: true });
  writeFileSync(join(folder, "ratings.csv"), "user,item,rating\n1,1,5\n1,2,3\n2,1,4\n");
  writeFileSync(join(folder, "limits.json"), '{ "most": 3 }');
  writeFileSync(
    join(folder, "helper.ts"),
    'import { Random } from "recsys-unlearning/core";\nimport { half } from "../shared/numbers";\n' +
      "export function check(x: number): number {\n  if (x < 0) throw new RangeError(`below: ${x}`);\n" +
      "  return half(x) + Random.fromSeed(1).uniform() * 0;\n}\n",
  );
  writeFileSync(join(root, "shared", "numbers.ts"), "export const half = (x: number): number => x / 2;\n");
  writeFileSync(join(folder, "parts", "index.ts"), "export const part: string = 'p';\n");
  kernel = await KernelClient.start({ cwd: folder });
});
afterAll(async () => {
  await kernel.shutdown();
  rmSync(root, { recursive: true });
});

const run = (code: string) => kernel.execute(code, { timeoutMs: 20_000, stop_on_error: false });
const tracebackOf = async (code: string) => plainText(errorOf(await run(code))?.traceback.join("\n") ?? "");

test("the current folder is the notebook's: files beside it are found by their names", async () => {
  const code =
    'import { readFileSync } from "node:fs"; import { readInteractions } from "recsys-unlearning/data";\n' +
    '[process.cwd(), readFileSync("limits.json", "utf8").length, (await readInteractions("ratings.csv")).interactions.user.length]';
  expect(resultText(await run(code))).toBe(`[ '${folder}', 13, 3 ]`);
});

test("local TypeScript is compiled, beside the notebook and above it, and finds the project's packages", async () => {
  const code =
    'import { check } from "./helper"; import limits from "./limits.json"; import { part } from "./parts";\n' +
    'import { half } from "../shared/numbers"; [check(8), limits.most, part, half(6)]';
  expect(resultText(await run(code))).toBe("[ 4, 3, 'p', 3 ]");
});

test("an error in it has its own frames", async () => {
  const shown = await tracebackOf('import { check as second } from "./helper";\nsecond(-1)');
  expect(shown).toMatch(/^RangeError: below: -1\n {4}at check \(helper\.ts:4:20\)\n {4}at cell\[\d+\]:2:\d\n\n/);
});

test("its types are checked, wherever it lies, and a change is taken up, through what imports it, too", async () => {
  const change = async (text: string) => {
    writeFileSync(join(root, "shared", "numbers.ts"), text);
    await new Promise((resolve) => setTimeout(resolve, 1000)); // until the file system has said so
  };
  await change("export const half = (x: number): number => 'x';\n");
  expect(await tracebackOf('import { half as h } from "../shared/numbers"; h(1)')).toMatch(
    /numbers\.ts:1:44 - error TS2322/,
  );
  await change("export const half = (x: number): number => x / 4;\n");
  expect(resultText(await run('import { check as third } from "./helper"; third(8)'))).toBe("2");
});

test("a file that comes later is found, a missing one named", async () => {
  expect(await tracebackOf('import { more } from "./later"')).toMatch(/Cannot find module '.\/later'/);
  writeFileSync(join(folder, "later.ts"), "export const more = 1;\n");
  await new Promise((resolve) => setTimeout(resolve, 1000)); // until the file system has said so
  expect(resultText(await run('import { more } from "./later"; more'))).toBe("1");
});

test("packages come from the project, with their types", async () => {
  expect(resultText(await run('import * as tf from "@tensorflow/tfjs-core"; typeof tf.version_core'))).toBe("string");
  expect(await tracebackOf('import { Random } from "recsys-unlearning/core"; Random.fromSeed("a")')).toMatch(/TS2345/);
});

long("a variable can have a type that only a package has a name for, also in the cells after", async () => {
  const made = await run(
    'import { danfo } from "recsys-unlearning/notebook"; const { DataFrame: Frame } = danfo(); const frame = new Frame({ v: [1] });',
  );
  expect(made.status).toBe("ok");
  expect(resultText(await run("0; frame.shape[0] + frame.columns.length"))).toBe("2");
  const tensor = 'import * as tfjs from "@tensorflow/tfjs-core"; const make = () => tfjs.tensor1d([1]);';
  expect((await run(tensor)).status).toBe("ok");
  expect(await tracebackOf("const no: string = make();")).toMatch(/Tensor1D/);
});
