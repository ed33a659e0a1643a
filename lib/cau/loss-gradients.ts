import type { Tensor1D, Tensor2D } from "@tensorflow/tfjs";
import type { LinearClassifier, TensorLibrary } from "../engine";

/** The losses, in the order of equation 1. */
export const lossNames = ["unlearning", "recommendation", "kl"] as const;

/** What the output layer reads, and the layer. */
export interface OutputPass {
  /** `[samples, width]` */
  readonly states: Tensor2D;
  readonly layer: LinearClassifier;
}

/** The gradient of one loss by what its output layer reads and by the layer. */
export interface OutputGradient {
  /** `[samples, width]` */
  readonly states: Tensor2D;
  /** `[classes, width]` */
  readonly weight: Tensor2D;
  /** `[classes]` */
  readonly bias: Tensor1D;
}

/** The three losses of some samples and their gradients, in the order of `lossNames`. */
export interface LossGradients {
  /** `[3]` */
  readonly losses: Tensor1D;
  readonly gradients: readonly OutputGradient[];
}

/**
 * The losses of equation 1, means over the samples (one without a next item adds 0), and their gradients by equation 2. All are made of the
 * same few products: with p the probabilities now, q the original's, W the layer and h the states, these are p W and (p - q) W for the
 * states, p' h and (p - q)' h for the layer; the rest is rows picked or added up. At the original the KL gradient is exactly 0.
 *
 * @param target classes to forget, int32, `[samples]`
 * @param next the classes after them, of the first samples; the others have none, int32, `[with next]`
 */
export function lossGradients(
  tf: TensorLibrary,
  present: OutputPass,
  original: OutputPass,
  target: Tensor1D,
  next: Tensor1D,
): LossGradients {
  const { states, layer } = present;
  const [[samples], [withNext]] = [states.shape, next.shape];
  const h: Tensor2D = tf.div(states, samples); // for means, before anything is as large as the layer
  const [now, before] = [predicted(tf, present), predicted(tf, original)];
  const moved: Tensor2D = tf.sub(now.p, before.p);
  const expected: Tensor2D = tf.matMul(now.p, layer.weight);
  const first = layerSums(tf, head(tf, now.p, withNext), head(tf, h, withNext), samples);
  const others = layerSums(tf, tail(tf, now.p, withNext), tail(tf, h, withNext), samples);

  const awayFromTarget: Tensor2D = tf.sub(tf.gather(layer.weight, target), expected);
  const towardsNext: Tensor2D = tf.sub(head(tf, expected, withNext), tf.gather(layer.weight, next));
  const back: Tensor2D = tf.matMul(moved, layer.weight);
  return {
    losses: tf.div(
      tf.stack([tf.sum(logAt(tf, now, target)), tf.neg(tf.sum(logAt(tf, now, next))), divergence(tf, before, now)]),
      samples,
    ),
    gradients: [
      {
        states: tf.div(awayFromTarget, samples),
        ...minus(tf, minus(tf, atClasses(tf, target, h, layer, samples), first), others),
      },
      {
        states: tf.pad(tf.div(towardsNext, samples) as Tensor2D, [[0, samples - withNext], [0, 0]]), // prettier-ignore
        ...minus(tf, first, atClasses(tf, next, head(tf, h, withNext), layer, samples)),
      },
      { states: tf.div(back, samples), ...layerSums(tf, moved, h, samples) },
    ],
  };
}

/** What some states foretell. */
interface Predicted {
  readonly logits: Tensor2D;
  /** softmax of the logits */
  readonly p: Tensor2D;
  /** log of the sum of exp(logits), `[samples]` */
  readonly normaliser: Tensor1D;
}

function predicted(tf: TensorLibrary, { states, layer }: OutputPass): Predicted {
  const logits = tf.add(tf.matMul(states, layer.weight, false, true), layer.bias) as Tensor2D;
  const p = tf.softmax(logits);
  // of the likeliest class, whose probability cannot underflow
  const normaliser = tf.sub(tf.max(logits, 1), tf.log(tf.max(p, 1))) as Tensor1D;
  return { logits, p, normaliser };
}

/** log p of one class each, of the first samples. */
function logAt(tf: TensorLibrary, { logits, normaliser }: Predicted, classes: Tensor1D): Tensor1D {
  const [count] = classes.shape;
  const width = logits.shape[1];
  const places = tf.add(tf.mul(tf.range(0, count, 1, "int32"), tf.scalar(width, "int32")), classes);
  return tf.sub(tf.gather(tf.reshape(logits, [-1]), tf.cast(places, "int32")), tf.slice(normaliser, 0, count));
}

/** The sum of KL(q ‖ p) over the samples. */
function divergence(tf: TensorLibrary, q: Predicted, p: Predicted) {
  const surprise = tf.sum(tf.mul(q.p, tf.sub(q.logits, p.logits)));
  return tf.add(surprise, tf.sum(tf.sub(p.normaliser, q.normaliser)));
}

type LayerSums = Pick<OutputGradient, "weight" | "bias">;

/** p' h, and the columns of p added up and divided by the number of samples, as h is. */
function layerSums(tf: TensorLibrary, p: Tensor2D, h: Tensor2D, samples: number): LayerSums {
  const shares: Tensor2D = tf.fill([1, p.shape[0]], 1 / samples);
  return { weight: tf.matMul(p, h, true, false), bias: tf.reshape(tf.matMul(shares, p), [-1]) };
}

/** The states added up by class, and for the bias the share of samples of each. */
function atClasses(
  tf: TensorLibrary,
  classes: Tensor1D,
  h: Tensor2D,
  { bias }: LinearClassifier,
  samples: number,
): LayerSums {
  const [count] = bias.shape;
  return {
    weight: tf.unsortedSegmentSum(h, classes, count),
    bias: tf.unsortedSegmentSum(tf.fill([classes.shape[0]], 1 / samples), classes, count),
  };
}

function minus(tf: TensorLibrary, a: LayerSums, b: LayerSums): LayerSums {
  return { weight: tf.sub(a.weight, b.weight), bias: tf.sub(a.bias, b.bias) };
}

function head(tf: TensorLibrary, x: Tensor2D, rows: number): Tensor2D {
  return tf.slice(x, [0, 0], [rows, -1]);
}

function tail(tf: TensorLibrary, x: Tensor2D, rows: number): Tensor2D {
  return tf.slice(x, [rows, 0], [-1, -1]);
}
