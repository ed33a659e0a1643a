// Our counted models beside the lists that session-rec's repository stores for Yoochoose 100k (Ludewig, Mauro, Latifi
// and Jannach; MIT). They are those of its `conf/example_next.yml`: for each event of the first 99 test sessions 50
// items with their scores, the largest 1.
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { type Histories, readInteractions, rowCount, toSessions, withIdsOf } from "../../lib/data";
import { itemKnn, type ItemPairs, markovChain, nextItems, sequentialRules } from "../../lib/models";
import { filesOf, type Published } from "./published-files";

const folder = "data/rsc15";
const published: Published = {
  repository: "rn5l/session-rec",
  commit: "5dcd583cbd8d44703a5248b9a308945f24b91390",
  files: {
    [`${folder}/prepared/yoochoose-clicks-100k_train_full.txt`]:
      "9842c90358298ee784fcf0c9dccb2eeb283ab04368e53bdeee896747f4c03e1e",
    [`${folder}/prepared/yoochoose-clicks-100k_test.txt`]:
      "380410c606403531019e1ec0b4d192ef90492d594b9b5a91633b860618dd7136",
    [`${folder}/recommendations/recoms_rsc15_100k_ar.csv`]:
      "10860cdba4c356b78e38361e54928a6221d6f9b6908bfba8d4d3b662ec841b36",
    [`${folder}/recommendations/recoms_rsc15_100k_sr.csv`]:
      "84902018798fbef48b784ce998569d1e659bf7dbd007de4f35f1b861771032ce",
  },
};
const files = await filesOf(published);
if (typeof files === "string") console.log(`skipped: the lists of ${published.repository}: ${files}`);

const listed = 20;
/** Of two values that count as equal; ours are of single precision. */
const tolerance = 1e-6;

/** What a model is asked and what is stored of the answers, event by event. */
interface Stored {
  readonly events: Histories;
  /** Items, best first. */
  readonly lists: readonly (readonly number[])[];
  readonly scores: readonly (readonly number[])[];
}

async function load(paths: ReadonlyMap<string, string>) {
  const read = async (part: string) => {
    const path = paths.get(`${folder}/prepared/yoochoose-clicks-100k_${part}.txt`)!;
    return (await readInteractions(path, { columns: { user: "SessionId", item: "ItemId", time: "Time" } }))
      .interactions;
  };
  const [train, ownIds] = [await read("train_full"), await read("test")];
  const test = withIdsOf(ownIds, { ...ownIds, items: train.items });
  expect(rowCount(test)).toBe(rowCount(ownIds));
  const { offsets, item, user } = toSessions(test);
  const sessionOf = (id: string) => user.indexOf(test.users.toDense(id));
  const stored = async (algorithm: string): Promise<Stored> => {
    const text = await readFile(paths.get(`${folder}/recommendations/recoms_rsc15_100k_${algorithm}.csv`)!, "utf8");
    const rows = text
      .trimEnd()
      .split("\n")
      .slice(1)
      .map((line) => line.split(";"));
    const start = Int32Array.from(rows, ([session]) => offsets[sessionOf(session)]);
    return {
      events: { item, start, end: start.map((first, k) => first + Number(rows[k][1]) + 1) },
      lists: rows.map(([, , ids]) => ids.split(",").map((id) => train.items.toDense(id))),
      scores: rows.map(([, , , scores]) => scores.split(",").map(Number)),
    };
  };
  return { train: toSessions(train), stored: { ar: await stored("ar"), sr: await stored("sr") } };
}

/** A row of a model's table, dense. */
function valuesOf({ pairs, itemCount }: ItemPairs, item: number): Float64Array {
  const values = new Float64Array(itemCount);
  for (let k = pairs.pointers[item]; k < pairs.pointers[item + 1]; k++) values[pairs.columns[k]] = pairs.values[k];
  return values;
}

/**
 * The share of a stored list that a list by these values may hold, where equal values stand in any order: that of the
 * pruned rules is not known.
 */
function overlap(values: Float64Array, stored: readonly number[]): number {
  const least = values.slice().sort()[values.length - listed];
  const isAbove = (value: number) => value > least + tolerance;
  const above = stored.filter((item) => isAbove(values[item])).length;
  const tied = stored.filter((item) => Math.abs(values[item] - least) <= tolerance).length;
  return (above + Math.min(tied, listed - values.filter(isAbove).length)) / listed;
}

describe.skipIf(typeof files === "string")("lists that session-rec stored", async () => {
  if (typeof files === "string") return;
  const { train, stored } = await load(files);
  const longest = train.offsets.reduce((most, offset, k) => Math.max(most, offset - (train.offsets[k - 1] ?? 0)), 0);

  /** The mean overlap, and the most that a score of ours is off. */
  function compare(model: ItemPairs, { events, lists, scores }: Stored): { overlap: number; off: number } {
    let [sum, off] = [0, 0];
    lists.forEach((list, k) => {
      const values = valuesOf(model, events.item[events.end[k] - 1]);
      const largest = values.reduce((most, value) => Math.max(most, value), 0) || 1;
      const first = list.slice(0, listed);
      sum += overlap(values, first);
      first.forEach((item, n) => (off = Math.max(off, Math.abs(values[item] / largest - scores[k][n]))));
    });
    return { overlap: sum / lists.length, off };
  }

  it.each([
    ["sequential rules", "sr", sequentialRules(train, { steps: 20, weighting: "quadratic" })],
    ["association rules", "ar", sequentialRules(train, { steps: longest, weighting: "same", bothWays: true })],
  ] as const)("%s are ours", async (_, algorithm, model) => {
    const { events, lists } = stored[algorithm];
    expect(lists.length).toBe(387);
    const { overlap, off } = compare(model, stored[algorithm]);
    console.log(algorithm, { overlap, off });
    expect(overlap).toBe(1);
    expect(off).toBeLessThan(tolerance);
    const { items } = await nextItems(model, events, listed);
    for (let k = 0; k < lists.length; k++) {
      const values = valuesOf(model, events.item[events.end[k] - 1]);
      const best = values.slice().sort().reverse().subarray(0, listed);
      expect([...items.subarray(listed * k, listed * (k + 1))].map((item) => values[item])).toEqual([...best]);
    }
  });

  it.each([
    ["a Markov chain", "sr", markovChain(train), 0.72],
    ["item-kNN", "ar", itemKnn(train), 0.59],
  ] as const)("%s is another algorithm", async (_, algorithm, model, about) => {
    const { events, lists, scores } = stored[algorithm];
    const { items } = await nextItems(model, events, listed);
    const shares = lists.map((list, k) => {
      const ours = new Set(items.subarray(listed * k, listed * (k + 1)));
      const ruled = list.slice(0, listed).filter((_item, n) => scores[k][n] > 0);
      return ruled.length === 0 ? 1 : ruled.filter((item) => ours.has(item)).length / ruled.length;
    });
    expect(shares.reduce((sum, share) => sum + share, 0) / shares.length).toBeCloseTo(about, 2);
  });
});
