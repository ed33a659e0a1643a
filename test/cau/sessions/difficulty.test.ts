import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { cosineOf, logitProducts, outputLayerDifficulty } from "../../../lib/cau";
import { forgetSamples, type Histories, historyCount, type Sessions } from "../../../lib/data";
import type { SessionRecommender } from "../../../lib/models";

/** Two sessions, 0 1 2 3 and 4 0. */
const sessions: Sessions = {
  offsets: Int32Array.of(0, 4, 6),
  item: Int32Array.of(0, 1, 2, 3, 4, 0),
  row: Int32Array.of(0, 1, 2, 3, 4, 5),
  user: Int32Array.of(0, 1),
  itemCount: 5,
} as Sessions;

const distribution = fc
  .array(fc.double({ min: 1e-3, max: 1, noNaN: true }), { minLength: 5, maxLength: 5 })
  .map((weights) => Float64Array.from(weights, (weight) => weight / weights.reduce((sum, value) => sum + value, 0)));

/** The cosine from the gradients spelt out. */
function spelledOut(p: Float64Array, q: Float64Array, target: number, next: number): number {
  const forget = p.map((value, item) => Number(item === target) - value);
  const keep = p.map((value, item) => value - q[item] + (next < 0 ? 0 : value - Number(item === next)));
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);
  return dot(forget, keep) / Math.sqrt(dot(forget, forget) * dot(keep, keep));
}

const logitCosine = (...sample: Parameters<typeof logitProducts>) => cosineOf(logitProducts(...sample));

/** Scores that depend on the history's length alone. */
class Scripted implements SessionRecommender {
  readonly kind = "scripted";
  readonly itemCount = 5;
  constructor(private readonly scale: number) {}
  async scores(histories: Histories): Promise<Float32Array> {
    return Float32Array.from({ length: 5 * historyCount(histories) }, (_, at) => {
      const k = Math.floor(at / 5);
      return this.scale * Math.sin((at % 5) * (1 + histories.end[k] - histories.start[k]));
    });
  }
}

describe("samples to forget", () => {
  it("know the history, the item and what came next", () => {
    const { start, end, target, next } = forgetSamples(sessions, Int32Array.of(2, 3, 5));
    expect([...start]).toEqual([0, 0, 4]);
    expect([...end]).toEqual([2, 3, 5]);
    expect([...target]).toEqual([2, 3, 0]);
    expect([...next]).toEqual([3, -1, -1]);
  });
});

describe("gradient difficulty over the output layer", () => {
  property.prop([distribution, distribution, fc.nat(4), fc.integer({ min: -1, max: 4 })])(
    "is the cosine of the gradients spelt out",
    (p, q, target, next) => {
      fc.pre(p.some((value, item) => Math.abs(value - q[item]) > 1e-3));
      expect(logitCosine(p, q, target, next)).toBeCloseTo(spelledOut(p, q, target, next), 8);
    },
  );

  it("has the short form at the original model", () => {
    const p = Float64Array.of(0.1, 0.2, 0.3, 0.25, 0.15);
    const squares = p.reduce((sum, value) => sum + value * value, 0);
    const short = (p[1] + p[3] - squares) / Math.sqrt((1 - 2 * p[1] + squares) * (1 - 2 * p[3] + squares));
    expect(logitCosine(p, p, 1, 3)).toBeCloseTo(short, 12);
  });

  it("is 0 where nothing holds on to the sample: no next item, at the original model", () => {
    expect(logitCosine(Float64Array.of(0.5, 0.5), Float64Array.of(0.5, 0.5), 0, -1)).toBe(0);
    expect(logitCosine(Float64Array.of(1, 0), Float64Array.of(0.5, 0.5), 0, 1)).toBe(0); // or nothing is left to forget
  });

  it("goes through a model block by block, beside the original where that is another", async () => {
    const samples = forgetSamples(sessions, Int32Array.of(1, 2));
    const softmax = (scores: Float32Array) => {
      const powers = Float64Array.from(scores, Math.exp);
      return powers.map((value) => value / powers.reduce((sum, other) => sum + other, 0));
    };
    const row = async (model: Scripted, k: number) => softmax((await model.scores(samples)).slice(5 * k, 5 * k + 5));
    const [model, original] = [new Scripted(2), new Scripted(1)];
    const difficulty = await outputLayerDifficulty(model, samples, original);
    for (const k of [0, 1])
      expect(difficulty[k]).toBeCloseTo(
        -spelledOut(await row(model, k), await row(original, k), samples.target[k], samples.next[k]),
        6,
      );
  });
});
