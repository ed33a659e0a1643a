import { announce, numberOption, optionList, type OptionsOf, Random, seedOption, wordOption } from "../../core";
import { groupRows } from "../interaction-index";
import { type Interactions, rowCount } from "../interactions";
import { requireSameIds } from "../same-ids";

/** The options of `withNegatives`. */
export const negativeOptions = optionList("withNegatives", {
  draw: wordOption(
    "How likely each item is: all the same (`uniform`), or by its number of positives (`popularity`).",
    ["uniform", "popularity"],
    "uniform",
  ),
  ratio: numberOption("Negatives for each positive of a user, rounded to whole rows.", 1, { min: 0 }),
  popularityPower: numberOption("What the numbers of positives are raised to, for `popularity`.", 1, { min: 0 }),
  seed: seedOption("Of the draw.", 1),
});

/** Options of `withNegatives`; defaults and ranges are in `negativeOptions`. */
export interface NegativeOptions extends OptionsOf<typeof negativeOptions.fields> {}

/**
 * Positives with sampled negatives after them: what models of labels 0 and 1 (MF, LightGCN) need of implicit data. The
 * positives keep their row numbers. A negative is an item that its user has in none of the sets given; no user gets
 * one twice. A user who has nearly everything gets fewer, which is said.
 *
 * @param positives every row counts as a positive, whatever its label; the result has label 1 there
 * @param known further sets under the same ids whose pairs are no negatives, such as validation and test
 * @returns rows with labels 1, then 0; a negative has no time
 * @throws InvalidArgumentError for sets with other ids
 * @example
 * withNegatives(train, [valid, test], { ratio: 4 }); // no negative is a positive of valid or test
 */
export function withNegatives(
  positives: Interactions,
  known: readonly Interactions[] = [],
  options?: Partial<NegativeOptions>,
): Interactions {
  const { draw, ratio, popularityPower, seed } = negativeOptions.resolve(options);
  known.forEach((set, k) => requireSameIds(positives, set, ["positives", `known[${k}]`]));
  const weights = new Float64Array(positives.itemCount);
  if (draw === "uniform") weights.fill(1);
  else for (const item of positives.item) weights[item]++;
  const sampler = new ItemSampler(draw === "uniform" ? weights : weights.map((count) => count ** popularityPower));
  const has = itemsByUser([positives, ...known]);
  const counts = new Int32Array(positives.userCount);
  for (const user of positives.user) counts[user]++;
  const [user, item]: [number[], number[]] = [[], []];
  let missing = 0;
  counts.forEach((count, one) => {
    const wanted = Math.round(ratio * count);
    const drawn = sampler.draw(wanted, has(one), Random.derive(seed, "negatives", one));
    missing += wanted - drawn.length;
    for (const negative of drawn) {
      user.push(one);
      item.push(negative);
    }
  });
  if (missing > 0) announce(`withNegatives: ${missing} negatives are missing, for users who have nearly every item`);
  return appended(positives, Int32Array.from(user), Int32Array.from(item));
}

/** Draws different items by weight. */
class ItemSampler {
  /** Sums of the weights up to each item and with it. */
  private readonly upTo: Float64Array;

  constructor(private readonly weights: Float64Array) {
    let sum = 0;
    this.upTo = weights.map((weight) => (sum += weight));
  }

  /** Different items that are not among those given: as many as asked for, or all that have a weight. */
  draw(count: number, without: ReadonlySet<number>, random: Random): readonly number[] {
    const drawn = new Set<number>();
    for (let tries = 0; drawn.size < count && tries < 20 * count; tries++) {
      const item = place(this.upTo, random.uniform() * this.upTo[this.upTo.length - 1]);
      if (!without.has(item)) drawn.add(item);
    }
    return drawn.size === count
      ? [...drawn]
      : [...drawn, ...this.drawOthers(count - drawn.size, without, drawn, random)];
  }

  /** Where most items are taken, drawing again and again would take for ever: the rest is listed and drawn from. */
  private drawOthers(count: number, without: ReadonlySet<number>, drawn: ReadonlySet<number>, random: Random) {
    const left = [...this.weights.keys()].filter(
      (item) => this.weights[item] > 0 && !without.has(item) && !drawn.has(item),
    );
    // the largest of log(uniform) / weight: a draw without replacement (Efraimidis and Spirakis 2006)
    const keys = new Map(left.map((item) => [item, Math.log(1 - random.uniform()) / this.weights[item]]));
    return left.sort((a, b) => keys.get(b)! - keys.get(a)! || a - b).slice(0, count);
  }
}

/** The first item whose sum is above a value. */
function place(upTo: Float64Array, value: number): number {
  let [low, high] = [0, upTo.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (upTo[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

function itemsByUser(sets: readonly Interactions[]): (user: number) => Set<number> {
  const grouped = sets.map((set) => ({ set, ...groupRows(set.user, set.userCount) }));
  return (user) => {
    const items = new Set<number>();
    for (const { set, pointers, rows } of grouped)
      for (let k = pointers[user]; k < pointers[user + 1]; k++) items.add(set.item[rows[k]]);
    return items;
  };
}

function appended(positives: Interactions, user: Int32Array, item: Int32Array): Interactions {
  const rows = rowCount(positives);
  const column = <T extends Int32Array | Float32Array | Float64Array>(whole: T, first: T, then: T): T => {
    whole.set(first);
    whole.set(then, rows);
    return whole;
  };
  const all = rows + user.length;
  const { time } = positives;
  return {
    ...positives,
    user: column(new Int32Array(all), positives.user, user),
    item: column(new Int32Array(all), positives.item, item),
    label: new Float32Array(all).fill(1, 0, rows),
    ...(time === undefined
      ? {}
      : { time: column(new Float64Array(all), time, new Float64Array(user.length).fill(NaN)) }),
  };
}
