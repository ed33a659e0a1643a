import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import type { SessionRecommender } from "../../lib/models";
import { ranksAmongUnseen } from "./unseen-ranks";

const item = fc.integer({ min: 0, max: 7 });

test.prop([fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 8, maxLength: 8 }), fc.uniqueArray(item), item])(
  "the rank among unseen items is the place in a sorted list of them",
  async (values, history, target) => {
    const seen = new Set(history.filter((one) => one !== target));
    const scores = async () => Float32Array.from(values);
    const recommender: SessionRecommender = { kind: "fixed", itemCount: values.length, scores };
    const [start, end] = [Int32Array.of(0), Int32Array.of(seen.size)];
    const samples = { item: Int32Array.from(seen), start, end, target: Int32Array.of(target) };
    const sorted = [...values.keys()].filter((one) => !seen.has(one)).sort((a, b) => values[b] - values[a] || a - b);
    expect([...(await ranksAmongUnseen(recommender, samples))]).toEqual([1 + sorted.indexOf(target)]);
  },
);
