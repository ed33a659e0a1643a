import { test as property } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { displayBundle } from "recsys-unlearning/core";
import { dataHash, IdMap, type Interactions } from "recsys-unlearning/data";
import { danfo, toFrame, toInteractions, toTable } from "recsys-unlearning/notebook";
import { table } from "recsys-unlearning/tables";
import { someInteractions } from "../data/interactions.fixture";
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

describe("a frame shows what it holds", () => {
  const shown = (frame: object) => String(displayBundle(frame)?.data["text/plain"]);

  it("with its index, where it has one of its own", () => {
    const { DataFrame } = danfo();
    expect(shown(new DataFrame({ v: [1, 2] }, { index: ["first", "second"] }))).toMatch(/first +1\nsecond +2/);
    expect(shown(new DataFrame({ v: [1, 2] }))).not.toMatch(/index|^0/m);
    const described = shown(new DataFrame({ price: [1, 3] }).describe());
    expect(described).toMatch(/^count +2$/m);
    expect(described).toMatch(/^mean +2$/m);
    expect(shown(new DataFrame({ t: ["a", "b", "a"] }).column("t").valueCounts())).toMatch(/^a +2\nb +1$/m);
  });

  it("with its numbers unrounded", () => {
    const { DataFrame } = danfo();
    const text = shown(new DataFrame({ v: [1234.56, 10.005, 0.1 + 0.2, 1e-9, 123456789] }));
    for (const number of ["1234.56", "10.005", "0.3", "1e-9", "123456789"])
      expect(text).toMatch(new RegExp(`^ *${number}$`, "m"));
  });
});

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
      const own = /<\/?(figure|div|table|thead|tbody|tr|p|t[hd])( \w+="[^"<>]*")*>/g;
      expect(page.replace(own, "")).not.toMatch(/[<>]/);
      expect(displayBundle(frame.column(name))?.data["text/plain"]).toContain("1 rows × 1 columns");
    }
  });

  it("without what interactions need says which column or label is wrong", () => {
    const frame = (rows: Record<string, string | number>[]) => toFrame(table({ rows }));
    expect(() => toInteractions(frame([{ user: "a", item: "b" }]))).toThrow(/no column "label".*\n.*user, item/);
    expect(() => toInteractions(frame([{ user: "a", item: "b", label: "x" }]))).toThrow(/label "x" is not a number/);
  });

  it("takes other column names, implicit feedback and missing times", () => {
    const frame = new (danfo().DataFrame)(
      [
        ["anna", 7, null],
        ["ben", "007", 20],
      ],
      { columns: ["who", "what", "when"] },
    );
    const taken = toInteractions(frame, { user: "who", item: "what", label: null, time: "when" });
    expect([...taken.label]).toEqual([1, 1]);
    expect([...taken.time!]).toEqual([NaN, 20]);
    expect([taken.items.toRaw(0), taken.items.toRaw(1)]).toEqual(["7", "007"]);
    expect(toInteractions(frame, { user: "who", item: "what", label: null }).time).toBeUndefined();
  });

  it.each([
    [{ user: null, item: "x", label: 1 }, /the user null is not an id.*\n.*row 0/],
    [{ user: "", item: "x", label: 1 }, /the user "" is not an id/],
    [{ user: "a", item: NaN, label: 1 }, /the item null is not an id/],
    [{ user: "a", item: "x", label: Infinity }, /the label null is not a number/],
    [{ user: "a", item: "x", label: 1, time: "noon" }, /the time "noon" is not a number/],
  ])("refuses %j as interactions, naming the row", (row, message) => {
    expect(() => toInteractions(new (danfo().DataFrame)([row]))).toThrow(message);
  });

  property.prop([someInteractions])("gives any interactions back as they were", (before) => {
    expect(dataHash(toInteractions(toFrame(before)))).toBe(dataHash(before));
  });
});
