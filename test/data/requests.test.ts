import { fc, test as property } from "@fast-check/vitest";
import { core, data } from "recsys-unlearning";
import { describe, expect, test } from "vitest";
import { interactionsOf, someInteractions } from "./interactions.fixture";

const set = interactionsOf(["ax", "by", "ay", "ax", "cz"].map(([user, item]) => ({ user, item })));

describe("requests", () => {
  test("name the rows of an interaction, a user, an item", () => {
    expect([...data.interactionRows(set, 0, 0)]).toEqual([0, 3]);
    expect([...data.userRows(set, 0)]).toEqual([0, 2, 3]);
    expect([...data.itemRows(set, 1)]).toEqual([1, 2]);
  });

  test("what is not there is an error, not an empty request", () => {
    expect(() => data.interactionRows(set, 1, 0)).toThrow(core.NotFoundError);
    expect(() => data.userRows(set, 3)).toThrow(/no rows of user 3/);
    expect(() => data.itemRows(set, -1)).toThrow(/no rows of item -1/);
  });

  test("a group with an unknown user is refused by that user's name", () => {
    expect(() => data.groupOfUsersRows(set, [1, 999])).toThrow(/no rows of user 999/);
  });

  test("rows to forget are a set of rows that are there", () => {
    const rows = Int32Array.of(1, 3);
    expect(data.requireForgetRows(set, rows, "here")).toBe(rows);
    expect([...data.requireForgetRows(set, Int32Array.of(3, 1, 3), "here")]).toEqual([1, 3]);
    for (const missing of [-1, 5])
      expect(() => data.requireForgetRows(set, Int32Array.of(0, missing), "here")).toThrow(
        new RegExp(`row ${missing} of "forgetRows"`),
      );
    expect(() => data.retainedRows(set, Int32Array.of(5))).toThrow(core.InvalidArgumentError);
  });

  property.prop([someInteractions, fc.double({ min: 0.001, max: 1, noNaN: true }), fc.integer()])(
    "a random share has its size, no row twice, in order, the same for the same seed",
    (set, share, seed) => {
      const rows = data.randomRows(set, share, seed);
      expect(rows.length).toBe(Math.max(1, Math.round(share * set.user.length)));
      expect([...rows]).toEqual([...new Set(rows)].sort((a, b) => a - b));
      expect(rows.at(-1)).toBeLessThan(set.user.length);
      expect(data.randomRows(set, share, seed)).toEqual(rows);
    },
  );

  test.each([0, -1, 1.1, NaN])("a share of %d is refused", (share) => {
    expect(() => data.randomRows(set, share, 1)).toThrow(core.InvalidOptionError);
  });
});

describe("groups of users", () => {
  property.prop([someInteractions, fc.array(fc.nat(11), { minLength: 1 })])(
    "are the rows of each, once",
    (set, picks) => {
      const users = picks.map((pick) => pick % set.userCount);
      const expected = [...set.user.keys()].filter((row) => users.includes(set.user[row]));
      expect([...data.groupOfUsersRows(set, users)]).toEqual(expected);
    },
  );

  property.prop([someInteractions, fc.integer({ min: 1, max: 5 }), fc.integer()])(
    "chosen by activity or at random, are different users with rows",
    (all, count, seed) => {
      const set = data.selectRows(all, data.randomRows(all, 0.5, seed)); // some users have no rows left
      const activity = (user: number) => set.user.filter((id) => id === user).length;
      const active = [...new Set(set.user)];
      if (count > active.length) {
        expect(() => data.chooseUsers(set, count, "random")).toThrow(/asked for of/);
        return;
      }
      for (const choice of ["random", "most-active", "least-active"] as const) {
        const users = [...data.chooseUsers(set, count, choice, seed)];
        expect(new Set(users).size).toBe(count);
        expect(users.every((user) => activity(user) > 0)).toBe(true);
        expect([...data.chooseUsers(set, count, choice, seed)]).toEqual(users);
        const sorted = active.map(activity).sort((a, b) => (choice === "most-active" ? b - a : a - b));
        if (choice !== "random") expect(users.map(activity)).toEqual(sorted.slice(0, count));
      }
    },
  );
});

describe("requestStream", () => {
  const stream = fc.record({
    of: fc.constantFrom("interactions" as const, "users" as const, "items" as const),
    requests: fc.integer({ min: 1, max: 4 }),
    size: fc.integer({ min: 1, max: 2 }),
    seed: fc.integer(),
  });

  property.prop([someInteractions, stream])("never asks twice, and whole users and items at a time", (set, options) => {
    const { of, requests, size } = options;
    const ids = of === "users" ? set.user : of === "items" ? set.item : Int32Array.from(set.user.keys());
    if (requests * size > new Set(ids).size) {
      expect(() => data.requestStream(set, options)).toThrow(/need more/);
      return;
    }
    const asked = data.requestStream(set, options);
    expect(asked.length).toBe(requests);
    expect(new Set(asked.flatMap((rows) => [...rows])).size).toBe(asked.reduce((sum, rows) => sum + rows.length, 0));
    for (const rows of asked) {
      const groups = new Set(Array.from(rows, (row) => ids[row]));
      expect(groups.size).toBe(size);
      expect([...rows]).toEqual([...ids.keys()].filter((row) => groups.has(ids[row])));
    }
    const shorter = data.requestStream(set, { ...options, requests: 1 });
    expect(shorter[0]).toEqual(asked[0]);
  });
});

describe("plantSpam", () => {
  const spam = fc.record({
    userShare: fc.double({ min: 0.01, max: 1, noNaN: true }),
    targetCount: fc.integer({ min: 0, max: 2 }),
    fillerCount: fc.integer({ min: 0, max: 2 }),
    seed: fc.integer(),
  });

  property.prop([someInteractions, spam])(
    "adds invented users behind the true rows and asks to forget them",
    (set, options) => {
      fc.pre(set.itemCount >= 4);
      const { train, forgetRows, targets } = data.plantSpam(set, options);
      const spammers = Math.max(1, Math.round(options.userShare * set.userCount));
      expect(train.userCount).toBe(set.userCount + spammers);
      expect(train.users.size).toBe(train.userCount);
      expect(train.users.toRaw(set.userCount)).toBe("spam-0");
      expect(data.selectRows(train, data.retainedRows(train, forgetRows))).toEqual({
        ...set,
        userCount: train.userCount,
        users: train.users,
      });
      expect(forgetRows.length).toBe(spammers * (options.targetCount + options.fillerCount));
      for (const row of forgetRows) {
        expect(train.user[row]).toBeGreaterThanOrEqual(set.userCount);
        if (targets.includes(train.item[row])) expect(train.label[row]).toBe(Math.max(...set.label));
      }
      const pairs = new Set(Array.from(forgetRows, (row) => `${train.user[row]} ${train.item[row]}`));
      expect(pairs.size).toBe(forgetRows.length);
      expect(data.plantSpam(set, options).train.item).toEqual(train.item);
    },
  );

  test("pushes items of the unpopular half, as a positive where labels are binary", () => {
    const set = data.ifruSplit(
      data.generateInteractions({ userCount: 50, itemCount: 60, interactionsPerUser: 20 }),
    ).train;
    const { targets, train, forgetRows } = data.plantSpam(set, { targetCount: 3 });
    const popularity = Array.from({ length: set.itemCount }, (_, item) => set.item.filter((id) => id === item).length);
    const median = [...popularity].sort((a, b) => a - b)[Math.floor(set.itemCount / 2)];
    for (const target of targets) expect(popularity[target]).toBeLessThanOrEqual(median);
    expect(new Set(Array.from(forgetRows, (row) => train.label[row])).has(1)).toBe(true);
  });

  test("asks for no more items than there are", () => {
    expect(() => data.plantSpam(set, { targetCount: 5 })).toThrow(core.InvalidArgumentError);
  });
});
