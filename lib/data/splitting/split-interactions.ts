import {
  announce,
  InvalidArgumentError,
  InvalidDataError,
  numberOption,
  optionList,
  type OptionsOf,
  Random,
  seedOption,
  wholeOption,
  wordOption,
} from "../../core";
import { type Interactions, rowCount, rowsWhere } from "../interactions";
import { applySplit, type RowSplit, type Split } from "../splits";
import { announceTies, chronologicalRows, chronologicalRowsByUser, type Ties, tiesOption } from "./chronology";
import { type Leaks, leaksOption, withoutLeaks } from "./leaks";

const share = (part: string) => numberOption(`Share of the rows for ${part}.`, 0.1, { min: 0, max: 0.999 });

/** The options of `splitInteractions`. */
export const splitOptions = optionList("splitInteractions", {
  by: wordOption(
    "How rows are chosen: at `random`; by `time`, the last of all rows for testing; by `user-time`, the last rows of " +
      "each user; or `leave-last-out`, a fixed number of each user's last rows.",
    ["random", "time", "user-time", "leave-last-out"],
    "random",
  ),
  validShare: share("validation; not for `leave-last-out`"),
  testShare: share("testing; not for `leave-last-out`"),
  lastCount: wholeOption("Rows of each user for validation, and as many for testing; for `leave-last-out`.", 1, 1),
  ties: tiesOption,
  leaks: leaksOption,
  seed: seedOption("Of a random split.", 1),
});

/** Options of `splitInteractions`; defaults and ranges are in `splitOptions`. */
export interface SplitOptions extends OptionsOf<typeof splitOptions.fields> {}

/**
 * A split of one's own data into train, validation and test. Ids are numbered by first appearance in train; rows of the
 * other parts whose user or item train does not have are left out, which is said.
 *
 * @example
 * const { interactions } = await loadDataset("ratings.csv");
 * const split = splitInteractions(interactions, { by: "leave-last-out" });
 * @throws InvalidDataError where a row has no time and the split goes by time, where nothing is left to train on, or
 *   for pairs that two parts share (see the option `leaks`)
 */
export function splitInteractions(interactions: Interactions, options?: Partial<SplitOptions>): Split {
  const resolved = splitOptions.resolve(options);
  if (resolved.validShare + resolved.testShare >= 1)
    throw new InvalidArgumentError(`validation and test together take ${resolved.validShare + resolved.testShare}`, {
      where: "splitInteractions",
      remedy: "leave a share for training",
    });
  return finished(interactions, rowSplits[resolved.by](interactions, resolved), resolved.leaks, "splitInteractions");
}

/**
 * A split by a column that names each row's part, such as a fold or a file's own `split` column.
 *
 * @param column one value a row, `[rows]`
 * @param parts which values mean which part; rows with another value are left out, which is said
 * @param leaks default `refuse`
 * @example
 * const { interactions } = await loadDataset("folds.csv", { read: { columns: { rating: "rating" } } });
 * const fold = (await loadDataset("folds.csv", { read: { columns: { rating: "fold" } } })).interactions.label;
 * splitByColumn(interactions, fold, { train: [0, 1, 2], valid: [3], test: [4] });
 * @throws InvalidArgumentError for a column of another length
 */
export function splitByColumn<T extends string | number>(
  interactions: Interactions,
  column: ArrayLike<T>,
  parts: { readonly train: readonly T[]; readonly valid?: readonly T[]; readonly test: readonly T[] },
  leaks: Leaks = "refuse",
): Split {
  if (column.length !== rowCount(interactions))
    throw new InvalidArgumentError(`the column has ${column.length} values for ${rowCount(interactions)} rows`, {
      where: "splitByColumn",
      remedy: "give one value per row",
    });
  const rowsOf = (values: readonly T[] = []) => rowsWhere(interactions, (row) => values.includes(column[row]));
  const rows = { train: rowsOf(parts.train), valid: rowsOf(parts.valid), test: rowsOf(parts.test) };
  const others = column.length - rows.train.length - rows.valid.length - rows.test.length;
  if (others !== 0) announce(`splitByColumn: ${others} rows belong to no part and are left out`);
  return finished(interactions, rows, leaks, "splitByColumn");
}

function finished(interactions: Interactions, rows: RowSplit, leaks: Leaks, where: string): Split {
  if (rows.train.length === 0)
    throw new InvalidDataError(`none of ${rowCount(interactions)} rows is left to train on`, {
      where,
      remedy: "give more rows, or smaller shares for validation and test",
    });
  const split = applySplit(interactions, rows);
  const lost = (["valid", "test"] as const)
    .map((part) => ({ part, count: rows[part].length - rowCount(split[part]), of: rows[part].length }))
    .filter(({ count }) => count > 0);
  for (const { part, count, of } of lost)
    announce(`${where}: ${count} of ${of} rows of ${part} have a user or item that train does not have; left out`);
  return withoutLeaks(split, leaks, where);
}

const rowSplits: Readonly<Record<SplitOptions["by"], (interactions: Interactions, options: SplitOptions) => RowSplit>> =
  {
    random: (interactions, { seed, ...shares }) => {
      const rows = Int32Array.from({ length: rowCount(interactions) }, (_, row) => row);
      return cut(Random.derive(seed, "split").shuffle(rows), shares);
    },
    time: (interactions, { ties, ...shares }) => cut(chronologicalRows(interactions, ties), shares),
    "user-time": (interactions, options) =>
      byUser(interactions, options.ties, (count) => ({
        valid: Math.round(options.validShare * count),
        test: Math.round(options.testShare * count),
      })),
    "leave-last-out": (interactions, { ties, lastCount }) =>
      byUser(interactions, ties, (count) =>
        count > 2 * lastCount ? { valid: lastCount, test: lastCount } : { valid: 0, test: 0 },
      ),
  };

/** Rows in order, the last for testing and those before for validation. */
function cut(rows: Int32Array, { validShare, testShare }: Pick<SplitOptions, "validShare" | "testShare">): RowSplit {
  const testStart = rows.length - Math.round(testShare * rows.length);
  const validStart = testStart - Math.round(validShare * rows.length);
  const part = (start: number, end: number) => rows.slice(start, end).sort();
  return { train: part(0, validStart), valid: part(validStart, testStart), test: part(testStart, rows.length) };
}

/** Of each user's rows, the earliest first, the last for testing. @param take by how many rows a user has */
function byUser(
  interactions: Interactions,
  ties: Ties,
  take: (count: number) => { readonly valid: number; readonly test: number },
): RowSplit {
  const grouped = chronologicalRowsByUser(interactions, ties);
  const time = interactions.time!; // chronologicalRows refuses rows without
  const [train, valid, test]: [number[], number[], number[]] = [[], [], []];
  let tied = 0;
  for (let user = 0; user < interactions.userCount; user++) {
    const rows = grouped.rows.subarray(grouped.pointers[user], grouped.pointers[user + 1]);
    const taken = take(rows.length);
    const testStart = rows.length - taken.test;
    const validStart = testStart - taken.valid;
    if (testStart < rows.length && testStart > 0 && time[rows[testStart]] === time[rows[testStart - 1]]) tied++;
    rows.forEach((row, k) => (k < validStart ? train : k < testStart ? valid : test).push(row));
  }
  announceTies("splitInteractions", tied, interactions.userCount, ties);
  const ascending = (rows: number[]) => Int32Array.from(rows).sort();
  return { train: ascending(train), valid: ascending(valid), test: ascending(test) };
}
