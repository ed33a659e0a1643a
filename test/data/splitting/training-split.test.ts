import { fc, test as property } from "@fast-check/vitest";
import { core, data, ifru, training } from "recsys-unlearning";
import { describe, expect, test } from "vitest";
import { interactionsOf, rowsOf, someInteractions } from "../interactions.fixture";

const pairsOf = (rows: data.Interactions, wanted?: number) =>
  rowsOf(rows).flatMap(({ user, item, label }) =>
    wanted === undefined || label === wanted ? [`${user} ${item}`] : [],
  );

describe("withNegatives", () => {
  const someDraw = fc.constantFrom("uniform" as const, "popularity" as const);

  property.prop([someInteractions, someDraw, fc.constantFrom(0, 0.5, 1, 3), fc.nat(5)])(
    "never draws a known pair, nor one twice, and as many as asked for where there are so many",
    (set, draw, ratio, seed) => {
      const [own, others] = [data.rowsWhere(set, (row) => row % 3 > 0), data.rowsWhere(set, (row) => row % 3 === 0)];
      const [positives, known] = [data.selectRows(set, own), data.selectRows(set, others)];
      const silence = core.redirectAnnouncements(() => undefined);
      const made = data.withNegatives(positives, [known], { draw, ratio, seed });
      silence();
      const positivePairs = pairsOf(positives);
      expect(pairsOf(made, 1)).toEqual(positivePairs);
      const negatives = pairsOf(made, 0);
      expect(new Set(negatives).size).toBe(negatives.length);
      const taken = new Set(pairsOf(set));
      for (const pair of negatives) expect(taken.has(pair)).toBe(false);
      const drawable = draw === "uniform" ? set.itemCount : new Set(positives.item).size;
      for (let user = 0; user < set.userCount; user++) {
        const raw = set.users.toRaw(user);
        const ofUser = (pairs: readonly string[]) => pairs.filter((pair) => pair.startsWith(`${raw} `)).length;
        const wanted = Math.round(ratio * ofUser(positivePairs));
        const possible = new Set(positives.item);
        const items = Array.from({ length: set.itemCount }, (_, item) => item).filter(
          (item) => (draw === "uniform" || possible.has(item)) && !taken.has(`${raw} ${set.items.toRaw(item)}`),
        );
        expect(ofUser(negatives)).toBe(Math.min(wanted, items.length));
        expect(items.length).toBeLessThanOrEqual(drawable);
      }
    },
  );

  test("draws items as often as their weights say", () => {
    const users = Array.from({ length: 600 }, (_, k) => ({ user: `u${k}`, item: "own" }));
    const popular = Array.from({ length: 100 }, (_, k) => ({ user: `p${k}`, item: k < 75 ? "often" : "seldom" }));
    const set = interactionsOf([...popular, ...users]);
    const drawnBy = (draw: "uniform" | "popularity") => {
      const negatives = rowsOf(data.withNegatives(set, [], { draw })).filter(
        ({ user, label }) => label === 0 && user.startsWith("u"),
      );
      return negatives.filter(({ item }) => item === "often").length / negatives.length;
    };
    expect(Math.abs(drawnBy("uniform") - 1 / 2)).toBeLessThan(0.07);
    expect(Math.abs(drawnBy("popularity") - 3 / 4)).toBeLessThan(0.07);
  });

  test("keeps positives in their rows with their times, and gives negatives none", () => {
    const made = data.withNegatives(interactionsOf([{ user: "a", item: "x", time: 7 }, { user: "b", item: "y", time: 8 }])); // prettier-ignore
    expect(rowsOf(made)).toEqual([
      { user: "a", item: "x", label: 1, time: 7 },
      { user: "b", item: "y", label: 1, time: 8 },
      { user: "a", item: "y", label: 0, time: NaN },
      { user: "b", item: "x", label: 0, time: NaN },
    ]);
  });
});

describe("trainingSplit", () => {
  const rated = data.generateInteractions({ userCount: 40, itemCount: 30, interactionsPerUser: 15 });
  const split = data.splitInteractions(rated, { validShare: 0.2, testShare: 0.2, leaks: "drop" });

  test("makes labels of ratings, and flips those to forget where asked", () => {
    const made = data.trainingSplit(split, { forgetFraction: 0.1, flip: true });
    expect([...made.trueLabel]).toEqual(Array.from(split.train.label, (rating) => Number(rating > 3)));
    const forgotten = new Set(made.forgetRows);
    expect(forgotten.size).toBe(Math.round(0.1 * made.train.user.length));
    made.train.label.forEach((label, row) =>
      expect(label).toBe(forgotten.has(row) ? 1 - made.trueLabel[row] : made.trueLabel[row]),
    );
    expect([...made.forgetRows, ...made.retainRows].sort((a, b) => a - b)).toEqual([...made.train.user.keys()]);
  });

  test("draws negatives for each part that are positives in none", () => {
    const made = data.trainingSplit(split, { negatives: { ratio: 0.2 } });
    const positives = new Set(["train", "valid", "test"].flatMap((part) => pairsOf(split[part as "train"])));
    const negatives = (["train", "valid", "test"] as const).flatMap((part) => pairsOf(made[part], 0));
    expect(negatives.length).toBeGreaterThan(50);
    expect(negatives.filter((pair) => positives.has(pair))).toEqual([]);
    expect(new Set(negatives).size).toBe(negatives.length);
  });

  test("refuses labels that are all the same, with what helps", () => {
    const clicks = { ...split, train: { ...split.train, label: split.train.label.map(() => 1) } };
    expect(() => data.trainingSplit(clicks)).toThrow(/training labels are 0[^]*negatives: \{\}/);
  });

  test("serves MF, LightGCN and IFRU", async () => {
    const made = data.trainingSplit(split, { negatives: { ratio: 0.5 }, forgetFraction: 0.05 });
    const small = { embeddingSize: 4, epochs: 2, batchSize: 64 };
    const { model } = await training.fitMf(made.train, made.valid, small);
    const request = { name: "own", train: made.train, forgetRows: made.forgetRows };
    const { update } = await ifru.ifru.unlearn(model, request, { damping: 0.01 });
    const forgotten = training.applyUpdate(model, update);
    const scores = [model, forgotten].map((one) => one.score(made.train.user, made.train.item));
    expect(scores[0]).not.toEqual(scores[1]);
    const lightGcn = await training.fitLightGcn(made.train, made.valid, { ...small, layerCount: 1 });
    expect(lightGcn.validationAuc).toBeGreaterThan(0);
  });
});
