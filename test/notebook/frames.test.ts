import { describe, expect, it } from "vitest";
import { displayBundle } from "recsys-unlearning/core";
import { IdMap, type Interactions } from "recsys-unlearning/data";
import { danfo, toFrame, toInteractions, toTable } from "recsys-unlearning/notebook";
import { table } from "recsys-unlearning/tables";
import { hostileStrings } from "../fixtures/hostile/strings";

function interactions(withTime: boolean): Interactions {
  const users = new IdMap("user");
  const items = new IdMap("item");
  const user = Int32Array.from(["9007199254740993", "__proto__", "9007199254740993"], (raw) => users.intern(raw));
  const item = Int32Array.from(["b", "a", "a"], (raw) => items.intern(raw));
  const time = withTime ? { time: Float64Array.of(1, 2, 3) } : {};
  const label = Float32Array.of(1, 0, 1);
  return { user, item, label, ...time, userCount: 2, itemCount: 2, users, items };
}

describe("a frame", () => {
  it.each([false, true])("holds interactions and gives them back (times: %s)", (withTime) => {
    const before = interactions(withTime);
    const frame = toFrame(before);
    expect(frame.shape).toEqual([3, withTime ? 4 : 3]);
    expect(toInteractions(frame)).toEqual(before);
  });

  it("holds a table and gives it back, measured values by their means", () => {
    const frame = toFrame(
      table({
        rows: [
          { m: "a", v: { mean: 0.5, sd: 0.1 } },
          { m: "b", v: 2 },
        ],
      }),
    );
    expect(toTable(frame).rows).toEqual([
      { m: "a", v: 0.5 },
      { m: "b", v: 2 },
    ]);
  });

  it("may be empty", () => {
    const frame = toFrame(table({ columns: [{ key: "a" }], rows: [] }));
    expect(String(displayBundle(frame)?.data["text/plain"])).toContain("0 rows");
  });

  it("leaves no tensors behind", () => {
    const { tensorflow } = danfo();
    const before = tensorflow.memory().numTensors;
    displayBundle(toFrame(interactions(true)));
    toInteractions(toFrame(interactions(true)));
    expect(tensorflow.memory().numTensors).toBe(before);
  });

  it("shows itself as escaped HTML and text, a long one cut with a note", () => {
    const rows = Array.from({ length: 30 }, (_, i) => ({ name: `<b>${i}</b>` }));
    const data = displayBundle(toFrame(table({ rows })))?.data ?? {};
    expect(data["text/html"]).toContain("&lt;b&gt;19&lt;/b&gt;");
    expect(data["text/html"]).not.toContain("<b>");
    expect(data["text/html"]).not.toContain("&lt;b&gt;20");
    expect(data["text/plain"]).toContain("30 rows × 1 columns, the first 20 shown");
  });

  it("and a series of it show hostile names as text", () => {
    for (const name of hostileStrings) {
      const frame = toFrame(table({ rows: [{ [name]: name, v: 1 }] }));
      const page = String(displayBundle(frame)?.data["text/html"]);
      expect(page.replace(/<\/?(table|thead|tbody|tr|p)>|<t[hd] style="[a-z: -]*">|<\/t[hd]>/g, "")).not.toMatch(
        /[<>]/,
      );
      expect(displayBundle(frame.column(name))?.data["text/plain"]).toContain("1 rows × 1 columns");
    }
  });

  it("without what interactions need says which column or label is wrong", () => {
    const frame = (rows: Record<string, string | number>[]) => toFrame(table({ rows }));
    expect(() => toInteractions(frame([{ user: "a", item: "b" }]))).toThrow(/no column "label".*\n.*user, item/);
    expect(() => toInteractions(frame([{ user: "a", item: "b", label: "x" }]))).toThrow(/label "x" is not a number/);
  });
});
