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
 * The losses of equation 1, each a mean over the samples it is defined for, and their gradients by equation 2: both are made of few
 * products, for all three losses are combinations of the same probabilities. With p and q those now and of the original, W the layer
 * and h the states, they are p W and q W for the states and p' h and q' h for the layer, beside rows that are picked or added up.
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
  const [samples, width] = states.shape;
  const withNext = next.shape[0];
  const [now, before] = [predicted(tf, present), predicted(tf, original)];
  const [expectedNow, expectedBefore] = [now, before].map(({ p }) => tf.matMul(p, layer.weight) as Tensor2D);
  const mean = 1 / samples;
  const scaled: Tensor2D = tf.mul(states, mean);
  const firstOf = (x: Tensor2D): Tensor2D => tf.slice(x, [0, 0], [withNext, -1]);
  const lastOf = (x: Tensor2D): Tensor2D => tf.slice(x, [withNext, 0], [samples - withNext, -1]);
  const first = layerSums(tf, firstOf(now.p), firstOf(scaled), mean);
  const all = withNext === samples ? first : plus(tf, first, layerSums(tf, lastOf(now.p), lastOf(scaled), mean));
  const held = layerSums(tf, before.p, scaled, mean);
  const rowsAt = (classes: Tensor1D): Tensor2D => tf.gather(layer.weight, classes);
  const classCount = layer.bias.shape[0];
  const towards = (classes: Tensor1D, h: Tensor2D) => ({
    weight: tf.unsortedSegmentSum(h, classes, classCount) as Tensor2D,
    bias: tf.unsortedSegmentSum(tf.fill([classes.shape[0]], mean), classes, classCount) as Tensor1D,
  });

  const unlearning = {
    states: tf.mul(tf.sub(rowsAt(target), expectedNow), mean) as Tensor2D,
    ...minus(tf, towards(target, scaled), all),
  };
  const share = withNext === 0 ? 0 : 1 / withNext;
  const layerGradient = minus(tf, first, towards(next, firstOf(scaled)));
  const recommendation = {
    states: tf.concat([
      tf.mul(tf.sub(firstOf(expectedNow), rowsAt(next)), share) as Tensor2D,
      tf.zeros([samples - withNext, width]) as Tensor2D,
    ]),
    weight: tf.mul(layerGradient.weight, share * samples) as Tensor2D,
    bias: tf.mul(layerGradient.bias, share * samples) as Tensor1D,
  };
  const kl = {
    states: tf.mul(tf.sub(expectedNow, expectedBefore), mean) as Tensor2D,
    ...minus(tf, all, held),
  };
  const losses = [
    tf.mean(logAt(tf, now, target)),
    tf.mul(tf.sum(logAt(tf, now, next)), -share),
    tf.mul(divergence(tf, before, now), mean),
  ];
  return { losses: tf.stack(losses) as Tensor1D, gradients: [unlearning, recommendation, kl] };
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

/** p' h and, for the bias, the columns of p times a number. */
function layerSums(tf: TensorLibrary, p: Tensor2D, h: Tensor2D, scale: number): LayerSums {
  const ones = tf.fill([1, p.shape[0]], scale) as Tensor2D;
  return { weight: tf.matMul(p, h, true, false), bias: tf.reshape(tf.matMul(ones, p), [-1]) as Tensor1D };
}

function plus(tf: TensorLibrary, a: LayerSums, b: LayerSums): LayerSums {
  return { weight: tf.add(a.weight, b.weight), bias: tf.add(a.bias, b.bias) };
}

function minus(tf: TensorLibrary, a: LayerSums, b: LayerSums): LayerSums {
  return { weight: tf.sub(a.weight, b.weight), bias: tf.sub(a.bias, b.bias) };
}
