import type { Scalar, Tensor, Tensor1D, Tensor2D } from "@tensorflow/tfjs-core";
import { type FusedFunction, runFused } from "./fused";
import { detached } from "./gradients";
import type { TensorLibrary } from "./library";
import type { TensorMemory } from "./memory";

/** log(softmax(x)) over the last axis, right in gradients of any order. */
export function logSoftmax<T extends Tensor>(tf: TensorLibrary, logits: T): T {
  return tf.tidy(() => {
    const shifted = tf.sub(
      logits,
      detached(tf, logits, (x) => tf.max(x, -1, true)),
    );
    return tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), -1, true)));
  });
}

/**
 * The weighted sum of the cross-entropies of softmax over a whole catalogue: sum of weight (log(sum of exp(x_j)) -
 * x_label).
 *
 * @param logits x, `[rows, classes]`
 * @param labels int32, `[rows]`
 * @param weights `[rows]`; by default 1 / rows each, which gives the mean
 */
export function softmaxCrossEntropy(
  tf: TensorLibrary,
  memory: TensorMemory | undefined,
  logits: Tensor2D,
  labels: Tensor1D,
  weights?: Tensor1D,
): Scalar {
  const rows = logits.shape[0];
  const fused: FusedFunction<Scalar> = {
    composed: ([x], [ids, w]) => composed(tf, x, ids, w),
    forward({ operations, make, floats, integers }, [x], [ids, w]) {
      const [losses, gradient] = [make([rows]), make(x.shape)];
      operations.softmaxCrossEntropy(floats(x), integers(ids), floats(w), floats(losses), floats(gradient));
      return { value: tf.sum(tf.mul(losses, w)), saved: [gradient] };
    },
    backward: (_memory, dy, _inputs, [gradient]) => [tf.mul(gradient, dy)],
  };
  return tf.tidy(() => runFused(tf, memory, fused, [logits], [labels, weights ?? tf.fill([rows], 1 / rows)]));
}

/** What softmax cross-entropy gives row by row. */
export interface RowCrossEntropies {
  /** log(sum of exp(x_j)) - x_label, `[rows]` */
  readonly losses: Tensor1D;
  /** softmax(x) - onehot(label), the gradient of each row's loss by its logits, `[rows, classes]` */
  readonly gradients: Tensor2D;
}

/**
 * Cross-entropies of softmax and their gradients by the logits; not itself differentiable.
 *
 * @param logits x, `[rows, classes]`
 * @param labels int32, `[rows]`
 */
export function rowCrossEntropies(
  tf: TensorLibrary,
  memory: TensorMemory | undefined,
  logits: Tensor2D,
  labels: Tensor1D,
): RowCrossEntropies {
  const [rows, classes] = logits.shape;
  return tf.tidy(() => {
    if (memory === undefined) {
      const [logs, chosen] = [logSoftmax(tf, logits), tf.oneHot(labels, classes)];
      return {
        losses: tf.neg(tf.sum(tf.mul(logs, chosen), 1)) as Tensor1D,
        gradients: tf.sub(tf.exp(logs), chosen) as Tensor2D,
      };
    }
    const [losses, gradients] = [memory.make([rows]) as Tensor1D, memory.make([rows, classes]) as Tensor2D];
    const { operations, floats, integers } = memory;
    const ones = tf.ones([rows]);
    operations.softmaxCrossEntropy(floats(logits), integers(labels), floats(ones), floats(losses), floats(gradients));
    return { losses, gradients };
  });
}

function composed(tf: TensorLibrary, logits: Tensor, labels: Tensor, weights: Tensor): Tensor {
  const chosen = tf.oneHot(labels as Tensor1D, logits.shape[1] as number);
  return tf.neg(tf.sum(tf.mul(tf.sum(tf.mul(logSoftmax(tf, logits), chosen), 1), weights)));
}

/** What chooses among a catalogue by states: scores x W' + b. */
export interface LinearClassifier {
  /** W, `[classes, width]` */
  readonly weight: Tensor2D;
  /** b, `[classes]` */
  readonly bias: Tensor1D;
}

/**
 * The native form of `linearSoftmaxCrossEntropy`. The gradient by the logits is weight (p - e_label); its second part
 * is a row of W or of the states, so no matrix of ones and zeros is made.
 */
function nativeClassifier(tf: TensorLibrary): NonNullable<FusedFunction<Scalar>["native"]> {
  const rowsOf = (w: Tensor, ids: Tensor) => tf.gather(w, ids as Tensor1D);
  const scaled = (x: Tensor, rowWeights: Tensor) => tf.mul(x, tf.expandDims(rowWeights, 1));
  return {
    forward([x, w, b], [ids, rowWeights]) {
      const logits = tf.add(tf.matMul(x as Tensor2D, w as Tensor2D, false, true), b);
      const top = tf.max(logits, 1, true);
      const powers = tf.exp(tf.sub(logits, top));
      const sums = tf.sum(powers, 1, true);
      const wanted = tf.add(tf.sum(tf.mul(x, rowsOf(w, ids)), 1), rowsOf(b, ids));
      const losses = tf.sub(tf.squeeze(tf.add(tf.log(sums), top), [1]), wanted);
      const probabilities = tf.mul(powers, tf.div(tf.expandDims(rowWeights, 1), sums));
      return { value: tf.sum(tf.mul(losses, rowWeights)), saved: [probabilities] };
    },
    backward(dy, [x, w, b], [ids, rowWeights], [probabilities]) {
      const classes = w.shape[0] as number;
      const sumByLabel = (values: Tensor) => tf.unsortedSegmentSum(values, ids as Tensor1D, classes);
      const p = probabilities as Tensor2D;
      const outX = tf.sub(tf.matMul(p, w as Tensor2D), scaled(rowsOf(w, ids), rowWeights));
      const outW = tf.sub(tf.matMul(p, x as Tensor2D, true), sumByLabel(scaled(x, rowWeights)));
      const outB = tf.sub(tf.sum(p, 0), tf.reshape(sumByLabel(rowWeights), b.shape));
      return [outX, outW, outB].map((out) => tf.mul(out, dy));
    },
  };
}

/**
 * `softmaxCrossEntropy` of the scores states W' + b, in one matrix of rows x classes: no copy of it is made for the
 * bias, the gradient or the tape.
 *
 * @param states `[rows, width]`
 * @param labels int32, `[rows]`
 * @param weights `[rows]`; by default 1 / rows each, which gives the mean
 */
export function linearSoftmaxCrossEntropy(
  tf: TensorLibrary,
  memory: TensorMemory | undefined,
  states: Tensor2D,
  { weight, bias }: LinearClassifier,
  labels: Tensor1D,
  weights?: Tensor1D,
): Scalar {
  const [rows, width] = states.shape;
  const classes = weight.shape[0];
  const fused: FusedFunction<Scalar> = {
    composed: ([x, w, b], [ids, rowWeights]) => composed(tf, tf.add(tf.matMul(x, w, false, true), b), ids, rowWeights),
    forward({ operations, make, floats, integers }, [x, w, b], [ids, rowWeights]) {
      const [losses, made] = [make([rows]), make([rows, classes])];
      const logits = floats(made);
      const sizes = { rows, inner: width, columns: classes };
      operations.matMul({ a: floats(x), b: floats(w), out: logits, ...sizes, transposeB: true });
      operations.addToRows(logits, floats(b));
      operations.softmaxCrossEntropy(logits, integers(ids), floats(rowWeights), floats(losses), logits);
      return { value: tf.sum(tf.mul(losses, rowWeights)), saved: [made] };
    },
    backward({ operations, make, floats }, dy, [x, w, b], [made]) {
      const outs = [make(x.shape), make(w.shape), make(b.shape)];
      const [outX, outW, outB] = outs.map(floats);
      const gradient = floats(made);
      operations.matMul({ a: gradient, b: floats(w), out: outX, rows, inner: classes, columns: width });
      const sizes = { rows: classes, inner: rows, columns: width };
      operations.matMul({ a: gradient, b: floats(x), out: outW, ...sizes, transposeA: true });
      operations.columnSum(gradient, classes, outB);
      if (floats(dy)[0] === 1) return outs;
      const scaled = outs.map((out) => tf.mul(out, dy));
      tf.dispose(outs);
      return scaled;
    },
    native: nativeClassifier(tf),
  };
  return tf.tidy(() =>
    runFused(tf, memory, fused, [states, weight, bias], [labels, weights ?? tf.fill([rows], 1 / rows)]),
  );
}
