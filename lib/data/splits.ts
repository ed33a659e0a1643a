import { numberOption, optionList, type OptionsOf, Random, requireNumber, requireOneOf, seedOption } from "../core";
import { type Interactions, rowCount } from "./interactions";
import { orderedRows, orderedRowsByUser, type RowOrder } from "./order";
import { numberByFirstAppearance, renumberRows } from "./renumber";

/** Row numbers of the three parts. No row is in two of them. */
export interface RowSplit {
  readonly train: Int32Array;
  readonly valid: Int32Array;
  readonly test: Int32Array;
}

/** The three parts as sets that share the ids of `train`. */
export interface Split {
  readonly train: Interactions;
  readonly valid: Interactions;
  readonly test: Interactions;
}

const splitFields = {
  validShare: numberOption("Share of the rows (of `userSplit`, of the users) for validation.", 0.1, {
    min: 0,
    max: 0.999,
  }),
  testShare: numberOption("Share of the rows (of `userSplit`, of the users) for testing.", 0.1, { min: 0, max: 0.999 }),
  seed: seedOption("Of what is drawn; `temporalSplit` draws nothing.", 1),
};

/** Options of `randomSplit`, `temporalSplit` and `userSplit`. */
export interface SplitOptions extends OptionsOf<typeof splitFields> {}

/** Every row to one part at random. */
export function randomSplit(interactions: Interactions, options?: Partial<SplitOptions>): RowSplit {
  const { seed, ...shares } = shareOptions(options, "randomSplit");
  const all = Int32Array.from({ length: rowCount(interactions) }, (_, row) => row);
  const [train, valid, test] = cut(Random.derive(seed, "random split").shuffle(all), shares).map((part) => part.sort());
  return { train, valid, test };
}

/**
 * The earliest rows to train, the latest to test.
 *
 * @throws InvalidDataError when a row has no time
 */
export function temporalSplit(interactions: Interactions, options?: Partial<SplitOptions>): RowSplit {
  const [train, valid, test] = cut(orderedRows(interactions, "time"), shareOptions(options, "temporalSplit"));
  return { train, valid, test };
}

/** Every user, with all rows, to one part at random: for models that meet new users. */
export function userSplit(interactions: Interactions, options?: Partial<SplitOptions>): RowSplit {
  const { seed, ...shares } = shareOptions(options, "userSplit");
  const users = Int32Array.from({ length: interactions.userCount }, (_, user) => user);
  const partOf = new Uint8Array(interactions.userCount);
  cut(Random.derive(seed, "user split").shuffle(users), shares).forEach((part, index) => {
    for (const user of part) partOf[user] = index;
  });
  const all = Int32Array.from({ length: rowCount(interactions) }, (_, row) => row);
  const [train, valid, test] = [0, 1, 2].map((index) => all.filter((row) => partOf[interactions.user[row]] === index));
  return { train, valid, test };
}

/**
 * Each user's last row to test, the one before to validation, the others to train. A user with fewer than three rows keeps all in
 * train.
 *
 * @param options.order what "last" means; default `"time"`
 * @throws InvalidDataError when a row has no time and the order is by time
 */
export function leaveLastOut(interactions: Interactions, options: { readonly order?: RowOrder } = {}): RowSplit {
  const order = requireOneOf("order", options.order ?? "time", ["time", "rows"] as const);
  const { pointers, rows } = orderedRowsByUser(interactions, order);
  const parts: [number[], number[], number[]] = [[], [], []];
  for (let user = 0; user < interactions.userCount; user++) {
    const end = pointers[user + 1];
    const held = end - pointers[user] < 3 ? 0 : 2;
    for (let k = pointers[user]; k < end; k++) parts[k < end - held ? 0 : k === end - 1 ? 2 : 1].push(rows[k]);
  }
  const [train, valid, test] = parts.map((part) => Int32Array.from(part));
  return { train, valid, test };
}

/**
 * A split's parts as sets: ids are numbered by first appearance in train; rows of the other parts whose user or item train does not
 * have are dropped.
 */
export function applySplit(interactions: Interactions, split: RowSplit): Split {
  const numbering = numberByFirstAppearance(interactions, split.train);
  return {
    train: renumberRows(interactions, split.train, numbering),
    valid: renumberRows(interactions, split.valid, numbering),
    test: renumberRows(interactions, split.test, numbering),
  };
}

function shareOptions(options: Partial<SplitOptions> | undefined, where: string): SplitOptions {
  const resolved = optionList(where, splitFields).resolve(options);
  requireNumber("testShare", resolved.testShare, { min: 0, max: 0.999 - resolved.validShare });
  return resolved;
}

/** Cuts a list into the train, validation and test shares, in this order. */
export function cut(ids: Int32Array, shares: Pick<SplitOptions, "validShare" | "testShare">): Int32Array[] {
  const testStart = ids.length - Math.round(shares.testShare * ids.length);
  const validStart = testStart - Math.round(shares.validShare * ids.length);
  return [ids.slice(0, validStart), ids.slice(validStart, testStart), ids.slice(testStart)];
}
