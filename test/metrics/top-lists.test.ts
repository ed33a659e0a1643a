import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import * as metrics from "../../lib/metrics";
import type { Recommender } from "../../lib/models";
import { interactionsOf } from "../data/interactions.fixture";

interface Fixture {
  readonly lenskit: string;
  readonly itemCount: number;
  readonly cutoffs: readonly number[];
  readonly lists: readonly (readonly number[])[];
  readonly relevant: readonly (readonly number[])[];
  readonly values: Readonly<Record<string, readonly (number | null)[]>>;
  readonly spread: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

const names = ["precision", "recall", "hit", "map", "mrr", "ndcg"] as const;
type Name = (typeof names)[number];

function listsOf(lists: readonly (readonly number[])[], relevant: readonly (readonly number[])[], itemCount: number) {
  return {
    users: Int32Array.from(lists, (_, user) => user),
    lists: lists.map((list) => Int32Array.from(list)),
    relevant: relevant.map((items) => Int32Array.from(items)),
    itemCount,
  } satisfies metrics.TopLists;
}

describe("against LensKit (make-lenskit.py made lenskit.json)", () => {
  const made = JSON.parse(readFileSync(join(__dirname, "lenskit.json"), "utf8")) as Fixture;
  const lists = listsOf(made.lists, made.relevant, made.itemCount);
  const valuesOf = (name: Name, k: number, by: metrics.MetricDefinitions) => {
    const { users, values } = metrics.topListMetric(name, k, lists, by);
    return Array.from(lists.users, (user) => values[users.indexOf(user)] ?? null);
  };
  const expectSame = (ours: readonly (number | null)[], theirs: readonly (number | null)[]) =>
    ours.forEach((value, user) => {
      const other = theirs[user];
      if (value === null || other === null) expect(value).toBe(other);
      else expect(Math.abs(value - other)).toBeLessThan(1e-9);
    });

  test.each(made.cutoffs.flatMap((k) => names.map((name) => ({ name, k }))))("$name@$k", ({ name, k }) => {
    expectSame(valuesOf(name, k, "lenskit"), made.values[`${name}@${k}`]);
  });

  test.each(made.cutoffs)("RecBole's discount is one that LensKit has too (ndcg@%d)", (k) => {
    expectSame(valuesOf("ndcg", k, "recbole"), made.values[`ndcg, log2(1 + rank)@${k}`]);
  });

  test.each(made.cutoffs)("Gini at %d", (k) => {
    const theirs = made.spread[String(k)];
    expect(Math.abs(metrics.exposureGini(k, lists)! - theirs["ListGini"])).toBeLessThan(1e-9);
    expect(Math.abs(metrics.exposureGini(k, lists, 0.85)! - theirs["gini of exposures"])).toBeLessThan(1e-9);
    expect(Math.abs(metrics.exposureGini(k, lists, 0.85)! - theirs["ExposureGini"])).toBeLessThan(1e-6);
  });
});

/** RecBole's definitions as its page writes them, over a table of hits. */
function slow(name: Name, list: readonly number[], right: readonly number[], k: number): number {
  const hits = Array.from({ length: k }, (_, place) => place < list.length && right.includes(list[place]));
  const found = (upTo: number) => hits.slice(0, upTo).filter(Boolean).length;
  const gain = (upTo: number, counts: (place: number) => boolean) =>
    Array.from({ length: upTo }, (_, place) => (counts(place) ? 1 / Math.log2(place + 2) : 0)).reduce(
      (a, b) => a + b,
      0,
    );
  const least = Math.min(right.length, k);
  if (name === "precision") return found(k) / k;
  if (name === "recall") return found(k) / right.length;
  if (name === "hit") return found(k) > 0 ? 1 : 0;
  if (name === "mrr") return hits.includes(true) ? 1 / (hits.indexOf(true) + 1) : 0;
  if (name === "ndcg") return gain(k, (place) => hits[place]) / gain(least, () => true);
  return hits.reduce((sum, hit, place) => sum + (hit ? found(place + 1) / (place + 1) : 0), 0) / least;
}

const itemCount = 8;
const everyItem = Array.from({ length: itemCount }, (_, item) => item);
const someLists = fc.array(
  fc.record({
    list: fc.shuffledSubarray(everyItem),
    right: fc.shuffledSubarray(everyItem, { minLength: 1 }),
  }),
  { minLength: 1, maxLength: 6 },
);
const someK = fc.integer({ min: 1, max: 10 });

describe("RecBole's definitions", () => {
  property.prop([someLists, someK])("are what the slow ones give", (made, k) => {
    const lists = listsOf(
      made.map(({ list }) => list),
      made.map(({ right }) => right),
      itemCount,
    );
    for (const name of names) {
      const { values } = metrics.topListMetric(name, k, lists);
      made.forEach(({ list, right }, user) => expect(values[user]).toBeCloseTo(slow(name, list, right, k), 12));
    }
    const shown = new Set(made.flatMap(({ list }) => list.slice(0, k)));
    expect(metrics.itemCoverage(k, lists)).toBe(shown.size / itemCount);
  });

  property.prop([fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 12 })])(
    "Gini is half the mean difference over the mean",
    (amounts) => {
      const total = amounts.reduce((a, b) => a + b, 0);
      const differences = amounts.flatMap((a) => amounts.map((b) => Math.abs(a - b))).reduce((a, b) => a + b, 0);
      const value = metrics.gini(Float64Array.from(amounts));
      if (total === 0) expect(value).toBeNull();
      else expect(value).toBeCloseTo(differences / (2 * amounts.length * total), 12);
    },
  );
});

describe("lists of a model", () => {
  const someScores = fc.array(fc.array(fc.integer({ min: -2, max: 2 }), { minLength: 5, maxLength: 5 }), {
    minLength: 3,
    maxLength: 3,
  });
  const rows = fc.array(fc.record({ user: fc.nat(2), item: fc.nat(4), label: fc.nat(1) }), { maxLength: 15 });
  /** Every user and item, in the order of their numbers, so that both sets have the same ids. */
  const base = everyItem.slice(0, 5).map((item) => ({ user: `u${item % 3}`, item: `i${item}` }));
  const table = (scores: readonly (readonly number[])[]): Recommender => ({
    kind: "table",
    parameters: () => [],
    score: (users, items) => Float32Array.from(users, (user, k) => scores[user][items[k]]),
  });

  property.prop([someScores, rows, rows, someK])(
    "give fullRanking's recall and ndcg",
    (scores, seenRows, testRows, k) => {
      const all = interactionsOf(base);
      const set = (chosen: typeof seenRows) => ({
        ...all,
        user: Int32Array.from(chosen, ({ user }) => user),
        item: Int32Array.from(chosen, ({ item }) => item),
        label: Float32Array.from(chosen, ({ label }) => label),
      });
      const [seen, test] = [set(seenRows), set(testRows)];
      const expected = metrics.fullRanking(table(scores), seen, test, [k]).get(k)!;
      const lists = metrics.topLists(table(scores), seen, test, k);
      for (const name of ["recall", "ndcg"] as const) {
        const { users, values } = metrics.topListMetric(name, k, lists);
        expect([...users]).toEqual([...expected[name].users]);
        values.forEach((value, user) => expect(value).toBeCloseTo(expected[name].values[user], 12));
      }
    },
  );
});

test("a summary names every metric and cutoff, and is null where nothing is defined", () => {
  const summary = metrics.topListSummary(listsOf([[0, 1]], [[1]], 4), [1, 2]);
  expect(summary).toEqual({
    ...{ "precision@1": 0, "recall@1": 0, "hit@1": 0, "map@1": 0, "mrr@1": 0, "ndcg@1": 0 },
    ...{ "coverage@1": 0.25, "gini@1": 0.75 },
    ...{ "precision@2": 0.5, "recall@2": 1, "hit@2": 1, "map@2": 0.5, "mrr@2": 0.5, "ndcg@2": 1 / Math.log2(3) },
    ...{ "coverage@2": 0.5, "gini@2": 0.5 },
  });
  const empty = metrics.topListSummary(listsOf([], [], 0), [1]);
  expect(new Set(Object.values(empty))).toEqual(new Set([null]));
});

test("what is no list of items, no metric or no cutoff is refused by name", () => {
  const good = listsOf([[0, 1]], [[1]], 2);
  expect(() => metrics.topListMetric("map", 1, listsOf([[0, 2]], [[1]], 2))).toThrow(/lists\[0\] has 2[^]*0 to 1/);
  expect(() => metrics.topListMetric("map", 1, listsOf([[0, 0]], [[1]], 2))).toThrow(/lists\[0\] has an item twice/);
  expect(() => metrics.topListMetric("map", 1, listsOf([[0]], [], 2))).toThrow(/1 lists and 0 truths/);
  expect(() => metrics.topListMetric("mpa" as "map", 1, good)).toThrow(/did you mean "map"/);
  expect(() => metrics.topListMetric("map", 1, good, "lensit" as "lenskit")).toThrow(/did you mean "lenskit"/);
  expect(() => metrics.topListMetric("map", 0, good)).toThrow(/"k" is 0/);
  expect(() => metrics.gini(Float64Array.of(1, -1))).toThrow(/an amount is -1/);
});
