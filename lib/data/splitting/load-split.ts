import {
  announce,
  didYouMean,
  givenOption,
  InvalidArgumentError,
  InvalidDataError,
  optionList,
  type OptionsOf,
} from "../../core";
import { loadDataset } from "../catalogue/load-dataset";
import { type Interactions, rowCount } from "../interactions";
import type { ReadOptions } from "../reading/read-options";
import { withIdsOf } from "../renumber";
import type { Split } from "../splits";
import { leaksOption, withoutLeaks } from "./leaks";
import { splitHash } from "./split-hash";

/** Where each part of a split comes from: the path of a file or the name of a dataset, or rows that are here. */
export interface SplitSources {
  readonly train: string | Interactions;
  /** Default: none, a part without rows. */
  readonly valid?: string | Interactions;
  readonly test: string | Interactions;
}

/** The options of `loadSplit`. */
const loadSplitOptions = optionList("loadSplit", {
  read: givenOption<ReadOptions>("How to read the files, where their first lines do not tell.", {}),
  leaks: leaksOption,
});

/** Options of `loadSplit`. */
export interface LoadSplitOptions extends OptionsOf<typeof loadSplitOptions.fields> {}

/** A split that was made elsewhere. */
export interface LoadedSplit extends Split {
  /** `splitHash` of the parts; stands in records. */
  readonly hash: string;
  /** Rows of the other parts whose user or item train does not have. They are left out. */
  readonly unknownRows: { readonly valid: number; readonly test: number };
}

/**
 * A split that was made elsewhere, its parts under one id map: ids are numbered by first appearance in train. Rows of
 * the other parts whose user or item train does not have are left out, which is said.
 *
 * @param sources files, or rows; `toInteractions(frame)` of `recsys-unlearning/notebook` makes rows of a
 *   danfo.js frame
 * @example
 * const split = await loadSplit({ train: "train.csv", valid: "valid.csv", test: "test.csv" });
 * const mine = await loadSplit({ train, test }); // interactions, such as toInteractions makes of a frame
 * @throws NotFoundError for a file that is not there
 * @throws InvalidArgumentError for parts that there are not, or one that is neither a path nor rows
 * @throws InvalidDataError for a malformed file, for a part that has rows but none of train's users and items, or for
 *   pairs that two parts share (see the option `leaks`)
 */
export async function loadSplit(sources: SplitSources, options?: Partial<LoadSplitOptions>): Promise<LoadedSplit> {
  const { read, leaks } = loadSplitOptions.resolve(options);
  requireSources(sources);
  const load = async (source: string | Interactions) =>
    typeof source === "string" ? (await loadDataset(source, { read })).interactions : source;
  const train = await load(sources.train);
  if (rowCount(train) === 0) throw new InvalidDataError("train has no rows", { where: "loadSplit" });
  const unknownRows = { valid: 0, test: 0 };
  const under = async (part: "valid" | "test", source: string | Interactions | undefined) => {
    if (source === undefined) return withIdsOf(emptied(train), train);
    const own = await load(source);
    const known = withIdsOf(own, train);
    unknownRows[part] = rowCount(own) - rowCount(known);
    requireSome(part, rowCount(own), rowCount(known));
    return known;
  };
  const parts = { train, valid: await under("valid", sources.valid), test: await under("test", sources.test) };
  const split = withoutLeaks(parts, leaks, "loadSplit");
  return { ...split, hash: splitHash(split), unknownRows };
}

const partNames = ["train", "valid", "test"];

/** A misspelt part would be a part without rows. */
function requireSources(sources: SplitSources): void {
  const given = Object.entries(sources as unknown as Readonly<Record<string, unknown>>);
  const other = given.find(([part]) => !partNames.includes(part));
  if (other !== undefined)
    throw new InvalidArgumentError(`a split has no part "${other[0]}"`, {
      where: "loadSplit",
      remedy: didYouMean(other[0], partNames),
    });
  for (const part of ["train", "valid", "test"] as const) {
    const source: unknown = sources[part];
    if (typeof source === "string" || (source === undefined && part === "valid")) continue;
    if (ArrayBuffer.isView((source as Partial<Interactions> | null | undefined)?.user)) continue;
    throw new InvalidArgumentError(
      source === undefined ? `there is no ${part}` : `${part} is neither a path nor rows`,
      {
        where: "loadSplit",
        remedy: `give the path of a file, or interactions: { train: "train.csv", test: "test.csv" }`,
      },
    );
  }
}

function requireSome(part: string, rows: number, known: number): void {
  if (rows > 0 && known === 0)
    throw new InvalidDataError(`none of ${rows} rows of ${part} has a user and an item of train`, {
      where: "loadSplit",
      remedy: "look whether both files have the same kind of ids, in the same columns",
    });
  if (known < rows)
    announce(
      `loadSplit: ${rows - known} of ${rows} rows of ${part} have a user or item that train does not have; left out`,
    );
}

function emptied(rows: Interactions): Interactions {
  const { time, ...rest } = rows;
  const none = { user: new Int32Array(0), item: new Int32Array(0), label: new Float32Array(0) };
  return { ...rest, ...none, ...(time === undefined ? {} : { time: new Float64Array(0) }) };
}
