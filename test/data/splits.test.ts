import { fc, test as property } from "@fast-check/vitest";
import { data } from "recsys-unlearning";
import { describe, expect } from "vitest";
import { rowsOf, someInteractions } from "./interactions.fixture";

/** For each row, as far as there are some, the part it goes to. */
const partOfRows = fc.array(fc.constantFrom("train", "valid", "test"), { minLength: 120, maxLength: 120 });

describe("applySplit", () => {
  property.prop([someInteractions, partOfRows])(
    "shares ids by first appearance in train and drops what train has not",
    (set, partOf) => {
      const rowsOfPart = (part: string) => Int32Array.from(set.user.keys()).filter((row) => partOf[row] === part);
      const split = { train: rowsOfPart("train"), valid: rowsOfPart("valid"), test: rowsOfPart("test") };
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
