import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Ajv from "ajv-draft-04";
import { afterAll, describe, expect, test } from "vitest";
import { inRepository, InvalidDataError, InvalidOptionError } from "recsys-unlearning/core";
import {
  differences,
  type Notebook,
  type NotebookCell,
  notebookText,
  parseNotebook,
  readNotebook,
  withParameters,
  writeNotebook,
} from "recsys-unlearning-kernel";

const schema = JSON.parse(readFileSync(inRepository("test/fixtures/nbformat.v4.5.schema.json"), "utf8")) as object;
const isValid = new Ajv({ allowUnionTypes: true, strict: false }).compile(schema);

const folder = mkdtempSync(join(tmpdir(), "notebook-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

function code(source: string, rest: Partial<NotebookCell> = {}): NotebookCell {
  return {
    cell_type: "code",
    id: source.slice(0, 5),
    metadata: {},
    source,
    outputs: [],
    execution_count: null,
    ...rest,
  };
}

function notebook(...cells: NotebookCell[]): Notebook {
  return { cells, metadata: {}, nbformat: 4, nbformat_minor: 5 };
}

const full = notebook(
  { cell_type: "markdown", id: "title", metadata: {}, source: "# Title\n\ntext" },
  code("alpha", {
    execution_count: 1,
    outputs: [
      { output_type: "stream", name: "stdout", text: "one\ntwo\n" },
      {
        output_type: "display_data",
        data: { "text/plain": "a\nb", "application/json": { z: 1, a: [1] } },
        metadata: {},
      },
      { output_type: "execute_result", data: { "image/png": "AAAA" }, metadata: {}, execution_count: 1 },
      { output_type: "error", ename: "Error", evalue: "x", traceback: ["x"] },
    ],
  }),
);

describe("a notebook file", () => {
  test("is valid by Jupyter's schema and reads back as it was", async () => {
    const path = join(folder, "full.ipynb");
    await writeNotebook(path, full);
    const text = readFileSync(path, "utf8");
    expect(isValid(JSON.parse(text)), JSON.stringify(isValid.errors)).toBe(true);
    expect(await readNotebook(path)).toEqual(full);
    expect(notebookText(await readNotebook(path))).toBe(text);
    expect(readdirSync(folder)).toEqual(["full.ipynb"]);
  });

  test("has sorted keys, lists of lines and one space of indent, as Jupyter writes it", () => {
    const text = notebookText(notebook(code("a\nb")));
    expect(text).toContain('   "source": [\n    "a\\n",\n    "b"\n   ]');
    expect(text.indexOf('"cells"')).toBeLessThan(text.indexOf('"metadata"'));
    expect(text.endsWith("}\n")).toBe(true);
  });

  test("gives cells of older formats stable ids", () => {
    const text = JSON.stringify({
      nbformat: 4,
      nbformat_minor: 2,
      metadata: {},
      cells: [{ ...code("x"), id: undefined }],
    });
    expect(parseNotebook(text, "old").cells[0].id).toBe("cell-1");
  });

  test.each([
    ["not JSON", "{", /not JSON/],
    ["another format", JSON.stringify({ nbformat: 3, worksheets: [] }), /not a notebook of format 4/],
    ["an unknown cell type", notebookText(notebook({ ...code("x"), cell_type: "heading" as "raw" })), /heading/],
    ["an id twice", notebookText(notebook(code("x"), code("x"))), /same id/],
    ["an id with a blank", notebookText(notebook({ ...code("x"), id: "a b" })), /id "a b"/],
    ["tags that are no list", notebookText(notebook({ ...code("x"), metadata: { tags: "timing" as never } })), /tags/],
  ])("with %s is refused, and the error names the file", (_, text, message) => {
    const read = () => parseNotebook(text, "some.ipynb");
    expect(read).toThrow(InvalidDataError);
    expect(read).toThrow(message);
    expect(read).toThrow(/some\.ipynb/);
  });
});

describe("parameters", () => {
  const original = notebook(
    code("const seed = 1;\nconst preset: 'tiny' | 'full' = 'full';", { metadata: { tags: ["parameters"] } }),
    code("use(seed)"),
  );

  test("go into a cell of their own after the declarations, with their declared types", () => {
    const { cells } = withParameters(original, { preset: "tiny", seed: 7 });
    expect(cells.map((cell) => cell.id)).toEqual(["const", "injected-parameters", "use(s"]);
    expect(cells[1].metadata.tags).toEqual(["injected-parameters"]);
    expect(cells[1].source).toContain(`const preset: 'tiny' | 'full' = "tiny";\nlet seed = 7;`);
  });

  test("replace those of an earlier run, and vanish without any", () => {
    const once = withParameters(original, { seed: 7 });
    expect(withParameters(once, { seed: 8 }).cells.length).toBe(3);
    expect(withParameters(once, {})).toEqual(original);
  });

  test("that the notebook does not declare are refused with the nearest", () => {
    expect(() => withParameters(original, { sed: 1 })).toThrow(InvalidOptionError);
    expect(() => withParameters(original, { sed: 1 })).toThrow(/did you mean "seed"/);
  });
});

describe("the comparison with a committed notebook", () => {
  const stream = (text: string) => ({ output_type: "stream" as const, name: "stdout", text });

  test("names the cell and what changed", () => {
    const before = notebook(code("alpha", { outputs: [stream("loss 0.123")] }));
    const after = notebook(code("alpha", { outputs: [stream("loss 0.124")] }));
    expect(differences(before, before)).toEqual([]);
    expect(differences(before, after)).toEqual([{ cell: 1, what: expect.stringContaining("0.124") as string }]);
  });

  test("masks the outputs of cells tagged timing, but not their source", () => {
    const timed = (text: string) => code("alpha", { metadata: { tags: ["timing"] }, outputs: [stream(text)] });
    expect(differences(notebook(timed("1 s")), notebook(timed("2 s")))).toEqual([]);
  });

  test("does not see progress displays that ended", () => {
    const empty = { output_type: "display_data" as const, data: {}, metadata: {} };
    expect(differences(notebook(code("alpha")), notebook(code("alpha", { outputs: [empty] })))).toEqual([]);
  });
});

test("a damaged file is not half replaced: writing leaves the old one until the new one is whole", async () => {
  const path = join(folder, "whole.ipynb");
  writeFileSync(path, "old");
  const cyclic = notebook(code("x"));
  cyclic.metadata["self"] = BigInt(1);
  await expect(writeNotebook(path, cyclic)).rejects.toThrow();
  expect(readFileSync(path, "utf8")).toBe("old");
});
