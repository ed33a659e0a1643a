import type { Tensor1D, Tensor2D } from "@tensorflow/tfjs-core";
import { Random } from "recsys-unlearning/core";
import {
  Adam,
  createWorkspace,
  engineName,
  operations,
  type SparseRows,
  tensorEngine,
  type Workspace,
} from "recsys-unlearning/engine";
import { Propagation } from "recsys-unlearning/models";
import type { Benchmark } from "../benchmark";
import { watchMemory } from "../memory";
import { least } from "./least";
import { peakGigaflops, readGigabytes } from "./machine-limits";
import { torchTimes } from "./torch";

/** What a row's work amounts to at least; the larger of the two shares of the machine is the one that binds. */
interface Amount {
  /** Floating-point multiplications and additions. */
  readonly flops?: number;
  /** Bytes read; writes go on beside them. */
  readonly bytes?: number;
  /** Bytes of all arrays together, which decides where they lie; by default `bytes`. */
  readonly footprint?: number;
}

/**
 * How near a time in milliseconds comes to what the engine's threads can do at all. No share where the operation is
 * another engine's than wasm: the limits are those of WebAssembly's vectors.
 */
async function limitShare(amount: Amount, ms: number): Promise<{ limitShare?: number }> {
  const { flops = 0, bytes = 0, footprint = bytes } = amount;
  if (flops > 0 && engineName() !== "wasm") return {};
  const computing = flops === 0 ? 0 : flops / (await peakGigaflops()) / 1e6;
  const moving = bytes === 0 ? 0 : bytes / (await readGigabytes(footprint)) / 1e6;
  return { limitShare: Math.max(computing, moving) / ms };
}

/** A row over the operations: `prepare` makes the arrays and returns one step. */
function row(name: string, what: string, amount: Amount, prepare: (room: Workspace) => () => unknown): Benchmark {
  const run = async () => {
    const room = createWorkspace();
    try {
      const { value: ours, megabytes } = await watchMemory(() => least(prepare(room)));
      return { ours, megabytes, ...(await torchTimes(name)), ...(await limitShare(amount, ours)) };
    } finally {
      room.dispose();
    }
  };
  return { name, what, unit: "ms", run };
}

const random = Random.fromSeed(1);
const normal = (room: Workspace, length: number) => random.fillNormal(room.float32(length), 0.1);
const ids = (room: Workspace, length: number, bound: number) =>
  room.copyOf(Int32Array.from({ length }, () => random.integer(bound)));

/** CSR pointers of so many rows that share the entries at random. */
function pointers(room: Workspace, rows: number, entries: number): Int32Array {
  const counts = room.int32(rows + 1);
  for (let k = 0; k < entries; k++) counts[random.integer(rows) + 1]++;
  for (let r = 0; r < rows; r++) counts[r + 1] += counts[r];
  return counts;
}

export const mfStep = row(
  "mf-step",
  "one MF training step: 2,048 rows, 40,000 embeddings of 48, dense Adam",
  { bytes: 4 * 4 * 40_000 * 48 },
  (room) => {
    const [users, width, rows] = [25_000, 48, 2048];
    const all = normal(room, 40_000 * width);
    const adam = new Adam(room, all);
    const batch = {
      ...{ p: all.subarray(0, users * width), q: all.subarray(users * width), width },
      ...{ user: ids(room, rows, users), item: ids(room, rows, 15_000) },
      ...{ label: room.float32(rows), residual: room.float32(rows), scale: 1 / rows, penalty: 0 },
      ...{ gradientP: adam.gradient.subarray(0, users * width), gradientQ: adam.gradient.subarray(users * width) },
    };
    return () => {
      operations().mfLossGradient(batch);
      adam.step();
    };
  },
);

export const mfHvp = row(
  "mf-hvp",
  "one Hessian-vector product of MF: 300,000 rows, 9,746 embeddings of 48 (PyTorch: double backward, graph retained)",
  { flops: 300_000 * 48 * 12 },
  (room) => {
    const [users, items, rows, width] = [6040, 3706, 300_000, 48];
    const problem = {
      ...{ userPointers: pointers(room, users, rows), item: ids(room, rows, items) },
      ...{ residual: normal(room, rows), curvature: normal(room, rows) },
      ...{ p: normal(room, users * width), q: normal(room, items * width), width },
    };
    const [a, b] = [normal(room, users * width), normal(room, items * width)];
    const [outP, outQ] = [room.float32(a.length), room.float32(b.length)];
    return () => operations().mfHessianVectorProduct(problem, a, b, outP, outQ);
  },
);

export const spmm = row(
  "spmm",
  "sparse times dense: 600,000 entries, 9,746 rows and columns, width 48 (PyTorch: the faster of COO and CSR)",
  { flops: 2 * 600_000 * 48 },
  (room) => {
    const [size, entries, width] = [9746, 600_000, 48];
    const matrix: SparseRows = {
      pointers: pointers(room, size, entries),
      columns: ids(room, entries, size),
      values: normal(room, entries),
    };
    const [dense, out] = [normal(room, size * width), room.float32(size * width)];
    return () => operations().spmm(matrix, dense, width, out);
  },
);

export const lightGcnStep = row(
  "lightgcn-step",
  "one LightGCN training step: 9,746 embeddings of 48, a graph of 600,000 entries, two layers, 2,048 rows, dense Adam " +
    "(PyTorch: the faster of COO and CSR)",
  { flops: 2 * 2 * 2 * 600_000 * 48 },
  (room) => {
    const [users, size, entries, width, rows] = [6040, 9746, 600_000, 48, 2048];
    const adjacency = {
      ...{ pointers: pointers(room, size, entries), columns: ids(room, entries, size) },
      values: room.float32(entries).fill(size / entries),
    };
    const propagation = new Propagation(room, adjacency, 2, width);
    const all = normal(room, size * width);
    const adam = new Adam(room, all);
    const [encoded, gradient, returned] = [0, 0, 0].map(() => room.float32(size * width));
    const batch = {
      ...{ p: encoded.subarray(0, users * width), q: encoded.subarray(users * width), width },
      ...{ user: ids(room, rows, users), item: ids(room, rows, size - users) },
      ...{ label: room.float32(rows), residual: room.float32(rows), scale: 1 / rows, penalty: 0 },
      ...{ gradientP: gradient.subarray(0, users * width), gradientQ: gradient.subarray(users * width) },
    };
    return () => {
      propagation.apply(all, encoded);
      operations().mfLossGradient(batch);
      propagation.apply(gradient, returned);
      operations().axpy(1, returned, adam.gradient);
      gradient.fill(0);
      adam.step();
    };
  },
);

const gemm = (size: number) =>
  row(`gemm-${size}`, `matrix product, ${size} by ${size}`, { flops: 2 * size ** 3 }, (room) => {
    const [a, b, out] = [0, 0, 0].map(() => normal(room, size * size));
    return () => operations().matMul({ a, b, out, rows: size, inner: size, columns: size });
  });
export const gemm256 = gemm(256);
export const gemm512 = gemm(512);
export const gemm1024 = gemm(1024);

export const softmaxCrossEntropy = row(
  "softmax-cross-entropy",
  "softmax cross-entropy and its gradient, 256 rows of 12,000 classes",
  { bytes: 4 * 256 * 12_000, footprint: 2 * 4 * 256 * 12_000 },
  (room) => {
    const [rows, classes] = [256, 12_000];
    const [logits, gradient] = [normal(room, rows * classes), room.float32(rows * classes)];
    const [weights, losses] = [room.float32(rows).fill(1 / rows), room.float32(rows)];
    const labels = ids(room, rows, classes);
    return () => operations().softmaxCrossEntropy(logits, labels, weights, losses, gradient);
  },
);

export const layerNorm = row(
  "layer-norm",
  "layer normalisation and its gradients, 6,400 rows of 64",
  { bytes: 3 * 4 * 6400 * 64, footprint: 4 * 4 * 6400 * 64 },
  (room) => {
    const [rows, width] = [6400, 64];
    const [x, gradient, out, outX] = [0, 0, 0, 0].map(() => normal(room, rows * width));
    const [gain, bias, outGain, outBias] = [0, 0, 0, 0].map(() => normal(room, width));
    const norm = { x, gain, mean: room.float32(rows), inverseDeviation: room.float32(rows) };
    return () => {
      operations().layerNorm(norm, bias, 1e-5, out);
      operations().layerNormGradient(norm, gradient, outX, outGain, outBias);
    };
  },
);

export const columnSum = row("column-sum", "column sums, 5,120 rows of 192", { bytes: 4 * 5120 * 192 }, (room) => {
  const [x, out] = [normal(room, 5120 * 192), room.float32(192)];
  return () => operations().columnSum(x, 192, out);
});

export const topK = row("top-k", "the best 20 of 12,000, 256 rows", { bytes: 4 * 256 * 12_000 }, (room) => {
  const [x, columns, values] = [normal(room, 256 * 12_000), room.int32(256 * 20), room.float32(256 * 20)];
  return () => operations().topK(x, 12_000, 20, columns, values);
});

export const segmentSum = row(
  "segment-sum",
  "the gradient of gathering 40,960 rows of 64 out of 12,000",
  { bytes: 4 * 64 * (40_960 + 12_000) },
  (room) => {
    const [values, out] = [normal(room, 40_960 * 64), room.float32(12_000 * 64)];
    const segments = ids(room, 40_960, 12_000);
    return () => operations().segmentSum(values, segments, 64, out);
  },
);

export const adam = row("adam", "one Adam step of 1,440,000 parameters", { bytes: 4 * 4 * 1_440_000 }, (room) => {
  const optimizer = new Adam(room, normal(room, 1_440_000));
  optimizer.gradient.fill(1);
  return () => optimizer.step();
});

const gruFlops = 3 * 2 * (2 * 5120 * 64 * 192 + 256 * 64 * 3500);

export const gruStep: Benchmark = {
  name: "gru-step",
  what: "one GRU4Rec training step on tensors: 256 sequences of 20, width 64, 3,500 items, Adam",
  unit: "ms",
  async run() {
    const { tf, ...engine } = await tensorEngine();
    const [items, width, batch, length] = [3500, 64, 256, 20];
    const variable = (...shape: number[]) =>
      tf.variable(tf.tensor(random.fillNormal(new Float32Array(tf.util.sizeFromShape(shape)), 0.1), shape));
    const integers = (count: number) =>
      tf.tensor1d(
        Int32Array.from({ length: count }, () => random.integer(items)),
        "int32",
      );
    const embedding = variable(items, width);
    const weights = {
      input: variable(width, 3 * width) as unknown as Tensor2D,
      inputBias: variable(3 * width) as unknown as Tensor1D,
      state: variable(width, 3 * width) as unknown as Tensor2D,
      stateBias: variable(3 * width) as unknown as Tensor1D,
    };
    const [sequence, target] = [integers(length * batch), integers(batch)];
    const variables = [embedding, ...Object.values(weights)] as ReturnType<typeof variable>[];
    const optimizer = engine.adam(variables);
    const loss = () => {
      const states = engine.gru(tf.gather(embedding, sequence) as Tensor2D, weights, batch);
      const last = tf.slice(states, [(length - 1) * batch, 0], [batch, width]);
      return engine.softmaxCrossEntropy(tf.matMul(last, embedding as unknown as Tensor2D, false, true), target);
    };
    const step = () => {
      const { value, grads } = tf.variableGrads(loss);
      value.dataSync();
      optimizer.apply(grads);
      tf.dispose([value, grads]);
    };
    const { value: ours, megabytes } = await watchMemory(() => least(step));
    optimizer.dispose();
    tf.dispose([sequence, target, variables]);
    const share = await limitShare({ flops: gruFlops }, ours);
    return { ours, megabytes, ...(await torchTimes("gru-step")), ...share };
  },
};
