import type { Tensor, Tensor1D, Tensor2D } from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Random } from "../../lib/core";
import { engineName, type GruWeights, type TensorEngine, tensorEngine, transposed } from "../../lib/engine";
import { expectClose } from "./forms";
import { tolerances } from "./tolerances";

let engine: TensorEngine;
let tf: TensorEngine["tf"];
let tensorsBefore: number;
const tolerance = tolerances[engineName()];
beforeAll(async () => {
  engine = await tensorEngine();
  tf = engine.tf;
});
beforeEach(() => {
  tensorsBefore = tf.memory().numTensors;
  tf.engine().startScope();
});
afterEach(() => {
  tf.engine().endScope();
  expect(tf.memory().numTensors, "tensors left behind").toBe(tensorsBefore);
});

const normal = (shape: number[], seed = 1, deviation = 1) => {
  const values = new Float32Array(shape.reduce((product, length) => product * length, 1));
  return tf.tensor(Random.derive(seed, ...shape).fillNormal(values, deviation), shape);
};
const values = (tensor: Tensor) => tensor.dataSync() as Float32Array;
const along = (gradients: Tensor[], directions: Tensor[]) =>
  gradients.reduce((sum, g, n) => sum + values(tf.sum(tf.mul(g, directions[n])))[0], 0);
const moved = (inputs: Tensor[], directions: Tensor[], h: number) =>
  inputs.map((x, n) => tf.add(x, tf.mul(directions[n], h)));

/**
 * Checks the first and second derivatives of a scalar function along random directions: the slope of the function, and
 * of its gradient, by central differences.
 */
function checkDerivatives(f: (...x: Tensor[]) => Tensor, inputs: Tensor[]): void {
  const first = inputs.map((x, n) => normal(x.shape, 50 + n));
  const second = inputs.map((x, n) => normal(x.shape, 90 + n));
  const slopeAlong = (at: Tensor[]) => along(tf.grads(f)(at), first);
  const [h, f0] = [1e-2, (at: Tensor[]) => values(f(...at))[0]];
  const differences = (g: (at: Tensor[]) => number) =>
    (g(moved(inputs, second, h)) - g(moved(inputs, second, -h))) / (2 * h);
  // The slope of f along `second`, by its gradient and by differences.
  expectClose(along(tf.grads(f)(inputs), second), differences(f0), { relative: 2e-2, absolute: 2e-2 });
  const nested = tf.grad((step) => {
    const at = inputs.map((x, n) => tf.add(x, tf.mul(step, second[n])));
    return tf.addN(
      tf
        .grads(f)(at)
        .map((g, n) => tf.sum(tf.mul(g, first[n]))),
    );
  })(tf.scalar(0));
  const expected = differences(slopeAlong);
  expectClose(values(nested), [expected], { relative: tolerance.secondOrder, absolute: tolerance.secondOrder });
}

/** A scalar that weighs every element of a tensor differently. */
const weighted = (x: Tensor) => tf.sum(tf.mul(x, normal(x.shape, 7)));

describe("gradients of the tensor library, repaired", () => {
  it.each(["sigmoid", "tanh", "exp", "softmax", "softplus", "square"] as const)("%s", (name) => {
    checkDerivatives((x) => weighted(tf[name](x)), [normal([3, 4])]);
  });

  it("logSoftmax of the engine, where tf.logSoftmax is wrong", () => {
    checkDerivatives((x) => weighted(engine.logSoftmax(x)), [normal([3, 4])]);
  });

  it("losses.sigmoidCrossEntropy", () => {
    const labels = tf.tensor([1, 0, 1, 1, 0, 0], [2, 3]);
    checkDerivatives((x) => tf.losses.sigmoidCrossEntropy(labels, x), [normal([2, 3])]);
  });

  it("gather, with rows taken more than once", () => {
    const ids = tf.tensor1d([2, 0, 2, 2], "int32");
    const x = normal([4, 3]);
    checkDerivatives((table) => weighted(tf.tanh(tf.gather(table, ids))), [x]);
    const gradient = tf.grad((table) => tf.sum(tf.gather(table, ids)))(x);
    expect([...values(gradient)]).toEqual([1, 1, 1, 0, 0, 0, 3, 3, 3, 0, 0, 0]);
  });

  it("batched matMul with transposes", () => {
    const f = (a: Tensor, b: Tensor) => weighted(tf.tanh(tf.matMul(a, b, true, true)));
    checkDerivatives(f, [normal([2, 3, 4], 1, 0.5), normal([2, 5, 3], 2, 0.5)]);
  });
});

describe("kernels of the tensor library, replaced where they are wrong", () => {
  const naive = (a: Tensor, b: Tensor) => {
    const [x, y] = [a.arraySync() as number[][], b.arraySync() as number[][]];
    return x.flatMap((row) => y[0].map((_, j) => row.reduce((sum, value, k) => sum + value * y[k][j], 0)));
  };

  it("matMul with every transpose, and broadcast batches", () => {
    const [a, b] = [normal([7, 70]) as Tensor2D, normal([70, 9], 2) as Tensor2D];
    const expected = naive(a, b);
    for (const transposeA of [false, true])
      for (const transposeB of [false, true]) {
        const [x, y] = [transposeA ? tf.transpose(a) : a, transposeB ? tf.transpose(b) : b];
        expectClose(values(tf.matMul(x, y, transposeA, transposeB)), expected, tolerance.value);
        const stacked = tf.stack([x, x, x]);
        expectClose(
          values(tf.matMul(stacked, y as Tensor, transposeA, transposeB)).slice(126),
          expected.slice(0, 0).concat(expected),
          tolerance.value,
        );
      }
  });

  it("fused.matMul adds its bias once, also with a transpose", () => {
    const [a, b, bias] = [normal([5, 300]) as Tensor2D, normal([300, 6], 2) as Tensor2D, normal([6], 3)];
    const expected = naive(a, b).map((value, k) => Math.max(0, value + values(bias)[k % 6]));
    const plain = tf.fused.matMul({ a, b, bias, activation: "relu" });
    const turned = tf.fused.matMul({ a, b: tf.transpose(b), bias, activation: "relu", transposeB: true });
    for (const fused of [plain, turned]) expectClose(values(fused), expected, tolerance.value);
  });

  it.runIf(engineName() === "wasm" || engineName() === "blas")(
    "a product follows a weight that changed in place",
    () => {
      const [x, weight] = [tf.fill([1, 2], 1), tf.fill([2, 2], 1)];
      expect(values(tf.matMul(x, weight))[0]).toBe(2);
      const heap = tf.backend() as unknown as { typedArrayFromHeap(tensor: Tensor): Float32Array };
      heap.typedArrayFromHeap(weight).fill(5);
      expect(values(tf.matMul(x, weight))[0]).toBe(10);
    },
  );

  it("sums and means over leading axes do not drift", () => {
    const many = tf.fill([500_000, 2], 0.1);
    expectClose(values(tf.sum(many)), [100_000], tolerance.longSum);
    expectClose(values(tf.mean(many, 0)), [0.1, 0.1], tolerance.longSum);
    const small = tf.tensor3d([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2]);
    expect(tf.sum(small, [0, 1]).arraySync()).toEqual([16, 20]);
    expect(tf.sum(small, 0, true).shape).toEqual([1, 2, 2]);
    expect(tf.sum(small, 2).arraySync()).toEqual([
      [3, 7],
      [11, 15],
    ]);
    expect(tf.mean(small).arraySync()).toBe(4.5);
  });
});

describe("fused functions", () => {
  it("rowCrossEntropies: what softmaxCrossEntropy and its gradient are row by row, also where logits are far apart", () => {
    const logits = tf.concat([normal([3, 11], 4, 5), tf.tensor2d([[200, ...new Array<number>(10).fill(-200)]])]);
    const labels = tf.tensor1d([10, 0, 4, 3], "int32");
    const { losses, gradients } = engine.rowCrossEntropies(logits as Tensor2D, labels);
    const sum = (x: Tensor) => engine.softmaxCrossEntropy(x as Tensor2D, labels, tf.ones([4]));
    expectClose(values(tf.sum(losses)), values(sum(logits)), { relative: 1e-5, absolute: 1e-5 });
    expectClose(values(gradients), values(tf.grad(sum)(logits)), { relative: 1e-5, absolute: 1e-6 });
    expect(values(losses)[3]).toBeCloseTo(400, 3);
  });

  it("record: goes back through one pass as often as asked, with the gradients that a pass each would give", () => {
    const [x, w, unused] = [normal([4, 3]), normal([3, 5], 2), normal([2], 3)].map((start) => tf.variable(start));
    const pass = () => {
      const hidden = tf.tanh(tf.matMul(x as Tensor2D, w as Tensor2D)) as Tensor2D;
      return [engine.logSoftmax(hidden), tf.mul(hidden, 2), w];
    };
    const recording = engine.record([x, w, unused], pass);
    const along = [normal([4, 5], 4), normal([4, 5], 5), normal([3, 5], 6)];
    const alone = (which: number) =>
      tf.grads((...inputs) => {
        const hidden = tf.tanh(tf.matMul(inputs[0] as Tensor2D, inputs[1] as Tensor2D)) as Tensor2D;
        return [engine.logSoftmax(hidden), tf.mul(hidden, 2)][which];
      })([x, w], along[which]);
    for (const which of [0, 1, 0]) {
      const [dx, dw, dUnused] = recording.pullBack(along.map((one, k) => (k === which ? one : null)));
      const [expectedX, expectedW] = alone(which);
      expectClose(values(dx), values(expectedX), { relative: 1e-5, absolute: 1e-6 });
      expectClose(values(dw), values(expectedW), { relative: 1e-5, absolute: 1e-6 });
      expect([...values(dUnused)]).toEqual([0, 0]);
    }
    const [, whole] = recording.pullBack(along); // an output that is an input, too
    const sum = tf.addN([alone(0)[1], alone(1)[1], along[2]]);
    expectClose(values(whole), values(sum), { relative: 1e-5, absolute: 1e-6 });
    recording.dispose();
    expect(values(w)).toHaveLength(15); // still there
    expect(() => tf.grad(() => engine.record([x], () => [tf.square(x)]).outputs[0])(x)).toThrow("within a gradient");
    const held = tf.memory().numTensors;
    const breaking = () => {
      throw new Error(`after ${tf.tanh(tf.square(x)).rank} dimensions`); // engines word their own errors differently
    };
    expect(() => engine.record([x], breaking)).toThrow("after 2 dimensions");
    expect(tf.memory().numTensors).toBe(held); // what the tape had saved is gone
    tf.dispose([x, w, unused]);
  });

  it("weightedSum: what products and sums give", () => {
    const tensors = [1, 2, 3].map((seed) => normal([3, 5], seed));
    const weights = [0.5, -2, 0];
    const expected = tf.addN(tensors.map((one, k) => tf.mul(one, weights[k])));
    expectClose(values(engine.weightedSum(tensors, weights)), values(expected), { relative: 1e-6, absolute: 1e-6 });
  });

  it("softmaxCrossEntropy: its value, and derivatives of first and second order", () => {
    const [logits, labels] = [normal([4, 6]) as Tensor2D, tf.tensor1d([5, 0, 2, 2], "int32")];
    const rows = logits.arraySync();
    const losses = rows.map((row, r) => Math.log(row.reduce((s, v) => s + Math.exp(v), 0)) - row[[5, 0, 2, 2][r]]);
    expectClose(
      values(engine.softmaxCrossEntropy(logits, labels)),
      [losses.reduce((a, b) => a + b) / 4],
      tolerance.value,
    );
    checkDerivatives((x) => engine.softmaxCrossEntropy(x as Tensor2D, labels), [logits]);
    const weights = tf.tensor1d([1, 0, 2, -1]);
    checkDerivatives((x) => engine.softmaxCrossEntropy(x as Tensor2D, labels, weights), [logits]);
  });

  it("linearSoftmaxCrossEntropy is softmaxCrossEntropy of the scores", () => {
    const labels = tf.tensor1d([5, 0, 2, 2], "int32");
    const inputs = [normal([4, 3]), normal([6, 3], 2), normal([6], 3)];
    const weights = tf.tensor1d([1, 0, 2, -1]);
    for (const given of [undefined, weights]) {
      const fused = (x: Tensor, weight: Tensor, bias: Tensor) =>
        engine.linearSoftmaxCrossEntropy(
          x as Tensor2D,
          { weight: weight as Tensor2D, bias: bias as Tensor1D },
          labels,
          given,
        );
      const plain = (x: Tensor, weight: Tensor, bias: Tensor) =>
        engine.softmaxCrossEntropy(tf.add(tf.matMul(x, weight, false, true), bias) as Tensor2D, labels, given);
      const [x, weight, bias] = inputs;
      expectClose(values(fused(x, weight, bias)), values(plain(x, weight, bias)), tolerance.value);
      checkDerivatives(fused, inputs);
      checkDerivatives((...all) => tf.mul(fused(all[0], all[1], all[2]), 0.5), inputs);
    }
  });

  it("layerNorm", () => {
    const [x, gain, bias] = [normal([2, 3, 5]), normal([5], 2), normal([5], 3)];
    const f = (a: Tensor, b: Tensor, c: Tensor) => weighted(engine.layerNorm(a, b as Tensor1D, c as Tensor1D, 0.1));
    checkDerivatives(f, [x, gain, bias]);
    const rows = tf.moments(engine.layerNorm(x, tf.ones([5]), tf.zeros([5])), -1);
    expectClose(values(rows.variance), Array<number>(6).fill(1), { relative: 1e-4, absolute: 0 });
  });

  it("gru", () => {
    const [width, inputs, batch, length] = [3, 4, 2, 3];
    const shapes = [[length * batch, inputs], [inputs, 3 * width], [3 * width], [width, 3 * width], [3 * width]];
    const f = (...x: Tensor[]) => {
      const [input, inputBias, state, stateBias] = x.slice(1);
      const weights = { input, inputBias, state, stateBias } as GruWeights;
      return weighted(engine.gru(x[0] as Tensor2D, weights, batch));
    };
    checkDerivatives(
      f,
      shapes.map((shape, n) => normal(shape, n, 0.5)),
    );
  });

  it("gru does not let one sequence see another, or the past see the future", () => {
    const weights = { input: normal([2, 9]), inputBias: normal([9]), state: normal([3, 9]), stateBias: normal([9]) };
    const run = (x: Tensor) => values(engine.gru(x as Tensor2D, weights as GruWeights, 2)).slice();
    const x = normal([6, 2]);
    const changed = tf.tensor2d(
      values(x).map((value, k) => (k === 7 ? value + 1 : value)),
      [6, 2],
    ); // step 1 of sequence 1
    const [before, after] = [run(x), run(changed)];
    const differs = Array.from({ length: 6 }, (_, row) =>
      before.slice(3 * row, 3 * row + 3).some((v, j) => v !== after[3 * row + j]),
    );
    expect(differs).toEqual([false, false, false, true, false, true]);
  });

  it("sparse products", () => {
    const sparse = {
      pointers: Int32Array.of(0, 2, 2, 3),
      columns: Int32Array.of(1, 3, 0),
      values: Float32Array.of(2, -1, 0.5),
    };
    const matrix = engine.sparse(sparse, 4);
    const dense = tf.tensor2d([0, 2, 0, -1, 0, 0, 0, 0, 0.5, 0, 0, 0], [3, 4]);
    const x = normal([4, 5]) as Tensor2D;
    expectClose(values(matrix.times(x)), values(tf.matMul(dense, x)), tolerance.value);
    checkDerivatives((y) => weighted(tf.tanh(matrix.times(y as Tensor2D))), [x]);
    expect(() => engine.sparse(sparse, 3)).toThrow(/from 0 to 2/);
    matrix.dispose();
  });
});

it("adam moves variables as the library's own does, and leaves the gradient as it was", () => {
  const start = normal([3, 5]);
  const [ours, theirs] = [tf.variable(start), tf.variable(start)];
  const [adam, reference] = [engine.adam([ours], { learningRate: 0.01 }), tf.train.adam(0.01, 0.9, 0.999, 1e-8)];
  for (let n = 0; n < 20; n++) {
    const gradient = normal([3, 5], n);
    const before = values(gradient).slice();
    adam.apply({ [ours.name]: gradient });
    reference.applyGradients([{ name: theirs.name, tensor: gradient }]);
    expect(values(gradient)).toEqual(before);
  }
  adam.apply({});
  expect(values(start)).toEqual(values(normal([3, 5])));
  expectClose(values(ours), values(theirs), { relative: 1e-5, absolute: 1e-5 });
  adam.dispose();
  reference.dispose();
  tf.dispose([ours, theirs]);
});

it("transposed turns rows into columns", () => {
  const turned = transposed(
    { pointers: Int32Array.of(0, 2, 2, 3), columns: Int32Array.of(1, 3, 0), values: Float32Array.of(2, -1, 0.5) },
    4,
  );
  expect([...turned.pointers]).toEqual([0, 1, 2, 2, 3]);
  expect([...turned.columns]).toEqual([2, 0, 0]);
  expect([...turned.values]).toEqual([0.5, 2, -1]);
});

it("a training step leaves no tensor behind, however the heap grows", () => {
  const table = tf.variable(normal([50, 8]));
  const ids = tf.tensor1d(
    Array.from({ length: 60 }, (_, k) => (7 * k) % 50),
    "int32",
  );
  const weights = { input: normal([8, 24]), inputBias: normal([24]), state: normal([8, 24]), stateBias: normal([24]) };
  const step = () => {
    const { value, grads } = tf.variableGrads(() => {
      const states = engine.gru(tf.gather(table, ids) as Tensor2D, weights as GruWeights, 6);
      return engine.softmaxCrossEntropy(tf.matMul(states, table, false, true) as Tensor2D, ids);
    });
    const loss = values(value)[0];
    tf.dispose([value, grads]);
    return loss;
  };
  const loss = step();
  const before = tf.memory().numTensors;
  const large = tf.zeros([8_000_000]); // makes the heap grow
  expect(step()).toBe(loss);
  large.dispose();
  expect(step()).toBe(loss);
  expect(tf.memory().numTensors).toBe(before);
  table.dispose();
});
