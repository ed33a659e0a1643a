import { describe, expect, it } from "vitest";
import { InvalidArgumentError, InvalidOptionError, NotFoundError } from "../../../lib/core";
import { type Interactions, rowsWhere } from "../../../lib/data";
import { effectOf, explain, ifru, selfInfluence } from "../../../lib/ifru";
import { InteractionGraph, LightGcn, Mf } from "../../../lib/models";
import { applyUpdate } from "../../../lib/training";
import { preparedOf, solveDense, tiny, tinyMf, tinyTable, tinyTrain } from "./tiny.fixture";

const damping = 0.02;
const seeds = [1, 2, 3];

/** The score of a pair after `ifru.unlearn` of some rows, less the score now. */
async function byIfru(
  model: Mf,
  train: Interactions,
  rows: readonly number[],
  user: number,
  item: number,
  lambda = damping,
) {
  const request = { name: "", train, forgetRows: Int32Array.from(rows).sort() };
  const { update } = await ifru.unlearn(model, request, { damping: lambda, tolerance: 1e-6 });
  return scoreOf(applyUpdate(model, update), user, item) - scoreOf(model, user, item);
}

function scoreOf(model: Mf, user: number, item: number): number {
  return model.score(Int32Array.of(user), Int32Array.of(item))[0];
}

describe("explain, matrix factorisation", () => {
  it("gives each row the change that ifru.unlearn of that row alone makes to the score", async () => {
    for (const seed of seeds) {
      const [model, train] = [tinyMf(seed), tinyTrain(seed)];
      const prepared = preparedOf(model, train, damping);
      for (const [user, item] of [
        [0, 0],
        [1, 3],
        [train.user[0], train.item[0]],
      ]) // prettier-ignore
      {
        const { rows, changes, score } = await explain(model, prepared, { train, user, item });
        expect(score).toBeCloseTo(scoreOf(model, user, item), 5);
        for (const [k, row] of rows.entries())
          expect(changes[k]).toBeCloseTo(await byIfru(model, train, [row], user, item), 4);
        const others = rowsWhere(train, (row) => train.user[row] !== user && train.item[row] !== item);
        expect(others.length + rows.length).toBe(train.user.length);
        for (const row of others) expect(await byIfru(model, train, [row], user, item)).toBe(0);
      }
    }
  });

  it("gives listed rows together the change of one request for all, also where nothing stays", async () => {
    for (const seed of seeds) {
      const [model, train] = [tinyMf(seed), tinyTrain(seed)];
      const prepared = preparedOf(model, train, damping);
      for (let pair = 0; pair < 8; pair++) {
        const [user, item] = pair < 4 ? [train.user[pair], train.item[pair]] : [pair % tiny.userCount, pair % 5];
        for (const top of [1, 2, 4, 20]) {
          const why = await explain(model, prepared, { train, user, item }, { top });
          for (const { rows, together } of [why.supporting, why.opposing])
            if (rows.length > 0)
              expect(together).toBeCloseTo(await byIfru(model, train, rows.map(({ row }) => row), user, item), 4); // prettier-ignore
        }
      }
    }
  });

  it("agrees with a dense solve whose gradients and curvature come from finite differences", async () => {
    const [model, train] = [tinyMf(4), tinyTrain(4)];
    const user = 2;
    const item = Array.from({ length: tiny.itemCount }, (_, i) => i).find(
      (i) => !train.item.some((other, row) => other === i && train.user[row] === user),
    )!;
    const { rows, changes } = await explain(model, preparedOf(model, train, damping), { train, user, item });
    const slopes = (ofUser: number, ofItem: number) => slopesByDifferences(model, [user, item], ofUser, ofItem);
    const target = slopes(user, item);
    for (const [k, gone] of rows.entries()) {
      const identity = target.map((_, i) => target.map((_2, j) => (i === j ? damping * tiny.rows : 0)));
      const matrix = [...train.user.keys()].filter((row) => row !== gone).reduce((sum, row) => {
        const slope = slopes(train.user[row], train.item[row]);
        const p = 1 / (1 + Math.exp(-scoreOf(model, train.user[row], train.item[row])));
        return sum.map((line, i) => line.map((value, j) => value + p * (1 - p) * slope[i] * slope[j]));
      }, identity); // prettier-ignore
      const p = 1 / (1 + Math.exp(-scoreOf(model, train.user[gone], train.item[gone])));
      const gradient = slopes(train.user[gone], train.item[gone]).map((slope) => (p - train.label[gone]) * slope);
      const moved = solveDense(matrix, gradient);
      expect(changes[k]).toBeCloseTo(moved.reduce((sum, value, j) => sum + value * target[j], 0), 3); // prettier-ignore
    }
  });

  it("adds up where rows do not interact: with much damping, together is the sum", async () => {
    const [model, train] = [tinyMf(5), tinyTrain(5)];
    const why = await explain(
      model,
      preparedOf(model, train, damping),
      { train, user: 1, item: 2 },
      { top: 3, damping: 1e3 },
    );
    for (const { rows, together } of [why.supporting, why.opposing]) {
      expect(rows.length).toBeGreaterThan(1);
      const sum = rows.reduce((total, { change }) => total + change, 0);
      expect(Math.abs(together / sum - 1)).toBeLessThan(1e-3);
    }
  });

  it("says the same with users and items exchanged", async () => {
    const [model, train] = [tinyMf(6), tinyTrain(6)];
    const swapped = {
      ...train,
      user: train.item,
      item: train.user,
      userCount: train.itemCount,
      itemCount: train.userCount,
    };
    const mirrored = new Mf(model.itemEmbedding, model.userEmbedding, model.embeddingSize);
    const [user, item] = [train.user[3], train.item[3]];
    const one = await explain(model, preparedOf(model, train, damping), { train, user, item });
    const of = { train: swapped, user: item, item: user };
    const other = await explain(mirrored, preparedOf(mirrored, swapped, damping), of);
    const byRow = new Map(Array.from(other.rows, (row, k) => [row, other.changes[k]]));
    expect(byRow.size).toBe(one.rows.length);
    one.rows.forEach((row, k) => expect(one.changes[k]).toBeCloseTo(byRow.get(row)!, 10));
  });

  it("lists the strongest first, those for the score apart from those against it", async () => {
    const [model, train] = [tinyMf(7), tinyTrain(7)];
    const why = await explain(model, preparedOf(model, train, damping), { train, user: 0, item: 1 }, { top: 2 });
    const sorted = [...why.changes].sort((a, b) => a - b);
    expect(why.supporting.rows.map(({ change }) => change)).toEqual(sorted.filter((c) => c < 0).slice(0, 2));
    expect(why.opposing.rows.map(({ change }) => change)).toEqual(sorted.reverse().filter((c) => c > 0).slice(0, 2)); // prettier-ignore
    expect(why.supporting.count + why.opposing.count).toBe(why.rows.length);
  });
});

describe("effectOf", () => {
  it("names the scores that a row moves, as ifru.unlearn and explain do", async () => {
    const [model, train] = [tinyMf(8), tinyTrain(8)];
    const prepared = preparedOf(model, train, damping);
    for (const row of [0, 9, 25]) {
      const effect = effectOf(model, prepared, { train, row }, { top: 50 });
      expect(effect.change).toBeCloseTo(await byIfru(model, train, [row], effect.user, effect.item), 4);
      expect(effect.forUser).toHaveLength(tiny.itemCount);
      expect(effect.forItem).toHaveLength(tiny.userCount);
      for (const { user, item, change, rank } of [...effect.forUser, ...effect.forItem]) {
        const { rows, changes } = await explain(model, prepared, { train, user, item });
        expect(change).toBeCloseTo(changes[rows.indexOf(row)], 4);
        const scores = Array.from({ length: tiny.itemCount }, (_, other) => scoreOf(model, user, other));
        expect(rank).toBe(1 + scores.filter((score) => score > scores[item]).length);
      }
    }
  });
});

describe("selfInfluence", () => {
  it("is how far forgetting a row alone raises its own loss, to first order", async () => {
    const [model, train] = [tinyMf(9), tinyTrain(9)];
    const { influence, ranking } = await selfInfluence(model, preparedOf(model, train, damping), train);
    for (const row of train.user.keys()) {
      const [user, item] = [train.user[row], train.item[row]];
      const p = 1 / (1 + Math.exp(-scoreOf(model, user, item)));
      const change = await firstOrder(model, train, row);
      expect(influence[row]).toBeCloseTo((p - train.label[row]) * change, 3);
    }
    expect([...ranking].map((row) => influence[row])).toEqual([...influence].sort((a, b) => b - a));
  });
});

describe("what cannot be explained", () => {
  const [model, train] = [tinyMf(1), tinyTrain(1)];
  const prepared = preparedOf(model, train, damping);

  it("refuses users, items and rows that are not there", async () => {
    for (const user of [-1, 6, 0.5, NaN])
      await expect(explain(model, prepared, { train, user, item: 0 })).rejects.toThrow(NotFoundError);
    for (const item of [-1, 7, NaN])
      await expect(explain(model, prepared, { train, user: 0, item })).rejects.toThrow(NotFoundError);
    for (const row of [-1, tiny.rows, NaN])
      expect(() => effectOf(model, prepared, { train, row })).toThrow(NotFoundError);
  });

  it("effectOf and selfInfluence refuse a model whose rows reach further, with what serves instead", async () => {
    const train = tinyTrain(1);
    const graph = InteractionGraph.of(train);
    const embedding = tinyTable(3, "nodes", tiny.userCount + tiny.itemCount);
    const lightGcn = new LightGcn(embedding, graph, tiny.width, 1);
    const prepared = preparedOf(lightGcn.propagated(), train, 0.02, lightGcn);
    const asMf = lightGcn as unknown as Mf;
    const said = /matrix factorisation only, and this is a model of kind lightgcn/;
    expect(() => effectOf(asMf, prepared, { train, row: 1 })).toThrow(said);
    expect(() => effectOf(asMf, prepared, { train, row: 1 })).toThrow(/effectOfLightGcn/);
    await expect(selfInfluence(asMf, prepared, train)).rejects.toThrow(said);
  });

  it("refuses what was prepared of another model or other rows", async () => {
    const of = { train, user: 0, item: 0 };
    await expect(explain(tinyMf(2), prepared, of)).rejects.toThrow(InvalidArgumentError);
    await expect(explain(model, prepared, { ...of, train: tinyTrain(2) })).rejects.toThrow(InvalidArgumentError);
    expect(() => effectOf(tinyMf(2), prepared, { train, row: 0 })).toThrow(InvalidArgumentError);
    await expect(selfInfluence(tinyMf(2), prepared, train)).rejects.toThrow(InvalidArgumentError);
  });

  it("refuses a lambda that is missing or is no number", async () => {
    const of = { train, user: 0, item: 0 };
    await expect(explain(model, { ...prepared, damping: null }, of)).rejects.toThrow(InvalidOptionError);
    await expect(explain(model, prepared, of, { damping: NaN })).rejects.toThrow(InvalidOptionError);
    await expect(explain(model, prepared, of, { top: -1 })).rejects.toThrow(InvalidOptionError);
  });
});

/** The derivatives of a pair's score along the embeddings of one user and one item, central differences. */
function slopesByDifferences(model: Mf, [user, item]: readonly number[], ofUser: number, ofItem: number): number[] {
  const step = 1e-2; // scores are bilinear, so that no step is too long
  const { width } = tiny;
  return Array.from({ length: 2 * width }, (_, j) => {
    const at = (sign: number) => {
      const [p, q] = [model.userEmbedding.slice(), model.itemEmbedding.slice()];
      if (j < width) p[user * width + j] += sign * step;
      else q[item * width + j - width] += sign * step;
      return scoreOf(new Mf(p, q, width), ofUser, ofItem);
    };
    return (at(1) - at(-1)) / (2 * step);
  });
}

/** The change of a row's own score when IFRU forgets it, without the product of both embeddings' changes. */
async function firstOrder(model: Mf, train: Interactions, row: number): Promise<number> {
  const request = { name: "", train, forgetRows: Int32Array.of(row) };
  const { update } = await ifru.unlearn(model, request, { damping, tolerance: 1e-6 });
  const after = applyUpdate(model, update);
  const [user, item] = [train.user[row], train.item[row]];
  const ofUser = scoreOf(new Mf(after.userEmbedding, model.itemEmbedding, tiny.width), user, item);
  const ofItem = scoreOf(new Mf(model.userEmbedding, after.itemEmbedding, tiny.width), user, item);
  return ofUser + ofItem - 2 * scoreOf(model, user, item);
}
