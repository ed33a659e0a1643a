import { describe, expect, it } from "vitest";
import { type RemovalOptions, removedRows } from "recsys-unlearning/baselines";
import { Random } from "recsys-unlearning/core";
import { sessionItemRows, type Sessions, toSessions } from "recsys-unlearning/data";
import { interactionsOf } from "../../data/interactions.fixture";
import { split } from "./small";

/** Sessions of items named by letters; row numbers count the letters. */
function sessionsOf(...words: string[]): Sessions {
  const rows = words.flatMap((word, user) => [...word].map((item) => ({ user: `u${user}`, item })));
  return toSessions(interactionsOf(rows), { order: "rows" });
}

const sessions = sessionsOf("abcdef", "ghi", "ab");
const plain: RemovalOptions = { removal: "cut-out", deletion: "nearest", deleteCount: 0, seed: 1 };
const removed = (rows: number[], options: Partial<RemovalOptions> = {}) => [
  ...removedRows(sessions, Int32Array.from(rows), { ...plain, ...options }, null),
];

describe("what leaves sessions with forgotten events", () => {
  it("is nothing else where they are cut out", () => {
    expect(removed([3, 7])).toEqual([3, 7]);
    expect(removed([])).toEqual([]);
    expect(removed([99])).toEqual([]);
  });

  it("is all that came later where sessions are truncated, and as released the event before too", () => {
    expect(removed([3], { removal: "truncate" })).toEqual([3, 4, 5]);
    expect(removed([3, 5], { removal: "truncate" })).toEqual([3, 4, 5]);
    expect(removed([3, 7], { removal: "truncate-early" })).toEqual([2, 3, 4, 5, 6, 7, 8]);
    expect(removed([0], { removal: "truncate-early" })).toEqual([0, 1, 2, 3, 4, 5]);
    expect(removed([10], { removal: "truncate-early" })).toEqual([9, 10]); // nothing is left
  });

  it("is, by NED, what stood nearest", () => {
    expect(removed([3], { deleteCount: 1 })).toEqual([2, 3]);
    expect(removed([3], { deleteCount: 3 })).toEqual([1, 2, 3, 4]);
    expect(removed([0], { deleteCount: 2 })).toEqual([0, 1, 2]);
    expect(removed([4], { deleteCount: 2, removal: "truncate" })).toEqual([2, 3, 4, 5]); // as released: the last of what is left
    expect(removed([9], { deleteCount: 5 })).toEqual([9, 10]); // no more than there is
  });

  it("is, by RED, drawn: each count of what is left, the same for a seed, another for another purpose", () => {
    const draw = (seed: number, purpose?: string) => {
      const options = { ...plain, deletion: "random", deleteCount: 2, seed } as const;
      return [...removedRows(sessions, Int32Array.of(3), options, null, purpose)];
    };
    expect(draw(1)).toEqual(draw(1));
    const seen = new Set(Array.from({ length: 60 }, (_, seed) => draw(seed)).flat());
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    for (let seed = 0; seed < 60; seed++) expect(draw(seed)).toHaveLength(3);
    expect(Array.from({ length: 20 }, (_, seed) => draw(seed, "aggregation"))).not.toEqual(
      Array.from({ length: 20 }, (_, seed) => draw(seed)),
    );
  });

  it("is, by CED, what has the largest |cosine| to the forgotten item, found by comparing all", () => {
    const width = 4;
    const values = Random.fromSeed(7).fillNormal(new Float32Array((split.train.itemCount + 1) * width), 1);
    const vector = (item: number) => [...values.subarray((item + 1) * width, (item + 2) * width)];
    const dot = (a: number[], b: number[]) => a.reduce((sum, value, j) => sum + value * b[j], 0);
    const { row, item, offsets, user } = split.train;
    const forgetRows = sessionItemRows(split.train, 0.5, 2);
    const expected = [...forgetRows];
    user.forEach((_, session) => {
      const events = Array.from({ length: offsets[session + 1] - offsets[session] }, (_, k) => offsets[session] + k);
      const asked = events.find((event) => forgetRows.includes(row[event]));
      if (asked === undefined) return;
      const [own, cosines] = [vector(item[asked]), new Map<number, number>()];
      for (const event of events.filter((event) => event !== asked)) {
        const other = vector(item[event]);
        cosines.set(event, Math.abs(dot(own, other)) / Math.sqrt(dot(own, own) * dot(other, other)));
      }
      const most = [...cosines].sort(([a, x], [b, y]) => y - x || a - b).slice(0, 2);
      expected.push(...most.map(([event]) => row[event]));
    });
    const options = { ...plain, deletion: "similar", deleteCount: 2 } as const;
    expect([...removedRows(split.train, forgetRows, options, { values, width })]).toEqual(
      expected.sort((a, b) => a - b),
    );
    expect(() => removedRows(split.train, forgetRows, options, null)).toThrow(
      /deletion is "similar", and there are no vectors/,
    );
  });
});
