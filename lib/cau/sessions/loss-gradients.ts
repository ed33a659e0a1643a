import type { Tensor1D, Tensor2D } from "@tensorflow/tfjs-core";
import type { LinearClassifier, TensorEngine, TensorLibrary } from "../../engine";

/** What the output layer reads, and the layer. */
export interface OutputPass {
  /** `[samples, width]` */
  readonly states: Tensor2D;
  readonly layer: LinearClassifier;
}

/** What the original predicts, as far as the losses need it: it stays the same however often a sample is visited. */
export interface OriginalOutput {
  /** Probabilities, less 1 at the class to forget, `[samples, classes]`. */
  readonly shifted: Tensor2D;
  /** The entropy of the probabilities, `[samples]`. */
  readonly entropy: Tensor1D;
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
 * What the losses need of the original's output.
 *
 * @param target classes to forget, int32, `[samples]`
 * @example
 * const held = await gru.upload();
 * const states = sessionStates({ ...held, input: nextInput(gru.form, samples) });
 * const target = held.engine.tf.tensor1d(samples.target.map((item) => classOfItem(gru.form, item)), "int32");
 * const { entropy } = originalOutput(held.engine, { states, layer: sessionClassifier(held) }, target);
 * await entropy.data(); // in nats, one for each sample
 */
export function originalOutput(engine: TensorEngine, original: OutputPass, target: Tensor1D): OriginalOutput {
  const { logits, losses, shifted } = predicted(engine, original, target);
  return { shifted, entropy: engine.tf.sub(losses, along(engine.tf, shifted, logits)) };
}

/**
 * The losses of equation 1, means over the samples (one without a next item adds 0), and their gradients by equation 2.
 * All are made of the same few products: with p the probabilities now and q the original's, both less 1 at the class to
 * forget, W the layer and h the states, these are p W and (p - q) W for the states, p' h and (p - q)' h for the layer;
 * the rest is rows picked or added up. At the original the KL gradient is exactly 0.
 *
 * @param target classes to forget, int32, `[samples]`
 * @param next the classes after them, of the first samples; the others have none, int32, `[with next]`
 * @example
 * const { engine, ...held } = await gru.upload();
 * const states = sessionStates({ ...held, engine, input: nextInput(gru.form, samples) });
 * const pass = { states, layer: sessionClassifier({ ...held, engine }) };
 * const target = engine.tf.tensor1d(samples.target.map((item) => classOfItem(gru.form, item)), "int32");
 * const next = engine.tf.tensor1d([], "int32"); // no sample has one
 * const { losses } = lossGradients(engine, pass, originalOutput(engine, pass, target), target, next);
 */
export function lossGradients(
  engine: TensorEngine,
  present: OutputPass,
  original: OriginalOutput,
  target: Tensor1D,
  next: Tensor1D,
): LossGradients {
  const { tf } = engine;
  const { states, layer } = present;
  const [[samples], [withNext]] = [states.shape, next.shape];
  const h: Tensor2D = tf.div(states, samples); // for means, before anything is as large as the layer
  const { logits, losses, shifted: p } = predicted(engine, present, target);
  const moved: Tensor2D = tf.sub(p, original.shifted);
  const expected: Tensor2D = tf.matMul(p, layer.weight);
  const first = layerSums(tf, head(tf, p, withNext), head(tf, h, withNext), samples);
  const others = layerSums(tf, tail(tf, p, withNext), tail(tf, h, withNext), samples);

  const fromTarget: Tensor1D = tf.slice(target, 0, withNext);
  const rows = (classes: Tensor1D): Tensor2D => tf.gather(layer.weight, classes);
  const towardsNext: Tensor2D = tf.add(head(tf, expected, withNext), tf.sub(rows(fromTarget), rows(next)));
  const logOdds = tf.sub(at(tf, logits, fromTarget), at(tf, logits, next)); // of the target against the next item
  const divergence = tf.sub(tf.sub(losses, along(tf, original.shifted, logits)), original.entropy);
  const recommendation = tf.add(tf.sum(tf.slice(losses, 0, withNext)), tf.sum(logOdds));
  return {
    losses: tf.div(tf.stack([tf.neg(tf.sum(losses)), recommendation, tf.sum(divergence)]), samples),
    gradients: [
      { states: tf.div(expected, -samples), ...negated(tf, first, others) },
      {
        states: tf.pad(tf.div(towardsNext, samples) as Tensor2D, [[0, samples - withNext], [0, 0]]), // prettier-ignore
        ...added(tf, first, moves(tf, fromTarget, next, head(tf, h, withNext), layer, samples)),
      },
      { states: tf.div(tf.matMul(moved, layer.weight), samples), ...layerSums(tf, moved, h, samples) },
    ],
  };
}

/** What some states predict. */
interface Predicted {
  readonly logits: Tensor2D;
  /** -log p of the target, `[samples]` */
  readonly losses: Tensor1D;
  /** softmax of the logits, less 1 at the target */
  readonly shifted: Tensor2D;
}

function predicted(engine: TensorEngine, { states, layer }: OutputPass, target: Tensor1D): Predicted {
  const { tf } = engine;
  const logits = tf.add(tf.matMul(states, layer.weight, false, true), layer.bias) as Tensor2D;
  const { losses, gradients } = engine.rowCrossEntropies(logits, target);
  return { logits, losses, shifted: gradients };
}

/** One logit each, of the first samples. */
function at(tf: TensorLibrary, logits: Tensor2D, classes: Tensor1D): Tensor1D {
  const [count] = classes.shape;
  const width = logits.shape[1];
  const places = tf.add(tf.mul(tf.range(0, count, 1, "int32"), tf.scalar(width, "int32")), classes);
  return tf.gather(tf.reshape(logits, [-1]), tf.cast(places, "int32"));
}

/** Inner products row by row. */
function along(tf: TensorLibrary, a: Tensor2D, b: Tensor2D): Tensor1D {
  return tf.sum(tf.mul(a, b), 1);
}

type LayerSums = Pick<OutputGradient, "weight" | "bias">;

/** p' h, and the columns of p added up and divided by the number of samples, as h is. */
function layerSums(tf: TensorLibrary, p: Tensor2D, h: Tensor2D, samples: number): LayerSums {
  const shares: Tensor2D = tf.fill([1, p.shape[0]], 1 / samples);
  return { weight: tf.matMul(p, h, true, false), bias: tf.reshape(tf.matMul(shares, p), [-1]) };
}

/**
 * The states added up by the class they come from, less those by the class they go to; for the bias shares of samples.
 */
function moves(
  tf: TensorLibrary,
  from: Tensor1D,
  to: Tensor1D,
  h: Tensor2D,
  { bias }: LinearClassifier,
  samples: number,
): LayerSums {
  const [[count], [rows]] = [bias.shape, from.shape];
  const classes: Tensor1D = tf.concat([from, to]);
  const shares: Tensor1D = tf.concat([tf.fill([rows], 1 / samples), tf.fill([rows], -1 / samples)]);
  return {
    weight: tf.unsortedSegmentSum(tf.concat([h, tf.neg(h)]), classes, count),
    bias: tf.unsortedSegmentSum(shares, classes, count),
  };
}

function added(tf: TensorLibrary, a: LayerSums, b: LayerSums): LayerSums {
  return { weight: tf.add(a.weight, b.weight), bias: tf.add(a.bias, b.bias) };
}

/** -(a + b) */
function negated(tf: TensorLibrary, a: LayerSums, b: LayerSums): LayerSums {
  const { weight, bias } = added(tf, a, b);
  return { weight: tf.neg(weight), bias: tf.neg(bias) };
}

function head(tf: TensorLibrary, x: Tensor2D, rows: number): Tensor2D {
  return tf.slice(x, [0, 0], [rows, -1]);
}

function tail(tf: TensorLibrary, x: Tensor2D, rows: number): Tensor2D {
  return tf.slice(x, [rows, 0], [-1, -1]);
}
