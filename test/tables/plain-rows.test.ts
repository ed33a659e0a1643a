import { describe, expect, it, test } from "vitest";
import { InvalidArgumentError } from "recsys-unlearning/core";
import { table, type TableRow } from "recsys-unlearning/tables";

const of = (value: unknown) => table({ rows: [{ field: value, n: 1 } as TableRow] });

describe("a field that is no value of a table's", () => {
  test.each([
    ["a list", ["Drama", 5], "Drama, 5"],
    ["a date", new Date(0), "1970-01-01T00:00:00.000Z"],
    ["a big integer", 9007199254740993n, "9007199254740993"],
    ["an object", { w: [1, 2n] }, '{"w":[1,"2"]}'],
    ["a list of objects", [{ a: 1 }], '[{"a":1}]'],
  ])("%s becomes text, in every format", (_, value, shown) => {
    const made = of(value);
    expect(made.rows[0]["field"]).toBe(shown);
    for (const text of [made.toText(), made.toMarkdown(), made.toHtml(), made.toLatex(), made.toCsv()])
      expect(text).not.toMatch(/∞|NaN|object Object/);
    expect(made.toText()).toContain(shown);
  });

  test.each([
    ["a function", () => 1],
    ["a symbol", Symbol("x")],
    ["an invalid date", new Date(NaN)],
  ])("%s is refused with its place", (_, value) => {
    expect(() => of(value)).toThrow(InvalidArgumentError);
    expect(() => of(value)).toThrow(/row 1, column "field"/);
  });

  it("leaves rows that hold only values as they are", () => {
    const rows = [{ a: 1, b: "x", c: null, d: { mean: 1, sd: null } }];
    expect(table({ rows }).rows).toBe(rows);
  });
});
