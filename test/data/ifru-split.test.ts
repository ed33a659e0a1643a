import { fc, test as property } from "@fast-check/vitest";
import { core, data } from "recsys-unlearning";
import { describe, expect, test } from "vitest";
import { interactionsOf, type Row, rowsOf, someInteractions } from "./interactions.fixture";

const options = fc.record({
  positiveAbove: fc.integer({ min: 0, max: 5 }),
  coreSize: fc.integer({ min: 0, max: 2 }),
  forgetFraction: fc.constantFrom(0, 0.01, 0.02, 0.3, 0.9),
  seed: fc.integer({ min: 0, max: 0xffffffff }),
  flip: fc.boolean(),
});

/** The protocol once more, over rows as objects and without a thought for speed. */
function slowSplit(set: data.Interactions, options: data.IfruSplitOptions) {
  const all = rowsOf(set);
  const kept = Array.from(data.kCoreRows(set, options.coreSize), (row) => all[row]);
  const shuffled = Array.from(core.numpyShuffledIndices(kept.length, options.seed), (index) => kept[index]);
  const binary = (rows: Row[]) => rows.map((row) => ({ ...row, label: row.label! > options.positiveAbove ? 1 : 0 }));
  const train = binary(shuffled.slice(0, Math.floor(0.6 * kept.length)));
  const seen = (row: Row) =>
    train.some((other) => other.user === row.user) && train.some((other) => other.item === row.item);
  const first = Math.trunc(train.length * (1 - options.forgetFraction));
  return {
    train: train.map((row, index) => (options.flip && index >= first ? { ...row, label: 1 - row.label } : row)),
    trueLabel: train.map((row) => row.label),
    first,
    valid: binary(shuffled.slice(Math.floor(0.6 * kept.length), Math.floor(0.8 * kept.length))).filter(seen),
    test: binary(shuffled.slice(Math.floor(0.8 * kept.length))).filter(seen),
  };
}

describe("ifruSplit", () => {
  property.prop([someInteractions, options])("follows the protocol", (set, given) => {
    fc.pre(Math.floor(0.6 * data.kCoreRows(set, given.coreSize).length) > 0);
    const split = data.ifruSplit(set, given);
    const slow = slowSplit(set, given);
    expect(rowsOf(split.train)).toEqual(slow.train);
    expect(rowsOf(split.valid)).toEqual(slow.valid);
    expect(rowsOf(split.test)).toEqual(slow.test);
    expect([...split.trueLabel]).toEqual(slow.trueLabel);
    expect([...split.retainRows, ...split.forgetRows]).toEqual([...slow.train.keys()]);
    expect(split.retainRows.length).toBe(slow.first);
  });

  property.prop([someInteractions, options])(
    "numbers ids by first appearance in train, for all parts",
    (set, given) => {
      fc.pre(Math.floor(0.6 * data.kCoreRows(set, given.coreSize).length) > 0);
      const { train, valid, test } = data.ifruSplit(set, given);
      for (const ids of [train.user, train.item])
        expect([...new Set(ids)]).toEqual(Array.from({ length: new Set(ids).size }, (_, id) => id));
      expect(train.userCount).toBe(new Set(train.user).size);
      for (const part of [valid, test]) {
        expect(part.users).toBe(train.users);
        expect(part.items).toBe(train.items);
        expect([...part.user].every((user) => user < train.userCount)).toBe(true);
      }
    },
  );

  test("the last rows are forgotten, by the authors' rounding", () => {
    const rows = Array.from({ length: 1000 }, (_, k) => ({ user: `u${k % 10}`, item: `i${k % 7}`, label: k % 5 }));
    const { forgetRows, train } = data.ifruSplit(interactionsOf(rows), { forgetFraction: 0.02 });
    expect(train.user.length).toBe(600);
    expect([...forgetRows]).toEqual([588, 589, 590, 591, 592, 593, 594, 595, 596, 597, 598, 599]);
  });

  test("says when nothing is left", () => {
    const set = interactionsOf([{ user: "a", item: "x" }]);
    expect(() => data.ifruSplit(set)).toThrow(/the 5-core leaves 0 rows/);
    expect(() => data.ifruSplit(set, { positivAbove: 3 } as object)).toThrow(/did you mean "positiveAbove"/);
    expect(() => data.ifruSplit(set, { forgetFraction: 1 })).toThrow(core.InvalidOptionError);
  });
});
