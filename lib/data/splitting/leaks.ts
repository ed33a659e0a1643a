import { announce, InvalidDataError, wordOption } from "../../core";
import { type Interactions, rowsWhere, selectRows } from "../interactions";
import type { Split } from "../splits";

/** What happens to rows of validation or test whose pair of user and item an earlier part has too. */
export const leaksOption = wordOption(
  "Pairs of user and item that a later part shares with an earlier one: `refuse` them with their number, `drop` them " +
    "from the later part, or `keep` them, such as where people come back to items.",
  ["refuse", "drop", "keep"],
  "refuse",
);

/** How a leak is met. */
export type Leaks = "refuse" | "drop" | "keep";

/** Rows of the later parts that leak, ascending. */
export interface LeakedRows {
  /** Rows of `valid` whose pair is in `train`. */
  readonly valid: Int32Array;
  /** Rows of `test` whose pair is in `train` or `valid`. */
  readonly test: Int32Array;
}

/**
 * Rows of a split whose pair of user and item an earlier part has too. A model that remembers its training rows is
 * right about these, so that they say nothing of how well it generalises.
 *
 * @param split parts under the same ids
 * @example
 * leakedRows(await loadSplit({ train: "train.csv", test: "test.csv" }, { leaks: "keep" }));
 */
export function leakedRows({ train, valid, test }: Split): LeakedRows {
  const known = new Set<number>();
  const pair = ({ user, item }: Interactions, row: number) => user[row] * train.itemCount + item[row];
  const add = (part: Interactions) => part.user.forEach((_, row) => known.add(pair(part, row)));
  add(train);
  const ofValid = rowsWhere(valid, (row) => known.has(pair(valid, row)));
  add(valid);
  return { valid: ofValid, test: rowsWhere(test, (row) => known.has(pair(test, row))) };
}

/**
 * A split in which leaks were met as asked; says what was done.
 *
 * @throws InvalidDataError that counts the leaked rows, where they are refused
 */
export function withoutLeaks(split: Split, leaks: Leaks, where: string): Split {
  const leaked = leakedRows(split);
  const counts = (["valid", "test"] as const).filter((part) => leaked[part].length > 0);
  if (counts.length === 0) return split;
  const found = counts.map((part) => `${leaked[part].length} of ${split[part].user.length} rows of ${part}`).join(", ");
  if (leaks === "refuse")
    throw new InvalidDataError(`${found} have a pair of user and item that an earlier part has too`, {
      where,
      remedy: 'give leaks: "drop" to leave these rows out, or leaks: "keep" if people come back to items',
    });
  announce(
    `${where}: ${found} share their pair of user and item with an earlier part; ${leaks === "drop" ? "left out" : "kept"}`,
  );
  if (leaks === "keep") return split;
  const rest = (part: "valid" | "test") => {
    const gone = new Set(leaked[part]);
    return selectRows(
      split[part],
      rowsWhere(split[part], (row) => !gone.has(row)),
    );
  };
  return { train: split.train, valid: rest("valid"), test: rest("test") };
}
