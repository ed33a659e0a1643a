import { describe, expect, it } from "vitest";
import { InvalidArgumentError, InvalidOptionError, Random } from "../../../lib/core";
import { type PrefixSamples, prefixSamples, samplesOfRows, type Sessions, withoutRows } from "../../../lib/data";
import { createWorkspace, liveWorkspaces, operations, tensorEngine } from "../../../lib/engine";
import { outputInfluence } from "../../../lib/ifru";
import { changedSamples } from "../../../lib/ifru/changed-samples";
import { OutputLayerSystem } from "../../../lib/ifru/sessions/output-layer-system";
import { sessionClassifier, SessionModel } from "../../../lib/models";

const itemCount = 9;
const width = 4;
const damping = 1e-2;

/** Sessions of 2 to 9 items in which an item is often followed by the one after it. */
const train: Sessions = (() => {
  const random = Random.derive(1, "test sessions");
  const [item, offsets]: [number[], number[]] = [[], [0]];
  for (let session = 0; session < 30; session++) {
    let present = random.integer(itemCount);
    for (let k = 2 + random.integer(8); k > 0; k--) {
      item.push(present);
      present = random.uniform() < 0.6 ? (present + 1) % itemCount : random.integer(itemCount);
    }
    offsets.push(item.length);
  }
  const row = Int32Array.from(item.keys());
  const user = Int32Array.from({ length: 30 }, (_, k) => k);
  return { item: Int32Array.from(item), offsets: Int32Array.from(offsets), row, user, itemCount } as Sessions;
})();
const forgetRows = Int32Array.of(3, 17, 30, 55, 80);

/** A softmax regression in float64, biases last in each row of `[classes, width + 1]`. */
class Regression {
  constructor(
    private readonly states: Float32Array,
    private readonly labels: Int32Array,
    private readonly classes: number,
  ) {}

  gradient(theta: Float64Array): Float64Array {
    const out = new Float64Array(theta.length);
    const [columns, p] = [width + 1, new Float64Array(this.classes)];
    for (let k = 0; k < this.labels.length; k++) {
      const h = (j: number) => (j === width ? 1 : this.states[k * width + j]);
      let total = 0;
      for (let c = 0; c < p.length; c++) {
        let logit = 0;
        for (let j = 0; j < columns; j++) logit += h(j) * theta[c * columns + j];
        total += p[c] = Math.exp(logit);
      }
      for (let c = 0; c < p.length; c++)
        for (let j = 0; j < columns; j++) out[c * columns + j] += (p[c] / total - Number(c === this.labels[k])) * h(j);
    }
    return out;
  }

  /** The minimum with ridge / 2 |theta|² on top, by steps down the gradient. */
  fit(ridge: number): Float64Array {
    const theta = new Float64Array(this.classes * (width + 1));
    for (let step = 0; step < 2000; step++) {
      const slope = this.gradient(theta);
      for (let k = 0; k < theta.length; k++) theta[k] -= 0.02 * (slope[k] + ridge * theta[k]);
    }
    return theta;
  }
}

async function regressionOf(model: SessionModel, samples: PrefixSamples): Promise<Regression> {
  const classes = itemCount + Number(model.form.options.paddingClass);
  const labels = samples.target.map((item) => item + Number(model.form.options.paddingClass));
  return new Regression(await model.states(samples), labels, classes);
}

function withLayer(model: SessionModel, theta: Float64Array): SessionModel {
  const rows = theta.length / (width + 1);
  const at = (c: number, j: number) => theta[c * (width + 1) + j];
  const weight = Float32Array.from({ length: rows * width }, (_, k) => at(Math.floor(k / width), k % width));
  const bias = Float32Array.from({ length: rows }, (_, c) => at(c, width));
  return model.withParameters(new Map([["outputWeight", weight], ["outputBias", bias]])); // prettier-ignore
}

function layerOf(model: SessionModel): Float64Array {
  const values = new Map(model.parameters().map((parameter) => [parameter.name, parameter.values]));
  const [weight, bias] = [values.get("outputWeight")!, values.get("outputBias")!];
  return Float64Array.from({ length: bias.length * (width + 1) }, (_, k) => {
    const [c, j] = [Math.floor(k / (width + 1)), k % (width + 1)];
    return j === width ? bias[c] : weight[c * width + j];
  });
}

const distance = (a: Float64Array, b: Float64Array) => Math.hypot(...a.map((value, k) => value - b[k]));

describe.each([
  ["gru4rec", {}],
  ["sasrec", { paddingClass: false }],
] as const)("the influence on an output layer: %s %j", (kind, more) => {
  const start = SessionModel.initialise(kind, itemCount, {
    ...{ embeddingSize: width, maxLength: 5, initialDeviation: 1 },
    ...more,
  });

  it("comes close to the layer trained again without what is forgotten", async () => {
    const retained = withoutRows(train, forgetRows);
    const left = prefixSamples(retained);
    const ridge = damping * left.target.length;
    const trained = (await regressionOf(start, prefixSamples(train))).fit(ridge);
    const again = (await regressionOf(start, left)).fit(ridge);
    const original = withLayer(start, trained);
    const forget = async (options: object) =>
      await outputInfluence.unlearn(
        original,
        { name: "test", train, forgetRows },
        { damping, tolerance: 1e-5, ...options },
      );
    const liveBefore = liveWorkspaces();
    const exact = await forget({});
    if (exact.update.kind !== "model") throw new Error("a model was expected");
    const apart = distance(trained, again);
    expect(distance(layerOf(exact.update.model), again)).toBeLessThan(apart / 10);
    expect(exact.diagnostics.converged).toBe(true);
    expect(exact.diagnostics.curvatureSamples).toBe(left.target.length);
    const direct = await forget({ spillover: "none" });
    const drawn = await forget({ curvatureSamples: 60 });
    for (const { update } of [direct, drawn])
      if (update.kind === "model") expect(distance(layerOf(update.model), again)).toBeLessThan(apart);
    expect(direct.diagnostics.come).toBe(0);
    expect(drawn.diagnostics.curvatureSamples).toBe(60);
    expect(liveWorkspaces()).toBe(liveBefore);
  });

  it("multiplies by the Hessian that finite differences of the gradient give", async () => {
    const samples = prefixSamples(train);
    const regression = await regressionOf(start, samples);
    const uploaded = await start.upload();
    const workspace = createWorkspace();
    const none = { states: new Float32Array(0), labels: new Int32Array(0) };
    const states = await start.states(samples);
    const layer = sessionClassifier(uploaded);
    const problem = { layer, curvatureStates: states, factor: 2, gone: none, come: none, ridge: 0.5 };
    const system = new OutputLayerSystem(problem, uploaded.engine, operations(), workspace);
    const [direction, product, back] = [system.allocate(), system.allocate(), system.allocate()];
    const random = Random.derive(2, "direction");
    direction[0].forEach((_, k) => (direction[0][k] = random.normal()));
    system.multiply(direction, product);
    const theta = layerOf(start);
    const at = (step: number) => regression.gradient(theta.map((value, k) => value + step * direction[0][k]));
    const [ahead, behind] = [at(1e-4), at(-1e-4)];
    product[0].forEach((value, k) =>
      expect(value).toBeCloseTo((2 * (ahead[k] - behind[k])) / 2e-4 + 0.5 * direction[0][k], 2),
    );
    system.precondition(product, back); // a rough inverse: the right way, and the right size
    expect(system.dot(back, direction) / system.dot(direction, direction)).toBeGreaterThan(0.3);
    system.dispose();
    workspace.dispose();
    uploaded.dispose();
  });

  it("leaves no tensors behind, and a model that forgets nothing as it was", async () => {
    const { tf } = await tensorEngine();
    const request = { name: "nothing", train, forgetRows: new Int32Array(0) };
    await outputInfluence.unlearn(start, request);
    const { numTensors } = tf.memory();
    const { update, cost } = await outputInfluence.unlearn(start, request);
    expect(tf.memory().numTensors).toBe(numTensors);
    if (update.kind === "model") expect(layerOf(update.model)).toEqual(layerOf(start));
    expect(cost.rowsTouched).toBe(0);
  });
});

describe("samples that a request changes", () => {
  it("are those of the forgotten events and of the events that read them", () => {
    const sessions: Sessions = {
      item: Int32Array.of(0, 1, 2, 3, 4, 5, 6),
      offsets: Int32Array.of(0, 5, 7),
      row: Int32Array.of(10, 11, 12, 13, 14, 15, 16),
      user: Int32Array.of(0, 1),
      itemCount,
    } as Sessions;
    const { gone, come } = changedSamples(sessions, Int32Array.of(11), 2, "changed");
    const read = ({ item, start, end, target }: PrefixSamples) =>
      Array.from(target, (to, k) => [[...item.subarray(Math.max(start[k], end[k] - 2), end[k])], to]);
    expect(read(gone)).toEqual([[[0], 1], [[0, 1], 2], [[1, 2], 3]]); // prettier-ignore
    expect(read(come)).toEqual([[[0], 2], [[0, 2], 3]]); // prettier-ignore
    expect(read(changedSamples(sessions, Int32Array.of(11), 2, "none").gone)).toEqual([[[0], 1]]);
    expect(samplesOfRows(sessions, Int32Array.of(15)).target.length).toBe(0);
  });
});

describe("the influence on an output layer", () => {
  it("refuses a tied layer, whose states would move too, and options out of range", async () => {
    const tied = SessionModel.initialise("gru4rec", itemCount, { embeddingSize: width, tiedOutput: true });
    const request = { name: "test", train, forgetRows };
    await expect(outputInfluence.unlearn(tied, request)).rejects.toThrow(InvalidArgumentError);
    const own = SessionModel.initialise("gru4rec", itemCount, { embeddingSize: width });
    await expect(outputInfluence.unlearn(own, request, { damping: 0 })).rejects.toThrow(InvalidOptionError);
  });
});
