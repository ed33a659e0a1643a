import { fc, test as property } from "@fast-check/vitest";
import { core, data } from "recsys-unlearning";
import { describe, expect, test } from "vitest";
import { interactionsOf, rowsOf, someInteractions } from "./interactions.fixture";

const shares = fc.record({
  validShare: fc.double({ min: 0, max: 0.45, noNaN: true }),
  testShare: fc.double({ min: 0, max: 0.45, noNaN: true }),
  seed: fc.integer(),
});

const splitters: Record<string, (set: data.Interactions, options: Partial<data.SplitOptions>) => data.RowSplit> = {
  randomSplit: data.randomSplit,
  temporalSplit: data.temporalSplit,
  userSplit: data.userSplit,
  leaveLastOut: (set) => data.leaveLastOut(set),
};

describe.each(Object.entries(splitters))("%s", (_, split) => {
  property.prop([someInteractions, shares])("puts every row into one part, the same way each time", (set, options) => {
    const parts = split(set, options);
    const all = [...parts.train, ...parts.valid, ...parts.test];
    expect(all.sort((a, b) => a - b)).toEqual([...set.user.keys()]);
    expect(split(set, options)).toEqual(parts);
  });
});

describe("what each split keeps apart", () => {
  property.prop([someInteractions, shares])("randomSplit: the shares, to the row", (set, options) => {
    const { train, valid, test } = data.randomSplit(set, options);
    const rows = set.user.length;
    expect(test.length).toBe(Math.round(options.testShare * rows));
    expect(valid.length).toBe(Math.round(options.validShare * rows));
    expect(train.length).toBe(rows - valid.length - test.length);
  });

  property.prop([someInteractions, shares])(
    "temporalSplit: no part looks into the future of the one before",
    (set, options) => {
      const { train, valid, test } = data.temporalSplit(set, options);
      const last = (rows: Int32Array) => Math.max(-Infinity, ...Array.from(rows, (row) => set.time![row]));
      const first = (rows: Int32Array) => Math.min(Infinity, ...Array.from(rows, (row) => set.time![row]));
      expect(last(train)).toBeLessThanOrEqual(Math.min(first(valid), first(test)));
      expect(last(valid)).toBeLessThanOrEqual(first(test));
    },
  );

  property.prop([someInteractions, shares])("userSplit: no user is in two parts", (set, options) => {
    const { train, valid, test } = data.userSplit(set, options);
    const users = [train, valid, test].map((rows) => new Set(Array.from(rows, (row) => set.user[row])));
    expect(users.reduce((sum, part) => sum + part.size, 0)).toBe(set.userCount);
  });

  property.prop([someInteractions])("leaveLastOut: a user's last to test, the one before to validation", (set) => {
    const { train, valid, test } = data.leaveLastOut(set);
    for (let user = 0; user < set.userCount; user++) {
      const own = [...set.user.keys()].filter((row) => set.user[row] === user);
      own.sort((a, b) => set.time![a] - set.time![b] || a - b);
      const held = own.length < 3 ? [] : own.slice(-2);
      expect([...valid].filter((row) => set.user[row] === user)).toEqual(held.slice(0, 1));
      expect([...test].filter((row) => set.user[row] === user)).toEqual(held.slice(1));
      expect([...train].filter((row) => set.user[row] === user)).toEqual(own.slice(0, own.length - held.length));
    }
  });

  test("where times are missing, the error says how many and what to do", () => {
    const set = interactionsOf([
      { user: "a", item: "x", time: 1 },
      { user: "a", item: "y" },
      { user: "a", item: "z", time: 2 },
    ]);
    expect(() => data.temporalSplit(set)).toThrow(/1 of 3 rows have no time[\s\S]*order: "rows"/);
    expect(() => data.leaveLastOut(interactionsOf([{ user: "a", item: "x" }]))).toThrow(core.InvalidDataError);
    expect([...data.leaveLastOut(set, { order: "rows" }).test]).toEqual([2]);
  });

  test("shares that leave nothing to train on are refused", () => {
    const set = interactionsOf([{ user: "a", item: "x" }]);
    expect(() => data.randomSplit(set, { validShare: 0.5, testShare: 0.5 })).toThrow(core.InvalidOptionError);
    expect(() => data.randomSplit(set, { testShare: -0.1 })).toThrow(core.InvalidOptionError);
  });
});

describe("applySplit", () => {
  property.prop([someInteractions, shares])(
    "shares ids by first appearance in train and drops what train has not",
    (set, options) => {
      const split = data.randomSplit(set, options);
      const parts = data.applySplit(set, split);
      const all = rowsOf(set);
      const seen = (key: "user" | "item") => new Set(Array.from(split.train, (row) => all[row][key]));
      const [users, items] = [seen("user"), seen("item")];
      const known = (rows: Int32Array) =>
        Array.from(rows, (row) => all[row]).filter((row) => users.has(row.user) && items.has(row.item));
      expect(rowsOf(parts.train)).toEqual(Array.from(split.train, (row) => all[row]));
      expect(rowsOf(parts.valid)).toEqual(known(split.valid));
      expect(rowsOf(parts.test)).toEqual(known(split.test));
      expect([...new Set(parts.train.item)]).toEqual([...Array(parts.train.itemCount).keys()]);
      expect(parts.test.users).toBe(parts.train.users);
    },
  );
});

describe("compactRows", () => {
  property.prop([someInteractions, fc.array(fc.nat(11), { maxLength: 12 })])(
    "keeps the rows and only their ids",
    (set, picks) => {
      const rows = Int32Array.from(picks);
      const compact = data.compactRows(set, rows);
      expect(rowsOf(compact)).toEqual(rowsOf(data.selectRows(set, rows)));
      expect(compact.userCount).toBe(new Set(compact.user).size);
      expect(compact.itemCount).toBe(new Set(compact.item).size);
    },
  );
});
