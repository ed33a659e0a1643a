// What somebody sees who has read nothing: values at the end of a cell, frames, and help().
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inRepository } from "recsys-unlearning/core";
import { KernelClient } from "recsys-unlearning-kernel";
import { firstSentence } from "../../kernel/server/help/doc-comment";
import { areaPage } from "../../kernel/server/help/pages";
import { builtAreas } from "../../kernel/server/lib-areas";
import { long } from "../long";
import { plainText, printed } from "./scenario";

let kernel: KernelClient;
beforeAll(async () => {
  kernel = await KernelClient.start({ cwd: inRepository("notebooks/explore") });
  await shown(`import { generateInteractions, ifruSplit, rowCount } from "recsys-unlearning/data";
const split = ifruSplit(generateInteractions({ userCount: 30, itemCount: 20 }), { coreSize: 0 }); 1`);
});
afterAll(() => kernel.shutdown());

/** What a cell shows, by MIME type. */
async function shown(code: string): Promise<Readonly<Record<string, string>>> {
  const { status, outputs } = await kernel.execute(code, { timeoutMs: 60_000, stop_on_error: false });
  expect(status, plainText(JSON.stringify(outputs))).toBe("ok");
  const found = outputs.find((output) => "data" in output);
  return found !== undefined && "data" in found ? (found.data as Record<string, string>) : { stdout: printed(outputs) };
}
const text = async (code: string) => (await shown(code))["text/plain"];

describe("the value of a cell", () => {
  test("is facts and a table for what is ours, though nothing of the notebook area was imported", async () => {
    const data = await shown("split");
    expect(data["text/plain"]).toMatch(/^IFRU split: \d+ of \d+ training rows to forget/);
    expect(data["text/html"]).toMatch(/^<p>IFRU split[^]*<table/);
    expect(await text("split.train")).toMatch(/^interactions: \d+ rows/);
  });

  test("is what it was for everything else", async () => {
    expect(await text("({ train: split.train, mine: 1 }).mine")).toBe("1");
    expect(await shown("({ user: [1], item: [2] })")).toEqual({ "text/plain": "{ user: [ 1 ], item: [ 2 ] }" });
    expect(await text("Int32Array.of(1, 2)")).toBe("Int32Array(2) [ 1, 2 ]");
    expect(await text("new Float32Array(1000)")).toMatch(/^Float32Array\(1,000\): 0 to 0, .* 990 more$/);
  });

  test("is text where what looks at it fails", async () => {
    await kernel.execute("const keep = Reflect.ownKeys; Reflect.ownKeys = () => { throw new Error('mine'); }");
    expect(await text("({ a: 1 })")).toBe("{ a: 1 }");
    await kernel.execute("Reflect.ownKeys = keep");
    expect(await text("split")).toMatch(/^IFRU split/);
  });
});

long("a cell goes from a frame to a split and back to a frame", async () => {
  const data = await shown(`import { danfo, toFrame, toInteractions } from "recsys-unlearning/notebook";
const { DataFrame } = danfo();
const stars = Array.from({ length: 200 }, (_, k) => [\`u\${k % 20}\`, \`i\${(k * 7) % 19}\`, 1 + (k % 5)]);
const df = new DataFrame(stars, { columns: ["who", "film", "stars"] });
const own = ifruSplit(toInteractions(df, { user: "who", item: "film", label: "stars" }), { coreSize: 0 });
const back = toFrame(own.train);
back.groupby(["label"]).col(["user"]).count()`);
  expect(data["text/plain"]).toMatch(/^label +user_count\n─+\n *\d +\d+\n *\d +\d+\n\n2 rows × 2 columns$/);
  expect(data["text/html"]).toContain("<table");
  expect(await text("own")).toMatch(/^IFRU split: \d of 120 training rows/);
  expect(await text("df")).toMatch(/200 rows × 3 columns, the first 20 shown$/);
  expect(await text("df.head(2)")).toMatch(/^who +film +stars\n─+\nu0 +i0 +1\nu1 +i7 +2\n\n2 rows × 3 columns$/);
  expect(await text("df.describe()")).toMatch(/^mean +3$/m);
  expect(await text('df.column("who").valueCounts().head(1)')).toMatch(/^u0 +10$/m);
  expect(await text('df.groupby(["stars"])')).toMatch(/5 groups by stars, of 200 rows$/);
  expect((await shown("df.head(1).print()"))["stdout"]).toMatch(/u0 +│ i0 +│ 1 /);
});

test("an error of lib says what to do, and where in the cell it began, without the way through lib", async () => {
  const errorOf = async (code: string) => {
    const { outputs } = await kernel.execute(code, { stop_on_error: false });
    const found = outputs.find((output) => "traceback" in output);
    return found === undefined ? [] : (found as { traceback: string[] }).traceback.map(plainText);
  };
  const wrong = 'const wrong = await import("recsys-unlearning/training").then(({ fitMf }) => fitMf(split.train, split.valid, { epochs: -1 }))'; // prettier-ignore
  const traceback = await errorOf(wrong);
  expect(traceback.join("\n")).toMatch(
    /remedy: give a whole number >= 1\n +… \d+ frames of recsys-unlearning.*\n +at .*cell\[/,
  );
  expect(traceback.filter((line) => /^ {4}at /.test(line) && !line.includes("cell["))).toEqual([]);
  expect((await errorOf("(await import('recsys-unlearning/core')).sha256(null as never)")).join("\n")).toMatch(
    /sha256 \(lib/,
  );
});

describe("help", () => {
  test("lists every area, the notebooks by reader and the pages, as those have it", async () => {
    const page = (await shown("help()"))["text/markdown"];
    for (const area of builtAreas()) expect(page).toMatch(new RegExp(`^\\| \`${area}\` \\| [A-Z].*[.:] \\|$`, "m"));
    expect(page).toMatch(/^\| `figures` \| Figures without a browser: Vega-Lite .*\. \|$/m);
    for (const file of ["README.md", "notebooks/README.md"])
      for (const row of readFileSync(inRepository(file), "utf8").match(
        /^\| (you want to|you are|a student|know the words) /gm,
      ) ?? [])
        // prettier-ignore
        expect(page).toContain(row.trim());
    // Links lead from the notebook's folder.
    expect(page).toContain("](../../docs/concepts.md)");
    expect(page).toContain("](../course/README.md)");
  });

  test("of an area lists its functions with a sentence, from the declarations", async () => {
    const page = (await shown('help("ifru")'))["text/markdown"];
    expect(page).toMatch(/^\| `explain` \| Why does a model give a score\? \|$/m);
    expect(page).toMatch(/^\| `ifru` \| IFRU for matrix factorisation: .*\|$/m);
    expect(page).not.toContain("IfruOptions` |");
  });

  test("of every area has a sentence for each of its functions and values", () => {
    const empty = builtAreas().flatMap((area) => areaPage(area).markdown.match(/^\| `\w+` \| *\|$/gm) ?? []);
    expect(empty).toEqual([]);
  });

  test("cuts no sentence at initials or shortened words", () => {
    const [model, row] = ["A model of W. X. Zhao et al. (2021), e.g. `GRU4Rec`, is fitted.", "By Fig. 3 it ends."];
    expect([`${model} More.`, `${row} More.`, "Is it? (Yes.)"].map(firstSentence)).toEqual([model, row, "Is it?"]);
    expect(areaPage("cau").markdown).not.toMatch(/(e\.g|i\.e| [A-Z])\. \|$/m);
  });

  test("of a function, a method or a class shows its comment", async () => {
    const page = await text('import { explain, ifru } from "recsys-unlearning/ifru"; help(explain)');
    expect(page).toMatch(/^explain\n/);
    expect(page).toContain("function explain(model: Mf | LightGcn,");
    expect(page).toContain("const why = await explain(model, prepared, { train, user: 3, item: 7 });");
    expect(await text('help("explain")')).toBe(page);
    const method = await text("help(ifru.unlearn)");
    expect(method).toMatch(/^ifru\.unlearn\n[^]*unlearn\(original: Mf, [^]*InvalidOptionError/);
    expect(await text('help("ifru.unlearn")')).toBe(method);
    expect(await text('import { Mf } from "recsys-unlearning/models"; help(Mf)')).toMatch(/- Mf\.load Reads a model/);
  });

  test("of a name that nobody has gives the nearest, of another's value says so", async () => {
    expect(await text('help("explan")')).toMatch(/no explan in .* did you mean help\("explain"\)\?$/);
    expect(await text('help("zzzzzzzzzzzz")')).toMatch(/help\(\) lists what there is$/);
    expect(await text("help(() => 1)")).toMatch(/^The function without a name is none of/);
    expect(await text("help(new Proxy({}, { get: () => { throw 1; } }))")).toMatch(/^This value is none of/);
    expect(await text("const help = 5; help")).toBe("5");
  });
});
