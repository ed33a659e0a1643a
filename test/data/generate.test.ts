import { core, data, metrics } from "recsys-unlearning";
import { describe, expect, test } from "vitest";

const small = { userCount: 200, itemCount: 300, interactionsPerUser: 40 };

describe("generateInteractions", () => {
  test("equal options give equal data, another seed gives other data", () => {
    const hash = (seed: number) => data.dataHash(data.generateInteractions({ ...small, seed }));
    expect(hash(1)).toBe(hash(1));
    expect(hash(1)).not.toBe(hash(2));
  });

  test("is of the size asked for, in whole stars, without repeated pairs", () => {
    const set = data.generateInteractions(small);
    expect(set.userCount).toBe(200);
    expect(set.itemCount).toBeLessThanOrEqual(300);
    expect(set.user.length / 200).toBeGreaterThan(36);
    expect(set.user.length / 200).toBeLessThan(44);
    expect([...new Set(set.label)].sort()).toEqual([1, 2, 3, 4, 5]);
    expect(new Set(Array.from(set.user, (user, row) => `${user} ${set.item[row]}`)).size).toBe(set.user.length);
  });

  test("popularity is skewed, unless asked not to be", () => {
    const topTenth = (popularitySkew: number) => {
      const { item, itemCount } = data.generateInteractions({ ...small, popularitySkew });
      const counts = new Int32Array(itemCount);
      for (const id of item) counts[id]++;
      return (
        counts
          .sort()
          .reverse()
          .subarray(0, 30)
          .reduce((sum, count) => sum + count, 0) / item.length
      );
    };
    expect(topTenth(0)).toBeLessThan(0.25);
    expect(topTenth(1)).toBeGreaterThan(0.35);
  });

  test("ratings can be predicted: users who agree on other items agree on this one", () => {
    const { train, trueLabel, test: held } = data.ifruSplit(data.generateInteractions(small), { flip: false });
    // Nearest neighbours by mean-centred ratings: the plainest collaborative filter there is.
    const ratings = Array.from({ length: train.userCount }, () => new Float32Array(train.itemCount));
    train.user.forEach((user, row) => (ratings[user][train.item[row]] = trueLabel[row] - 0.5));
    const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, k) => sum + value * b[k], 0);
    const scores = Float32Array.from(held.user, (user, row) =>
      ratings.reduce(
        (sum, other, k) => (k === user ? sum : sum + dot(ratings[user], other) * other[held.item[row]]),
        0,
      ),
    );
    expect(metrics.auc(scores, held.label)).toBeGreaterThan(0.6);
  });

  test("sessions lie days apart and keep to one topic, so the next item can be predicted", () => {
    const { user, item, itemCount, time } = data.generateInteractions(small);
    const follows = new Float64Array(itemCount * itemCount);
    let within = 0;
    let between = 0;
    for (let row = 1; row < user.length; row++) {
      if (user[row] !== user[row - 1]) continue;
      const gap = time![row] - time![row - 1];
      expect(gap).toBeGreaterThan(0);
      if (gap <= 300) {
        within++;
        if (user[row] % 2 === 0) follows[item[row - 1] * itemCount + item[row]]++;
      } else {
        between++;
        expect(gap).toBeGreaterThan(80_000);
      }
    }
    expect(within / between).toBeGreaterThan(2);
    // Successions learnt from even users are seen again in odd ones more often inside sessions than across them.
    const seenAgain = { within: 0, across: 0 };
    for (let row = 1; row < user.length; row++) {
      if (user[row] !== user[row - 1] || user[row] % 2 === 0) continue;
      if (follows[item[row - 1] * itemCount + item[row]] === 0) continue;
      if (time![row] - time![row - 1] <= 300) seenAgain.within++;
      else seenAgain.across++;
    }
    expect(seenAgain.within / within).toBeGreaterThan((2 * seenAgain.across) / between);
  });

  test("refuses what makes no sense", () => {
    expect(() => data.generateInteractions({ userCount: 0 })).toThrow(core.InvalidOptionError);
    expect(() => data.generateInteractions({ noise: -1 })).toThrow(core.InvalidOptionError);
  });
});
