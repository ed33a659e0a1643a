import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join, sep } from "node:path";
import type { Scalar, Tensor, Tensor1D, Tensor2D, Variable } from "@tensorflow/tfjs-core";
import { buildRemedy, EngineError, libFolder } from "../core";
import type { AdamOptions } from "./adam";
import { withOpenBlas } from "./blas/operations";
import { engineName, type EngineName } from "./engine";
import { nativeLibrary } from "./native/locate";
import { offerInstalled } from "./native/measured";
import type { SparseRows } from "./operations";
import {
  cpuTensorMemory,
  gru,
  type GruWatch,
  type GruWeights,
  innerProduct,
  installKernels,
  layerNorm,
  type LinearClassifier,
  linearSoftmaxCrossEntropy,
  logSoftmax,
  record,
  type Recording,
  repairSecondOrder,
  rowCrossEntropies,
  type RowCrossEntropies,
  softmaxCrossEntropy,
  type SparseTensor,
  sparseTensor,
  type TensorAdam,
  tensorAdam,
  type TensorLibrary,
  type TensorMemory,
  wasmTensorMemory,
  weightedSum,
} from "./tensors";

/** TensorFlow.js on the engine in use, and what it lacks: our fused functions, each right in gradients of any order. */
export interface TensorEngine {
  readonly name: EngineName;
  readonly tf: TensorLibrary;
  /** Adam over variables, in one pass over each; dispose of it. */
  adam(variables: readonly Variable[], options?: Partial<AdamOptions>): TensorAdam;
  /**
   * A gated recurrent unit over a batch of sequences, from a state of zeros, gates as in PyTorch.
   *
   * @param x time-major: row t batch + b is step t of sequence b, `[length x batch, inputs]`
   * @param watch sees the sums of the gates; slower, for it leaves the fused form
   * @returns the state after every step, in the same order, `[length x batch, width]`
   */
  gru(x: Tensor2D, weights: GruWeights, batch: number, watch?: GruWatch): Tensor2D;
  /** The sum of a b over all elements. `a`, `b`: of one shape */
  innerProduct(a: Tensor, b: Tensor): number;
  /** (x - mean) / sqrt(variance + epsilon) gain + bias over the last axis. `epsilon` is 1e-8 by default */
  layerNorm<T extends Tensor>(x: T, gain: Tensor1D, bias: Tensor1D, epsilon?: number): T;
  /**
   * `softmaxCrossEntropy` of the scores states W' + b, without further copies of the matrix of rows x classes.
   *
   * @param states `[rows, width]`
   * @param labels int32, `[rows]`
   * @param weights `[rows]`; by default 1 / rows each, which gives the mean
   */
  linearSoftmaxCrossEntropy(
    states: Tensor2D,
    classifier: LinearClassifier,
    labels: Tensor1D,
    weights?: Tensor1D,
  ): Scalar;
  /** log(softmax(x)) over the last axis; unlike `tf.logSoftmax` right in gradients of gradients. */
  logSoftmax<T extends Tensor>(logits: T): T;
  /** Records a pass, so that several gradients can be taken of it. `inputs`: what they are taken by */
  record(inputs: readonly Tensor[], pass: () => Tensor[]): Recording;
  /**
   * The cross-entropy of softmax of each row over a whole catalogue, and its gradient by the logits; not itself
   * differentiable.
   *
   * @param logits `[rows, classes]`
   * @param labels int32, `[rows]`
   */
  rowCrossEntropies(logits: Tensor2D, labels: Tensor1D): RowCrossEntropies;
  /**
   * The weighted sum of the cross-entropies of softmax over a whole catalogue.
   *
   * @param logits `[rows, classes]`
   * @param labels int32, `[rows]`
   * @param weights `[rows]`; by default 1 / rows each, which gives the mean
   */
  softmaxCrossEntropy(logits: Tensor2D, labels: Tensor1D, weights?: Tensor1D): Scalar;
  /** A sparse matrix of so many columns that tensors can be multiplied by; dispose of it. */
  sparse(rows: SparseRows, columns: number): SparseTensor;
  /** The sum of `tensors`, of one shape, each times its weight; not differentiable. */
  weightedSum(tensors: readonly Tensor[], weights: ArrayLike<number>): Tensor;
}

/** Not `import()`: its reading of CommonJS exports takes longer than the library itself. */
const requireModule = createRequire(__filename);

let loading: Promise<TensorEngine> | undefined;

/**
 * Loads TensorFlow.js on the engine in use (`RECSYS_ENGINE`), once. This is the only place that names a backend; it is
 * loaded only when tensors are asked for, since closed forms do without.
 *
 * @throws EngineError when the engine that is asked for is not installed
 * @example
 * const { tf } = await tensorEngine(); // TensorFlow.js, on the backend that is in use
 */
export function tensorEngine(): Promise<TensorEngine> {
  loading ??= load(engineName());
  return loading;
}

async function load(name: EngineName): Promise<TensorEngine> {
  if ((process.env["RECSYS_ENGINE"] || "auto") === "auto") await offerInstalled();
  const tf = name === "tensorflow" ? nativeLibrary() : (requireModule("@tensorflow/tfjs") as TensorLibrary);
  tf.env().set("PROD", true); // no banner on stderr
  const memory = await start(tf, name);
  repairSecondOrder(tf);
  if (memory !== undefined) installKernels(tf, memory);
  return {
    name,
    tf,
    adam: (variables, options) => tensorAdam(tf, memory, variables, options),
    gru: (x, weights, batch, watch) => gru(tf, memory, x, weights, batch, watch),
    innerProduct: (a, b) => innerProduct(tf, memory, a, b),
    layerNorm: (x, gain, bias, epsilon = 1e-8) => layerNorm(tf, memory, x, gain, bias, epsilon),
    linearSoftmaxCrossEntropy: (states, classifier, labels, weights) =>
      linearSoftmaxCrossEntropy(tf, memory, states, classifier, labels, weights),
    logSoftmax: (logits) => logSoftmax(tf, logits),
    record: (inputs, pass) => record(tf, inputs, pass),
    rowCrossEntropies: (logits, labels) => rowCrossEntropies(tf, memory, logits, labels),
    softmaxCrossEntropy: (logits, labels, weights) => softmaxCrossEntropy(tf, memory, logits, labels, weights),
    sparse: (rows, columns) => sparseTensor(tf, memory, rows, columns),
    weightedSum: (tensors, weights) => weightedSum(tf, memory, tensors, weights),
  };
}

/**
 * Takes off what a library listens to while it loads: Emscripten's code throws every rejection that nobody awaits, from
 * anywhere in the process, as an exception.
 */
async function withoutListeners(load: () => Promise<void>): Promise<void> {
  const events = ["uncaughtException", "unhandledRejection"] as const;
  const before = new Map(events.map((event) => [event, process.rawListeners(event)]));
  await load();
  for (const event of events)
    for (const listener of process.rawListeners(event))
      if (!before.get(event)!.includes(listener)) process.removeListener(event, listener as () => void);
}

/** Of the tensor library's module for wasm, what is not registered with the library. */
interface WasmBackendModule {
  setWasmPaths(folder: string): void;
}

/** With a shared heap, which `npm run build` makes of the library's own: all threads work on its tensors. */
async function startWasm(tf: TensorLibrary): Promise<void> {
  const folder = join(libFolder(), "dist", "engine");
  const where = join(folder, "tfjs-backend-wasm-simd.wasm");
  if (!existsSync(where)) throw new EngineError("the tensor backend is not built", { where, remedy: buildRemedy() });
  await withoutListeners(async () => {
    (requireModule("@tensorflow/tfjs-backend-wasm") as WasmBackendModule).setWasmPaths(folder + sep);
    await tf.setBackend("wasm");
  });
}

/** Starts the backend of an engine; returns its memory where that can be reached. */
async function start(tf: TensorLibrary, name: EngineName): Promise<TensorMemory | undefined> {
  switch (name) {
    case "wasm":
    case "blas":
      await startWasm(tf);
      return wasmTensorMemory(tf, name === "blas" ? withOpenBlas : undefined);
    case "cpu":
      await tf.setBackend("cpu");
      return cpuTensorMemory(tf);
    case "tensorflow":
      await tf.setBackend("tensorflow");
      return undefined;
  }
}
