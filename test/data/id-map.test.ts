import { fc, test as property } from "@fast-check/vitest";
import { core, data } from "recsys-unlearning";
import { describe, expect, test } from "vitest";

const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.constantFrom("__proto__", "constructor", "toString", "", "007", "7", "9007199254740993", "\uFEFFa", "a"),
);

describe("IdMap", () => {
  property.prop([fc.array(text, { maxLength: 200 })])("numbers by first appearance and finds its way back", (raws) => {
    const map = new data.IdMap("user");
    const order: string[] = [];
    for (const raw of raws) {
      if (!order.includes(raw)) order.push(raw);
      expect(map.intern(raw)).toBe(order.indexOf(raw));
    }
    expect(map.size).toBe(order.length);
    order.forEach((raw, dense) => {
      expect(map.find(raw)).toBe(dense);
      expect(map.toRaw(dense)).toBe(raw);
    });
  });

  test("keeps every id through many growths of its table", () => {
    const map = new data.IdMap("item");
    for (let k = 0; k < 50_000; k++) expect(map.intern(`item ${k * k}`)).toBe(k);
    for (let k = 0; k < 50_000; k += 97) expect(map.toDense(`item ${k * k}`)).toBe(k);
    expect(map.find("item 2")).toBeUndefined();
  });

  test("says what it has when asked for what it has not", () => {
    const map = new data.IdMap("user");
    expect(() => map.toDense("x")).toThrow(/no user "x"[\s\S]*the dataset has no users/);
    map.intern("anna");
    expect(() => map.toDense("x")).toThrow(/it has 1 users; the first is "anna"/);
    for (const dense of [-1, 1, 0.5, NaN]) expect(() => map.toRaw(dense)).toThrow(core.NotFoundError);
  });
});
