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
