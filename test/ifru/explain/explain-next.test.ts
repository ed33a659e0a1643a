import { describe, expect, it } from "vitest";
import { InvalidArgumentError, InvalidOptionError, NotFoundError, Random } from "../../../lib/core";
import { prefixSamples, type Sessions } from "../../../lib/data";
import { explainNext, outputInfluence } from "../../../lib/ifru";
import { SessionModel } from "../../../lib/models";
import { solveDense } from "./tiny.fixture";

const itemCount = 7;
const width = 3;
const columns = width + 1;
const damping = 0.02;
const options = { damping, tolerance: 1e-5, iterations: 200 };

const train: Sessions = (() => {
  const random = Random.derive(1, "explained sessions");
  const [item, offsets]: [number[], number[]] = [[], [0]];
  for (let session = 0; session < 12; session++) {
    for (let k = 2 + random.integer(5); k > 0; k--) item.push(random.integer(itemCount));
    offsets.push(item.length);
  }
  const row = Int32Array.from(item.keys());
  const user = Int32Array.from({ length: 12 }, (_, k) => k);
  return { item: Int32Array.from(item), offsets: Int32Array.from(offsets), row, user, itemCount } as Sessions;
})();
const history = Int32Array.of(2, 5);

async function scoreOf(model: SessionModel, item: number): Promise<number> {
  const [state] = [await model.states({ item: history, start: Int32Array.of(0), end: Int32Array.of(2) })];
  const values = new Map(model.parameters().map((parameter) => [parameter.name, parameter.values]));
  const c = item + Number(model.form.options.paddingClass);
  const weight = values.get("outputWeight")!.subarray(c * width, (c + 1) * width);
  return state.reduce((sum, value, j) => sum + value * weight[j], values.get("outputBias")![c]);
}

describe.each([false, true])("explainNext, with a class for padding: %s", (paddingClass) => {
  const model = SessionModel.initialise("gru4rec", itemCount, { embeddingSize: width, paddingClass }, 4);
  const classes = itemCount + Number(paddingClass);

  it("agrees with a dense solve over the output layer", async () => {
    const item = 3;
    const { rows, changes, score } = await explainNext(model, { train, history, item }, options);
    expect(score).toBeCloseTo(await scoreOf(model, item), 5);
    const samples = prefixSamples(train);
    const states = await model.states(samples);
    const values = new Map(model.parameters().map((parameter) => [parameter.name, parameter.values]));
    const [weight, bias] = [values.get("outputWeight")!, values.get("outputBias")!];
    const known = Array.from(samples.target, (target, k) => {
      const h = [...states.subarray(k * width, (k + 1) * width), 1];
      const powers = Array.from({ length: classes }, (_, c) =>
        Math.exp(h.slice(0, -1).reduce((sum, value, j) => sum + value * weight[c * width + j], bias[c])),
      );
      const total = powers.reduce((sum, power) => sum + power, 0);
      return { h, p: powers.map((power) => power / total), label: target + Number(paddingClass) };
    });
    const size = classes * columns;
    const ridge = damping * known.length;
    const hessian = Array.from({ length: size }, (_, a) =>
      Array.from({ length: size }, (_2, b) => {
        const [c, i, d, j] = [Math.floor(a / columns), a % columns, Math.floor(b / columns), b % columns];
        const sum = known.reduce((total, { h, p }) => total + p[c] * (Number(c === d) - p[d]) * h[i] * h[j], 0);
        return sum + (a === b ? ridge : 0);
      }),
    );
    const asked = [...(await model.states({ item: history, start: Int32Array.of(0), end: Int32Array.of(2) })), 1];
    const target = Array.from({ length: size }, (_, a) =>
      Math.floor(a / columns) === item + Number(paddingClass) ? asked[a % columns] : 0,
    );
    const x = solveDense(hessian, target);
    known.forEach(({ h, p, label }, k) => {
      const expected = x.reduce((sum, value, a) => {
        const c = Math.floor(a / columns);
        return sum + value * (p[c] - Number(c === label)) * h[a % columns];
      }, 0);
      expect(changes[k]).toBeCloseTo(expected, 4);
    });
    expect([...rows]).toEqual([...train.row].filter((row) => !train.offsets.includes(row)));
  });

  it("goes along with what outputInfluence does to the score when it forgets the event", async () => {
    const item = 1;
    const { rows, changes, score } = await explainNext(model, { train, history, item }, { ...options, damping: 0.2 });
    const request = { ...options, damping: 0.2, spillover: "none" } as const;
    for (const k of [0, 7, 20]) {
      const forget = { name: "", train, forgetRows: Int32Array.of(rows[k]) };
      const { update } = await outputInfluence.unlearn(model, forget, request);
      if (update.kind !== "model") throw new Error("a model was expected");
      const actual = (await scoreOf(update.model, item)) - score;
      expect(Math.abs(actual - changes[k])).toBeLessThan(0.15 * Math.abs(actual) + 1e-4); // H lacks the event there
    }
  });
});

it("lists the strongest first, and refuses what it cannot explain", async () => {
  const model = SessionModel.initialise("gru4rec", itemCount, { embeddingSize: width });
  const why = await explainNext(model, { train, history, item: 3 }, { ...options, top: 2 });
  const sorted = [...why.changes].sort((a, b) => a - b);
  expect(why.supporting.map(({ change }) => change)).toEqual(sorted.slice(0, 2));
  expect(why.opposing.map(({ change }) => change)).toEqual(sorted.reverse().slice(0, 2));
  for (const item of [-1, itemCount, NaN])
    await expect(explainNext(model, { train, history, item })).rejects.toThrow(NotFoundError);
  const unknown = { train, history: Int32Array.of(itemCount), item: 0 };
  await expect(explainNext(model, unknown)).rejects.toThrow(NotFoundError);
  await expect(explainNext(model, { ...unknown, history: new Int32Array(0) })).rejects.toThrow(InvalidArgumentError);
  const tied = SessionModel.initialise("gru4rec", itemCount, { embeddingSize: width, tiedOutput: true });
  await expect(explainNext(tied, { train, history, item: 0 })).rejects.toThrow(InvalidArgumentError);
  const of = { train, history, item: 0 };
  await expect(explainNext(model, of, { damping: NaN })).rejects.toThrow(InvalidOptionError);
});
