import type { Tensor, Tensor2D } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { Breather, InvalidArgumentError, InvalidOptionError, Random } from "recsys-unlearning/core";
import {
  drawnSamples,
  generateInteractions,
  type PrefixSamples,
  prefixSamples,
  splitSessions,
  toSessions,
  withoutRows,
} from "recsys-unlearning/data";
import { createWorkspace, liveWorkspaces, operations, tensorEngine } from "recsys-unlearning/engine";
import { itemInfluence, outputInfluence } from "recsys-unlearning/ifru";
import {
  nextInput,
  sessionClassifier,
  sessionLogits,
  sessionLoss,
  SessionModel,
  type SessionModelKind,
  type UploadedSessionModel,
} from "recsys-unlearning/models";
import { applyUpdate } from "recsys-unlearning/training";
import { changedSamples } from "../../../lib/ifru/changed-samples";
import { type EmbeddingProblem, EmbeddingSystem } from "../../../lib/ifru/sessions/embedding-system";
import { curvatureFactors } from "../../../lib/ifru/sessions/softmax-curvature";
import { stepTerms } from "../../../lib/ifru/sessions/step-terms";
import { rowsOf } from "../../baselines/sessions/small";

const width = 4;
const itemCount = 12;
const { train } = splitSessions(
  toSessions(generateInteractions({ userCount: 40, itemCount, interactionsPerUser: 8, sessionLength: 6 })),
);
const forgetRows = rowsOf(train, [0, 3, 8, 11, 20], 2);
const request = { name: "test", train, forgetRows };

const forms = [
  ["gru4rec", { skipPadding: true }],
  ["sasrec", { paddingClass: false }],
  ["bert4rec", { headCount: 2, hiddenSize: 6 }],
] as const;

function modelOf(kind: SessionModelKind, more: object): SessionModel {
  const shared = { embeddingSize: width, maxLength: 4, initialDeviation: 1 };
  return SessionModel.initialise(kind, train.itemCount, { ...shared, ...more });
}

const valuesOf = (model: SessionModel, name: string) => model.parameters().find((one) => one.name === name)!.values;

/** What a model gives, on the engine. */
async function read(model: SessionModel, compute: (uploaded: UploadedSessionModel) => Tensor): Promise<Float32Array> {
  const uploaded = await model.upload();
  try {
    return uploaded.engine.tf.tidy(() => compute(uploaded).dataSync<"float32">().slice());
  } finally {
    uploaded.dispose();
  }
}

const logitsOf = (model: SessionModel, samples: PrefixSamples) =>
  read(model, (up) => sessionLogits({ ...up, input: nextInput(up.form, samples) }));
const lossOf = (model: SessionModel, samples: PrefixSamples) =>
  read(model, (up) => {
    const ones = new Float32Array(samples.target.length).fill(1);
    return sessionLoss({ ...up, input: nextInput(up.form, samples) }, samples.target, ones);
  });

/** What a small step of one number of the embeddings of items adds to something, for each of them. */
async function slopes<T extends ArrayLike<number>>(
  model: SessionModel,
  items: Int32Array,
  of: (moved: SessionModel) => Promise<T>,
): Promise<Float64Array[]> {
  const step = 1e-2;
  const at = (place: number, by: number) => {
    const table = valuesOf(model, "itemEmbedding").slice();
    table[(items[Math.floor(place / width)] + 1) * width + (place % width)] += by;
    return of(model.withParameters(new Map([["itemEmbedding", table]])));
  };
  const found: Float64Array[] = [];
  for (let place = 0; place < items.length * width; place++) {
    const [ahead, behind] = [await at(place, step), await at(place, -step)];
    found.push(Float64Array.from(ahead, (value, k) => (value - behind[k]) / (2 * step)));
  }
  return found;
}

/** (diag(p) - p p') x of each sample. */
function curved(logits: Float32Array, x: ArrayLike<number>, classes: number): Float64Array {
  const out = new Float64Array(logits.length);
  for (let first = 0; first < logits.length; first += classes) {
    const powers = Float64Array.from(logits.subarray(first, first + classes), Math.exp);
    const whole = powers.reduce((sum, power) => sum + power, 0);
    const mean = powers.reduce((sum, power, c) => sum + (power / whole) * x[first + c], 0);
    powers.forEach((power, c) => (out[first + c] = (power / whole) * (x[first + c] - mean)));
  }
  return out;
}

const plus = (a: number, b: number) => a + b;
const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, value, k) => sum + value * b[k], 0);

/** |a - b| / |b| */
function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const difference = Array.from(a, (value, k) => value - b[k]);
  return Math.sqrt(dot(difference, difference) / dot(b, b));
}

describe.each(forms)("the influence on item embeddings: %s %j", (kind, more) => {
  const model = modelOf(kind, more);
  const items = Int32Array.of(1, 5, 10);
  const staying = drawnSamples(prefixSamples(train), 40, 1);
  const { gone, come } = changedSamples(train, forgetRows, 4, "changed");
  const [factor, ridge] = [3, 0.25];
  const moved = (by: number) => {
    const random = Random.derive(4, "layer");
    const change = (name: string) =>
      [name, valuesOf(model, name).map((value) => value + by * random.normal())] as const;
    return model.withParameters(new Map([change("outputWeight"), change("outputBias")]));
  };

  async function withSystem<R>(
    after: SessionModel,
    use: (system: EmbeddingSystem, problem: EmbeddingProblem) => R | Promise<R>,
  ): Promise<R> {
    const [uploaded, layer, workspace] = [await model.upload(), await after.upload(), createWorkspace()];
    const samples = { items, staying, gone, come };
    const problem = { ...samples, model: uploaded, movedLayer: sessionClassifier(layer), factor, ridge };
    const system = await EmbeddingSystem.of(problem, operations(), workspace, new Breather("test"));
    try {
      return await use(system, problem);
    } finally {
      system.dispose();
      workspace.dispose();
      for (const one of [uploaded, layer]) one.dispose();
    }
  }

  it("multiplies by the Gauss-Newton matrix that finite differences of the logits give", async () => {
    const logits = await logitsOf(model, staying);
    const classes = logits.length / staying.target.length;
    const jacobian = await slopes(model, items, (at) => logitsOf(at, staying));
    const random = Random.derive(2, "direction");
    await withSystem(model, (system) => {
      const [[a], [b]] = [system.allocate(), system.allocate()];
      const [[ofA], [ofB], [back]] = [system.allocate(), system.allocate(), system.allocate()];
      for (const one of [a, b]) random.fillNormal(one, 1);
      system.multiply([a], [ofA]);
      system.multiply([b], [ofB]);
      const along = new Float64Array(logits.length);
      jacobian.forEach((column, k) => column.forEach((slope, n) => (along[n] += a[k] * slope)));
      const through = curved(logits, along, classes);
      const expected = jacobian.map((column, k) => factor * dot(column, through) + ridge * a[k]);
      expect(apart(ofA, expected)).toBeLessThan(3e-3);
      expect(dot(b, ofA) / dot(a, ofB)).toBeCloseTo(1, 4); // symmetric
      expect(dot(a, ofA)).toBeGreaterThan(ridge * dot(a, a)); // and positive
      system.precondition([ofA], [back]);
      expect(dot(back, a) / dot(a, a)).toBeGreaterThan(0.3); // a rough inverse
      expect(system.products).toBe(2);
      system.damp(2 * ridge);
      system.multiply([a], [back]);
      expect(
        apart(
          Float64Array.from(back, (value, k) => value - ridge * a[k]),
          ofA,
        ),
      ).toBeLessThan(1e-5);
    });
  });

  it("has the terms of a step that finite differences of the logits give, sample by sample and in sum", async () => {
    const after = moved(0.1);
    const [logits, logitsAfter] = [await logitsOf(model, staying), await logitsOf(after, staying)];
    const classes = logits.length / staying.target.length;
    const jacobian = await slopes(model, items, (at) => logitsOf(at, staying));
    const change = Random.derive(2, "direction").fillNormal(new Float32Array(items.length * width), 1);
    const along = new Float64Array(logits.length);
    jacobian.forEach((column, k) => column.forEach((slope, n) => (along[n] += change[k] * slope)));
    const shift = logitsAfter.map((logit, k) => logit - logits[k]);
    const bySample = (x: ArrayLike<number>) => {
      const products = curved(logits, x, classes).map((value, k) => value * along[k]);
      return Array.from(staying.target, (_, n) => products.subarray(n * classes, (n + 1) * classes).reduce(plus, 0));
    };
    const expected = { curved: bySample(along), done: bySample(shift) };
    await withSystem(after, async (system, { movedLayer, model: uploaded }) => {
      const terms = await stepTerms(uploaded, movedLayer, staying, { items, change }, new Breather("test"));
      const direction = system.allocate();
      direction[0].set(change);
      const seen = system.seen(direction);
      for (const of of ["curved", "done"] as const) {
        expect(apart(terms.map((term) => term[of]), expected[of])).toBeLessThan(3e-3); // prettier-ignore
        expect(seen[of] / expected[of].reduce(plus, 0)).toBeCloseTo(1, 2);
      }
    });
  });

  it("has the gradient of what goes less what comes, and less what the output layer's step did to what stays", async () => {
    const lost = await slopes(model, items, async (at) => [(await lossOf(at, gone))[0] - (await lossOf(at, come))[0]]);
    const gradient = lost.map(([slope]) => slope);
    await withSystem(model, (system) => expect(apart(system.rightHandSide[0], gradient)).toBeLessThan(3e-3));
    const after = moved(0.1);
    const [logits, logitsAfter] = [await logitsOf(model, staying), await logitsOf(after, staying)];
    const shift = logitsAfter.map((logit, k) => logit - logits[k]);
    const through = curved(logits, shift, logits.length / staying.target.length);
    const jacobian = await slopes(model, items, (at) => logitsOf(at, staying));
    const expected = gradient.map((slope, k) => slope - factor * dot(jacobian[k], through));
    await withSystem(after, (system) => expect(apart(system.rightHandSide[0], expected)).toBeLessThan(3e-3));
  });

  it("moves the embeddings that what changes reads, and the output layer as its own step does", async () => {
    const { tf } = await tensorEngine();
    const options = { curvatureSamples: 40, damping: 1e-2 };
    await itemInfluence.unlearn(model, request, options);
    const [{ numTensors }, workspaces] = [tf.memory(), liveWorkspaces()];
    const { update, diagnostics, cost } = await itemInfluence.unlearn(model, request, options);
    expect(tf.memory().numTensors).toBe(numTensors);
    expect(liveWorkspaces()).toBe(workspaces);
    const answer = applyUpdate(model, update);
    const outer = applyUpdate(model, (await outputInfluence.unlearn(model, request, options)).update);
    const read = new Set([gone, come].flatMap((samples) => [...nextInput(model.form, samples).tokens]));
    const [before, table] = [valuesOf(model, "itemEmbedding"), valuesOf(answer, "itemEmbedding")];
    const changed = Array.from({ length: before.length / width }, (_, token) => token).filter((token) =>
      before.subarray(token * width, (token + 1) * width).some((value, k) => value !== table[token * width + k]),
    );
    const asked = [...read].filter((token) => token > 0 && token <= itemCount).sort((a, b) => a - b);
    expect(changed).toEqual(asked);
    expect(diagnostics.items).toBe(asked.length);
    for (const { name, values } of outer.parameters())
      if (name !== "itemEmbedding") expect(valuesOf(answer, name)).toEqual(values);
    expect(diagnostics.embeddings.converged).toBe(true);
    expect(cost.hessianVectorProducts).toBeGreaterThan(diagnostics.outputLayer.iterations);
  });
});

/** The minimum of the loss and ridge / 2 |x|² by output layer and item embeddings, and the model that has it. */
async function fit(start: SessionModel, samples: PrefixSamples, ridge: number, steps: number) {
  const engine = await tensorEngine();
  const { tf } = engine;
  const uploaded = await start.upload();
  const names = ["itemEmbedding", "outputWeight", "outputBias"];
  const variables = names.map((name) => tf.variable(uploaded.tensors[name]));
  const input = nextInput(start.form, samples);
  const ones = new Float32Array(samples.target.length).fill(1);
  const objective = () =>
    tf.tidy(() => {
      const tensors = { ...uploaded.tensors, ...Object.fromEntries(names.map((name, k) => [name, variables[k]])) };
      const loss = sessionLoss({ ...uploaded, tensors, input }, samples.target, ones);
      return tf.addN([loss, ...variables.map((one) => tf.mul(tf.sum(tf.square(one)), ridge / 2))]).asScalar();
    });
  for (const learningRate of [0.05, 0.005]) {
    const adam = engine.adam(variables, { learningRate });
    for (let step = 0; step < steps; step++) {
      const { value, grads } = tf.variableGrads(objective, variables);
      adam.apply(grads);
      tf.dispose([value, grads]);
    }
    adam.dispose();
  }
  const minimum = objective();
  const values = names.map((name, k) => [name, variables[k].dataSync<"float32">().slice()] as const);
  const reached = minimum.dataSync()[0];
  tf.dispose([minimum, ...variables]);
  uploaded.dispose();
  return { model: start.withParameters(new Map(values)), reached };
}

describe("the influence on item embeddings", () => {
  it("comes nearer to what training again minimises than the step on the output layer alone", async () => {
    const damping = 0.02;
    const left = prefixSamples(withoutRows(train, forgetRows));
    const ridge = damping * left.target.length;
    const { model: original } = await fit(modelOf("gru4rec", {}), prefixSamples(train), ridge, 100);
    const [before, again] = [await fit(original, left, ridge, 0), await fit(original, left, ridge, 50)];
    const after = async (method: typeof itemInfluence | typeof outputInfluence) => {
      const { update } = await method.unlearn(original, request, { damping, tolerance: 1e-4 });
      return (await fit(applyUpdate(original, update), left, ridge, 0)).reached;
    };
    const [both, outer] = [await after(itemInfluence), await after(outputInfluence)];
    expect(outer).toBeLessThan(before.reached);
    expect(both - again.reached).toBeLessThan(0.6 * (outer - again.reached));
  });

  it("leaves a model that forgets nothing as it was", async () => {
    const model = modelOf("gru4rec", {});
    const { update, cost } = await itemInfluence.unlearn(model, { ...request, forgetRows: new Int32Array(0) });
    const answer = applyUpdate(model, update);
    expect(answer.parameters()).toEqual(model.parameters());
    expect(cost.rowsTouched).toBe(0);
  });

  it("refuses a tied layer, whose rows are in both blocks, and options out of range", async () => {
    const tied = modelOf("gru4rec", { tiedOutput: true });
    await expect(itemInfluence.unlearn(tied, request)).rejects.toThrow(InvalidArgumentError);
    const own = modelOf("gru4rec", {});
    await expect(itemInfluence.unlearn(own, request, { damping: 0 })).rejects.toThrow(InvalidOptionError);
  });
});

describe("the curvature of softmax by a state", () => {
  it("has factors whose product it is, also where it lacks full rank", async () => {
    const engine = await tensorEngine();
    const { tf } = engine;
    const random = Random.derive(5, "weights");
    for (const classes of [3, 20]) {
      const weight = random.fillNormal(new Float32Array(classes * width), 1);
      const logits = random.fillNormal(new Float32Array(2 * classes), 1);
      const factors = tf.tidy(() => {
        const p = tf.softmax(tf.tensor2d(logits, [2, classes])) as Tensor2D;
        return curvatureFactors(engine, tf.tensor2d(weight, [classes, width]), p);
      });
      for (let n = 0; n < 2; n++)
        for (let i = 0; i < width; i++) {
          const column = Float64Array.from({ length: classes }, (_, c) => weight[c * width + i]);
          const through = curved(logits.subarray(n * classes, (n + 1) * classes), column, classes);
          for (let j = 0; j < width; j++) {
            const expected = through.reduce((sum, value, c) => sum + value * weight[c * width + j], 0);
            const rows = factors.subarray(n * width * width, (n + 1) * width * width);
            const product = Array.from({ length: width }, (_, k) => rows[k * width + i] * rows[k * width + j]);
            expect(product.reduce((sum, value) => sum + value, 0)).toBeCloseTo(expected, 5);
          }
        }
    }
  });
});
