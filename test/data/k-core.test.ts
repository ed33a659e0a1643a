import { fc, test as property } from "@fast-check/vitest";
import { data } from "recsys-unlearning";
import { describe, expect, test } from "vitest";
import { interactionsOf, someInteractions } from "./interactions.fixture";

/** Drops one offending row at a time, in any order: the core is what cannot be shrunk. */
function slowCore(set: data.Interactions, least: number): number[] {
  let rows = Array.from(set.user.keys());
  for (;;) {
    const count = (column: Int32Array, id: number) => rows.filter((row) => column[row] === id).length;
    const bad = rows.find((row) => count(set.user, set.user[row]) < least || count(set.item, set.item[row]) < least);
    if (bad === undefined) return rows;
    rows = rows.filter((row) => row !== bad);
  }
}

describe("kCoreRows", () => {
  property.prop([someInteractions, fc.integer({ min: 0, max: 6 })])(
    "is the one set that cannot shrink",
    (set, least) => {
      expect([...data.kCoreRows(set, least)]).toEqual(slowCore(set, least));
    },
  );

  test("takes more than one round", () => {
    // c has one row; without it y has one; without that b has one.
    const set = interactionsOf(["ax", "az", "dx", "dz", "by", "bx", "cy"].map(([user, item]) => ({ user, item })));
    expect([...data.kCoreRows(set, 2)]).toEqual([0, 1, 2, 3]);
  });
});
