import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidArgumentError } from "../../lib/core";
import { Mf, overwriteRows, readRows, type RowUpdate, withRows } from "../../lib/models";
import { applyUpdate } from "../../lib/training";

const make = () =>
  new Mf(
    Float32Array.from({ length: 12 }, (_, k) => k),
    new Float32Array(9),
    3,
  );
const update: RowUpdate = {
  parameter: "userEmbedding",
  rows: Int32Array.of(1, 3),
  values: Float32Array.of(-1, -2, -3, -4, -5, -6),
};

describe("row updates", () => {
  it("change the touched rows of a copy and share the rest", () => {
    const original = make();
    const changed = withRows(original, [update]);
    expect([...changed.userEmbedding]).toEqual([0, 1, 2, -1, -2, -3, 6, 7, 8, -4, -5, -6]);
    expect(changed.itemEmbedding).toBe(original.itemEmbedding);
    expect(original.userEmbedding[3]).toBe(3);
  });

  it("may touch one parameter twice", () => {
    const changed = withRows(make(), [update, { ...update, rows: Int32Array.of(0, 1) }]);
    expect([...changed.userEmbedding.subarray(0, 6)]).toEqual([-1, -2, -3, -4, -5, -6]);
    expect(changed.userEmbedding[9]).toBe(-4);
  });

  it("are what a method's result is applied by", () => {
    const [original, other] = [make(), make()];
    expect(applyUpdate(original, { kind: "model", model: other })).toBe(other);
    expect(applyUpdate(original, { kind: "rows", updates: [update] }).userEmbedding[3]).toBe(-1);
    expect(applyUpdate(original, { kind: "rows", updates: [] }).userEmbedding).toBe(original.userEmbedding);
  });

  it("in place, can be undone", () => {
    const rows = fc.uniqueArray(fc.integer({ min: 0, max: 3 })).map((list) => Int32Array.from(list).sort());
    const some = rows.map((list) => ({ ...update, rows: list, values: new Float32Array(3 * list.length).fill(-9) }));
    fc.assert(
      fc.property(fc.array(some), (updates) => {
        const model = make();
        const undo = overwriteRows(model, updates);
        expect(model.userEmbedding).toEqual(withRows(make(), updates).userEmbedding);
        overwriteRows(model, undo);
        expect(model.userEmbedding).toEqual(make().userEmbedding);
      }),
    );
  });

  it("can be read from a model", () => {
    const [parameter] = make().parameters();
    expect([...readRows(parameter, Int32Array.of(2)).values]).toEqual([6, 7, 8]);
  });

  it.each([
    ["an unknown parameter", { ...update, parameter: "bias" }],
    ["rows out of range", { ...update, rows: Int32Array.of(1, 4) }],
    ["negative rows", { ...update, rows: Int32Array.of(-1, 3) }],
    ["rows out of order", { ...update, rows: Int32Array.of(3, 1) }],
    ["a row twice", { ...update, rows: Int32Array.of(3, 3) }],
    ["too few values", { ...update, values: new Float32Array(5) }],
  ])("with %s are refused before anything is written", (_, wrong) => {
    const model = make();
    expect(() => overwriteRows(model, [update, wrong])).toThrow(InvalidArgumentError);
    expect(() => withRows(model, [wrong])).toThrow(InvalidArgumentError);
    expect(model.userEmbedding).toEqual(make().userEmbedding);
  });
});
