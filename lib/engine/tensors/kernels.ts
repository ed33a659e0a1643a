import { EngineError } from "../../core";
import type { KernelConfig, NamedAttrMap, Tensor, TensorInfo } from "@tensorflow/tfjs-core";
import type { TensorLibrary } from "./library";
import type { TensorMemory } from "./memory";

/** A kernel of ours: what it makes of its inputs, or `undefined` where the backend's own is to do it. */
type Kernel = (inputs: Record<string, TensorInfo>, attributes: NamedAttrMap) => TensorInfo | undefined;

/**
 * Puts our operations in the place of kernels that the tensor library lacks, gets wrong or does slowly:
 *
 * - UnsortedSegmentSum, the gradient of gather: missing on wasm, so that no embedding could be trained; hours on cpu.
 * - BatchMatMul on wasm: with a transpose or batches it is a scalar loop, and it caches weights by tensor, so that a
 *   weight changed in place gives stale products.
 * - _FusedMatMul on wasm: adds the bias once per block of the inner axis, so its products are wrong.
 * - GatherV2 on wasm: row by row through a general index, a hundred times slower than copying rows.
 * - Sum and Mean over leading axes: naive float32 sums drift.
 * - Identity on wasm: copies whatever a gradient keeps, where sharing does.
 */
export function installKernels(tf: TensorLibrary, memory: TensorMemory): void {
  replaceKernel(tf, "UnsortedSegmentSum", segmentSumKernel(tf, memory));
  if (tf.getBackend() !== "wasm") return;
  replaceKernel(tf, "BatchMatMul", matMulKernel(tf, memory));
  replaceKernel(tf, "_FusedMatMul", fusedMatMulKernel(tf));
  replaceKernel(tf, "GatherV2", gatherRowsKernel(tf, memory));
  replaceKernel(tf, "Identity", ({ x }) => memory.share(x));
  replaceKernel(
    tf,
    "Sum",
    leadingSumKernel(tf, memory, () => 1),
  );
  replaceKernel(
    tf,
    "Mean",
    leadingSumKernel(tf, memory, (rows) => 1 / rows),
  );
}

function replaceKernel(tf: TensorLibrary, kernelName: string, kernel: Kernel): void {
  const backendName = tf.getBackend();
  const stock: KernelConfig | undefined = tf.getKernel(kernelName, backendName);
  if (stock !== undefined) tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({
    kernelName,
    backendName,
    kernelFunc: (call) => {
      const made = kernel(call.inputs as Record<string, TensorInfo>, call.attrs ?? {});
      if (made !== undefined) return made;
      if (stock === undefined)
        throw new EngineError(`${kernelName} cannot be computed for these inputs on ${backendName}`);
      return stock.kernelFunc(call);
    },
  });
}

function segmentSumKernel(tf: TensorLibrary, memory: TensorMemory): Kernel {
  return ({ x, segmentIds }, { numSegments }) => {
    const width = tf.util.sizeFromShape(x.shape) / Math.max(1, tf.util.sizeFromShape(segmentIds.shape));
    const segments = numSegments as number;
    const shape = [segments, ...x.shape.slice(segmentIds.shape.length)];
    if (x.dtype !== "float32") return undefined;
    const out = memory.make(shape);
    if (width === 0 || segments === 0) memory.floats(out).fill(0);
    else memory.operations.segmentSum(memory.floats(x), memory.integers(segmentIds), width, memory.floats(out));
    return out;
  };
}

/** Rows along the first axis; ids out of range are left to the backend, which knows what to say. */
function gatherRowsKernel(tf: TensorLibrary, memory: TensorMemory): Kernel {
  return ({ x, indices }, { axis, batchDims }) => {
    const plain = (axis ?? 0) === 0 && (batchDims ?? 0) === 0 && indices.dtype === "int32" && x.shape.length > 0;
    if (x.dtype !== "float32" || !plain) return undefined;
    const width = tf.util.sizeFromShape(x.shape.slice(1));
    if (!memory.integers(indices).every((row) => row >= 0 && row < x.shape[0])) return undefined;
    const out = memory.make([...indices.shape, ...x.shape.slice(1)]);
    const [rows, from, to] = [memory.integers(indices), memory.floats(x), memory.floats(out)];
    for (let k = 0; k < rows.length; k++) to.set(from.subarray(rows[k] * width, (rows[k] + 1) * width), k * width);
    return out;
  };
}

function matMulKernel(tf: TensorLibrary, memory: TensorMemory): Kernel {
  return ({ a, b }, attributes) => {
    const [transposeA, transposeB] = [attributes["transposeA"] === true, attributes["transposeB"] === true];
    const [batchA, batchB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
    const [countA, countB] = [tf.util.sizeFromShape(batchA), tf.util.sizeFromShape(batchB)];
    const fits = countA === countB || countA === 1 || countB === 1;
    if (a.dtype !== "float32" || b.dtype !== "float32" || !fits) return undefined;
    const [heightA, widthA] = a.shape.slice(-2);
    const [heightB, widthB] = b.shape.slice(-2);
    const [rows, inner] = transposeA ? [widthA, heightA] : [heightA, widthA];
    const columns = transposeB ? heightB : widthB;
    const out = memory.make([...(countA >= countB ? batchA : batchB), rows, columns]);
    const sizes = { rows, inner, columns, batches: Math.max(countA, countB), transposeA, transposeB };
    memory.operations.matMul({ a: memory.floats(a), b: memory.floats(b), out: memory.floats(out), ...sizes });
    return out;
  };
}

/** matMul, then bias, then activation, each on its own. */
function fusedMatMulKernel(tf: TensorLibrary): Kernel {
  return (inputs, { transposeA, transposeB, activation, leakyreluAlpha }) => {
    const { a, b, bias, preluActivationWeights: slopes } = inputs as Record<string, Tensor>;
    const activate: Record<string, (x: Tensor) => Tensor> = {
      linear: (x) => x,
      relu: tf.relu,
      relu6: tf.relu6,
      elu: tf.elu,
      sigmoid: tf.sigmoid,
      prelu: (x) => tf.prelu(x, slopes),
      leakyrelu: (x) => tf.leakyRelu(x, leakyreluAlpha as number),
    };
    return tf.tidy(() => {
      const product = tf.matMul(a, b, transposeA === true, transposeB === true);
      return activate[activation as string](bias === undefined ? product : tf.add(product, bias));
    });
  };
}

function leadingSumKernel(tf: TensorLibrary, memory: TensorMemory, factor: (rows: number) => number): Kernel {
  return ({ x }, { axis, keepDims }) => {
    const axes = tf.util.parseAxisParam(axis as number | number[], x.shape);
    const leading = axes.length > 0 && axes.every((value, n) => value === n);
    if (x.dtype !== "float32" || !leading) return undefined;
    const rest = x.shape.slice(axes.length);
    const width = tf.util.sizeFromShape(rest);
    if (width === 0) return undefined;
    const out = memory.make(keepDims === true ? [...axes.map(() => 1), ...rest] : rest);
    const sums = memory.floats(out);
    memory.operations.columnSum(memory.floats(x), width, sums);
    const scale = factor(tf.util.sizeFromShape(x.shape) / width);
    if (scale !== 1) for (let j = 0; j < width; j++) sums[j] *= scale;
    return out;
  };
}
