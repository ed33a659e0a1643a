import type { Tensor2D } from "@tensorflow/tfjs-core";
import { Breather } from "../../core";
import { type ForgetSamples, historyCount } from "../../data";
import {
  classOfItem,
  nextInput,
  sessionClassifier,
  type SessionInput,
  type SessionModel,
  sessionStates,
  type UploadedSessionModel,
} from "../../models";
import { forgetBlocks } from "./forget-blocks";
import { cosineOf, logitProducts } from "../logit-products";
import { type SharedRows, trunkProducts } from "./trunk-products";

const blockSize = 128;

/**
 * Gradient difficulty of each sample over all parameters (README, equation 4): minus the cosine between its gradient of
 * the unlearning loss and that of the recommendation and KL losses together, without dropout. Exact, and without a pass
 * per sample: whole blocks go through the model, and what it makes of each sample is told apart by inner products
 * (README, equations 9 to 12).
 *
 * @param original what the KL loss holds on to. Default: `model`, as before the first step
 * @returns in [-1, 1], higher is harder, `[samples]`; 0 where a gradient vanishes
 * @throws InvalidArgumentError for items the model does not know
 * @throws CancelledError when it is interrupted
 * @example
 * const samples = forgetSamples(sessions, sessionItemRows(sessions, 0.02, 1));
 * const difficulty = await gradientDifficulty(gru, samples); // one number for each sample
 */
export async function gradientDifficulty(
  model: SessionModel,
  samples: ForgetSamples,
  original: SessionModel = model,
): Promise<Float64Array> {
  const difficulty = new Float64Array(historyCount(samples));
  const breather = new Breather("scoring difficulty");
  const present = await model.upload();
  const before = original === model ? null : await original.upload();
  try {
    for (const { first, samples: block } of forgetBlocks(samples, blockSize, model.itemCount)) {
      present.engine.tf.tidy(() => difficulty.set(blockDifficulty(present, before, block), first));
      await breather.breathe();
    }
  } finally {
    present.dispose();
    before?.dispose();
  }
  return difficulty;
}

/** What a pass over some samples gives, and what is asked of it. */
interface Pass {
  readonly model: UploadedSessionModel;
  readonly input: SessionInput;
  /** `[samples, width]` */
  readonly states: Tensor2D;
  /** Probabilities now, `[samples, classes]`. */
  readonly p: Tensor2D;
  /** Those of the original: the same tensor where that is the model. */
  readonly q: Tensor2D;
  /** Classes, `[samples]`; of `next` -1 where there is none. */
  readonly target: Int32Array;
  readonly next: Int32Array;
}

function blockDifficulty(
  model: UploadedSessionModel,
  original: UploadedSessionModel | null,
  samples: ForgetSamples,
): Float64Array {
  const { form, engine } = model;
  const classes = (items: Int32Array) => items.map((item) => (item < 0 ? -1 : classOfItem(form, item)));
  const asked = { target: classes(samples.target), next: classes(samples.next) };
  const input = nextInput(form, samples);
  const states = sessionStates({ ...model, input });
  const p = probabilities(model, states);
  const q = original === null ? p : probabilities(original, sessionStates({ ...original, input }));
  const pass = { model, input, states, p, q, ...asked };
  const now = rowsOf(p);
  const before = q === p ? now : rowsOf(q);
  const shared = form.options.tiedOutput ? sharedRows(pass, now, before) : null;
  const trunk = rowsOf(trunkProducts(model, input, stateGradients(pass), shared));
  const lengths = engine.tf.sum(engine.tf.square(states), 1).dataSync<"float32">();
  return Float64Array.from(asked.target, (target, k) => {
    const byLogits = logitProducts(now(k), before(k), target, asked.next[k]);
    const layer = lengths[k] + 1; // a weight's gradient is that of its logit times the state, a bias's is that of its logit
    return -cosineOf({
      forget: byLogits.forget * layer + trunk(0)[k],
      both: byLogits.both * layer + trunk(1)[k],
      keep: byLogits.keep * layer + trunk(2)[k],
    });
  });
}

function probabilities(model: UploadedSessionModel, states: Tensor2D): Tensor2D {
  const { tf } = model.engine;
  const { weight, bias } = sessionClassifier(model);
  return tf.softmax(tf.add(tf.matMul(states, weight, false, true), bias)) as Tensor2D;
}

/** Reads a matrix once; gives its rows. */
function rowsOf(matrix: Tensor2D): (row: number) => Float32Array {
  const [values, width] = [matrix.dataSync<"float32">(), matrix.shape[1]];
  return (row) => values.subarray(row * width, (row + 1) * width);
}

/**
 * The losses' gradients by the states: those by the logits (README, equation 2) times the output layer, one above the
 * other.
 */
function stateGradients({ model, p, q, target, next }: Pass): Tensor2D {
  const { tf } = model.engine;
  const { weight } = sessionClassifier(model);
  const rows = (classes: Int32Array) => tf.gather(weight, tf.tensor1d(classes, "int32"));
  const hasNext = tf.tensor2d(Float32Array.from(next, (item) => Number(item >= 0)), [next.length, 1]); // prettier-ignore
  const expected = tf.matMul(p, weight);
  const recommend: Tensor2D = tf.mul(hasNext, tf.sub(expected, rows(next.map((item) => Math.max(item, 0)))));
  const keep: Tensor2D = q === p ? recommend : tf.add(recommend, tf.sub(expected, tf.matMul(q, weight)));
  return tf.concat([tf.sub(rows(target), expected), keep]) as Tensor2D;
}

/** What the gradients of item embeddings get from the output layer, for the items that each row reads. */
function sharedRows(
  { model, input, states, target, next }: Pass,
  now: (row: number) => Float32Array,
  before: (row: number) => Float32Array,
): SharedRows {
  const { form, engine } = model;
  const { tokens } = input;
  const { maxLength } = form.options;
  const byLogits = new Float32Array(2 * tokens.length);
  tokens.forEach((token, place) => {
    if (token === 0 || token > form.itemCount) return; // padding, or a mask
    const [sample, read] = [Math.floor(place / maxLength), classOfItem(form, token - 1)];
    const [p, q] = [now(sample)[read], before(sample)[read]];
    byLogits[place] = Number(read === target[sample]) - p;
    byLogits[tokens.length + place] = (next[sample] >= 0 ? 2 : 1) * p - q - Number(read === next[sample]);
  });
  const { tf } = engine;
  return { byLogits: tf.tensor2d(byLogits, [2 * target.length, maxLength]), states: tf.tile(states, [2, 1]) };
}
