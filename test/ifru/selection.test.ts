import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { IdMap, indexInteractions, type Interactions } from "../../lib/data";
import { selectNodes } from "../../lib/ifru";
import { incidentRows } from "../../lib/ifru/selection";

/** A small random training set: pairs of user and item, with all ids below the counts. */
const trainSets = fc
  .record({ users: fc.integer({ min: 1, max: 6 }), items: fc.integer({ min: 1, max: 6 }) })
  .chain(({ users, items }) =>
    fc.array(fc.tuple(fc.nat(users - 1), fc.nat(items - 1)), { minLength: 1, maxLength: 25 }).map((pairs) => ({
      user: Int32Array.from(pairs, ([user]) => user),
      item: Int32Array.from(pairs, ([, item]) => item),
      label: new Float32Array(pairs.length),
      userCount: users,
      itemCount: items,
      users: new IdMap("user"),
      items: new IdMap("item"),
    })),
  );

/** Equation 5 by dense matrices: scores after each hop, users first. */
function denseScores(train: Interactions, forgetRows: number[], hops: number): number[] {
  const size = train.userCount + train.itemCount;
  const adjacency: number[][] = Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => (i === j ? 1 : 0)),
  );
  train.user.forEach((user, row) => {
    adjacency[user][train.userCount + train.item[row]]++;
    adjacency[train.userCount + train.item[row]][user]++;
  });
  const degree = adjacency.map((row) => row.reduce((sum, value) => sum + value, 0));
  let scores = degree.map((_, node) => {
    const touches = (row: number): boolean => train.user[row] === node || train.userCount + train.item[row] === node;
    return forgetRows.filter(touches).length / degree[node];
  });
  for (let hop = 0; hop < hops; hop++)
    scores = adjacency.map((row, j) => row.reduce((sum, weight, i) => sum + weight * scores[i], 0) / degree[j]);
  return scores;
}

describe("selection", () => {
  it("takes exactly the nodes with a score, as dense matrices have it", () => {
    fc.assert(
      fc.property(trainSets, fc.nat(), fc.integer({ min: 0, max: 3 }), (train, pick, hops) => {
        const forget = [pick % train.user.length];
        const scores = denseScores(train, forget, hops);
        const selection = selectNodes(train, indexInteractions(train), Int32Array.from(forget), {
          hops,
          pruningRatio: 0,
        });
        const expected = scores.flatMap((score, node) => (score > 0 ? [node] : []));
        expect([...selection.users, ...[...selection.items].map((item) => item + train.userCount)]).toEqual(expected);
      }),
    );
  });

  it("prunes the lowest scores first", () => {
    fc.assert(
      fc.property(trainSets, fc.double({ min: 0, max: 0.95, noNaN: true }), (train, pruningRatio) => {
        const forget = train.user.length > 1 ? [0, 1] : [0];
        const scores = denseScores(train, forget, 1);
        const options = { hops: 1 as const, pruningRatio };
        const { users, items } = selectNodes(train, indexInteractions(train), Int32Array.from(forget), options);
        const kept = [...users, ...[...items].map((item) => item + train.userCount)];
        const scored = scores.filter((score) => score > 0).length;
        expect(kept.length).toBe(Math.ceil(scored * (1 - pruningRatio)));
        const lowestKept = Math.min(...kept.map((node) => scores[node]));
        const dropped = scores.filter((score, node) => score > 0 && !kept.includes(node));
        for (const score of dropped) expect(score).toBeLessThanOrEqual(lowestKept + 1e-12);
      }),
    );
  });

  it("keeps the users and items of forgotten rows when it is told to", () => {
    fc.assert(
      fc.property(trainSets, fc.double({ min: 0, max: 0.95, noNaN: true }), (train, pruningRatio) => {
        const index = indexInteractions(train);
        const select = (keepDirect: boolean) =>
          selectNodes(train, index, Int32Array.of(0), { hops: 2, pruningRatio, keepDirect });
        const [kept, pruned] = [select(true), select(false)];
        const direct = { users: [train.user[0]], items: [train.item[0]] };
        for (const side of ["users", "items"] as const)
          expect([...kept[side]]).toEqual([...new Set([...pruned[side], ...direct[side]])].sort((a, b) => a - b));
      }),
    );
  });

  it("finds every row that shares a selected user or item, once", () => {
    fc.assert(
      fc.property(trainSets, fc.nat(), (train, pick) => {
        const forget = Int32Array.of(pick % train.user.length);
        const index = indexInteractions(train);
        const selection = selectNodes(train, index, forget, { hops: 0, pruningRatio: 0 });
        const users = new Set(selection.users);
        const items = new Set(selection.items);
        const expected = [...train.user.keys()].filter(
          (row) => users.has(train.user[row]) || items.has(train.item[row]),
        );
        expect([...incidentRows(train, index, selection)].sort((a, b) => a - b)).toEqual(expected);
      }),
    );
  });
});
