import {
  InvalidArgumentError,
  numberOption,
  numberOrWordOption,
  optionList,
  type OptionsOf,
  Random,
  seedOption,
  wholeOption,
} from "../core";
import { IdMap } from "./id-map";
import { type Interactions, rowCount } from "./interactions";

/** The options of `plantSpam`. */
export const spamOptions = optionList("plantSpam", {
  userShare: numberOption("Users who never existed, as a share of the true ones.", 0.02, { above: 0, max: 1 }),
  targetCount: wholeOption("Items they push, drawn from the least popular half.", 5, 0),
  fillerCount: wholeOption("Other items each of them rates, to look true.", 20, 0),
  label: numberOrWordOption(
    "The label of a pushed item; `largest` for the largest of the training set.",
    ["largest"],
    "largest",
  ),
  seed: seedOption("Draws items and rows.", 1),
});

/** Options of `plantSpam`; defaults and ranges are in `spamOptions`. */
export interface SpamOptions extends OptionsOf<typeof spamOptions.fields> {}

/** A training set with spam in it, and the request to forget the spam. */
export interface PlantedSpam {
  /** The true rows first, under the ids they had; then the spam, by users `spam-0`, `spam-1` … */
  readonly train: Interactions;
  /** The rows of the spam, ascending. */
  readonly forgetRows: Int32Array;
  /** Dense ids of the items that are pushed, ascending. */
  readonly targets: Int32Array;
}

/**
 * A bandwagon attack, as something worth forgetting: invented users who rate some unpopular items as high as can be,
 * and others as everybody does (true rows drawn at random, so popular items most).
 *
 * @throws InvalidArgumentError when the set has too few items
 * @example
 * const planted = plantSpam(train); // with rows that somebody paid for, and which rows these are
 */
export function plantSpam(train: Interactions, options?: Partial<SpamOptions>): PlantedSpam {
  const { userShare, targetCount, fillerCount, label, seed } = spamOptions.resolve(options);
  const popularity = new Int32Array(train.itemCount);
  for (const item of train.item) popularity[item]++;
  const present = Int32Array.from(popularity.keys())
    .filter((item) => popularity[item] > 0)
    .sort((a, b) => popularity[a] - popularity[b] || a - b);
  const unpopular = present.subarray(0, Math.floor(present.length / 2));
  if (targetCount > unpopular.length || fillerCount > present.length - unpopular.length)
    throw new InvalidArgumentError(`${targetCount} targets and ${fillerCount} fillers of ${present.length} items`, {
      where: "plantSpam",
      remedy: "ask for at most half the items of each",
    });

  const random = Random.derive(seed, "spam");
  const targets = random.sample(unpopular.length, targetCount).map((index) => unpopular[index]);
  const pushed = label === "largest" ? train.label.reduce((most, value) => Math.max(most, value), -Infinity) : label;
  const spammers = Math.max(1, Math.round(userShare * train.userCount));
  const spam: SpamRow[] = [];
  for (let spammer = 0; spammer < spammers; spammer++) {
    const user = train.userCount + spammer;
    const time = train.time?.[random.integer(rowCount(train))] ?? NaN;
    for (const item of targets) spam.push({ user, item, label: pushed, time });
    for (const row of fillerRows(train, fillerCount, targets, random))
      spam.push({ user, item: train.item[row], label: train.label[row], time });
  }
  return {
    train: withSpam(train, spam, spammers),
    forgetRows: Int32Array.from(spam, (_, k) => rowCount(train) + k),
    targets: targets.slice().sort(),
  };
}

interface SpamRow {
  readonly user: number;
  readonly item: number;
  readonly label: number;
  readonly time: number;
}

/** Rows drawn at random until `count` different items other than the targets have come. */
function fillerRows(train: Interactions, count: number, targets: Int32Array, random: Random): number[] {
  const taken = new Set(targets);
  const rows: number[] = [];
  while (rows.length < count) {
    const row = random.integer(rowCount(train));
    if (taken.has(train.item[row])) continue;
    taken.add(train.item[row]);
    rows.push(row);
  }
  return rows;
}

function withSpam(train: Interactions, spam: readonly SpamRow[], spammers: number): Interactions {
  const users = new IdMap(train.users.kind);
  for (let user = 0; user < train.userCount; user++) users.intern(train.users.toRaw(user));
  for (let spammer = 0; spammer < spammers; spammer++) users.intern(unusedName(users, `spam-${spammer}`));
  return {
    ...train,
    user: longer(
      train.user,
      spam.map((row) => row.user),
    ),
    item: longer(
      train.item,
      spam.map((row) => row.item),
    ),
    label: longer(
      train.label,
      spam.map((row) => row.label),
    ),
    ...(train.time === undefined
      ? {}
      : {
          time: longer(
            train.time,
            spam.map((row) => row.time),
          ),
        }),
    userCount: users.size,
    users,
  };
}

/** A column with values behind it. */
function longer<T extends Int32Array | Float32Array | Float64Array>(column: T, values: readonly number[]): T {
  const whole = new (column.constructor as new (length: number) => T)(column.length + values.length);
  whole.set(column);
  whole.set(values, column.length);
  return whole;
}

function unusedName(users: IdMap, name: string): string {
  return users.find(name) === undefined ? name : unusedName(users, `${name}'`);
}
