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
 * The losses of equation 1, each a mean over the samples it is defined for, and their gradients by equation 2. All three are made of
 * the same few products: with p the probabilities now, q the original's, W the layer and h the states, these are p W and (p - q) W for the
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
  const { states: h, layer } = present;
  const [[samples], [withNext]] = [h.shape, next.shape];
  const share = withNext === 0 ? 0 : 1 / withNext;
  const [now, before] = [predicted(tf, present), predicted(tf, original)];
  const moved: Tensor2D = tf.sub(now.p, before.p);
  const expected: Tensor2D = tf.matMul(now.p, layer.weight);
  const first = layerSums(tf, head(tf, now.p, withNext), head(tf, h, withNext));
  const others = layerSums(tf, tail(tf, now.p, withNext), tail(tf, h, withNext));

  const unlearning = {
    states: tf.sub(tf.gather(layer.weight, target), expected) as Tensor2D,
    ...minus(tf, minus(tf, atClasses(tf, target, h, layer), first), others),
  };
  const towardsNext: Tensor2D = tf.sub(head(tf, expected, withNext), tf.gather(layer.weight, next));
  const recommendation = {
    states: tf.pad(towardsNext, [[0, samples - withNext], [0, 0]]), // prettier-ignore
    ...minus(tf, first, atClasses(tf, next, head(tf, h, withNext), layer)),
  };
  const kl = { states: tf.matMul(moved, layer.weight) as Tensor2D, ...layerSums(tf, moved, h) };
  const losses = [
    tf.mean(logAt(tf, now, target)),
    tf.mul(tf.sum(logAt(tf, now, next)), -share),
    tf.div(divergence(tf, before, now), samples),
  ];
  const gradients = [times(tf, unlearning, 1 / samples), times(tf, recommendation, share), times(tf, kl, 1 / samples)];
  return { losses: tf.stack(losses) as Tensor1D, gradients };
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

/** p' h, and the columns of p added up. */
function layerSums(tf: TensorLibrary, p: Tensor2D, h: Tensor2D): LayerSums {
  const ones: Tensor2D = tf.ones([1, p.shape[0]]);
  return { weight: tf.matMul(p, h, true, false), bias: tf.reshape(tf.matMul(ones, p), [-1]) };
}

/** The states added up by class, and how many there are of each. */
function atClasses(tf: TensorLibrary, classes: Tensor1D, h: Tensor2D, { bias }: LinearClassifier): LayerSums {
  const [count] = bias.shape;
  return {
    weight: tf.unsortedSegmentSum(h, classes, count),
    bias: tf.unsortedSegmentSum(tf.ones([classes.shape[0]]), classes, count),
  };
}

function minus(tf: TensorLibrary, a: LayerSums, b: LayerSums): LayerSums {
  return { weight: tf.sub(a.weight, b.weight), bias: tf.sub(a.bias, b.bias) };
}

function times(tf: TensorLibrary, { states, weight, bias }: OutputGradient, factor: number): OutputGradient {
  return { states: tf.mul(states, factor), weight: tf.mul(weight, factor), bias: tf.mul(bias, factor) };
}

function head(tf: TensorLibrary, x: Tensor2D, rows: number): Tensor2D {
  return tf.slice(x, [0, 0], [rows, -1]);
}

function tail(tf: TensorLibrary, x: Tensor2D, rows: number): Tensor2D {
  return tf.slice(x, [rows, 0], [-1, -1]);
}
