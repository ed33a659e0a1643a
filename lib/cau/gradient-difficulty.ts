import type { Tensor, Tensor2D, Tensor3D } from "@tensorflow/tfjs";
import { Breather } from "../core";
import { historyCount } from "../data";
import {
  classOfItem,
  nextInput,
  sessionClassifier,
  type SessionInput,
  sessionLogits,
  type SessionModel,
  sessionStates,
  type UploadedSessionModel,
} from "../models";
import { forgetBlocks, type ForgetSamples } from "./forget-samples";
import { explicitProducts, GradientTaps, pairProducts, type PairProducts } from "./gradient-taps";

/** Samples per block: the logits' gradients of a block are two matrices of samples x items. */
const blockSize = 128;

/**
 * Gradient difficulty of each sample over all parameters (README, equation 4): minus the cosine between its gradient of the unlearning
 * loss and that of the recommendation and KL losses together, without dropout. Exact, and without a pass per sample: whole blocks
 * go through the model, and what it makes of each sample is told apart by inner products (README, equations 9 to 11).
 *
 * @param original what the KL loss holds on to. Default: `model`, as before the first step
 * @returns in [-1, 1], higher is harder, `[samples]`; 0 where a gradient vanishes
 * @throws InvalidArgumentError for items the model does not know
 * @throws CancelledError when it is interrupted
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
      const products = present.engine.tf.tidy(() => gradientProducts(present, before, block).dataSync<"float32">());
      const count = historyCount(block);
      for (let k = 0; k < count; k++)
        difficulty[first + k] = -cosine(products[k], products[count + k], products[2 * count + k]);
      await breather.breathe();
    }
  } finally {
    present.dispose();
    before?.dispose();
  }
  return difficulty;
}

/** From a·a, a·b and b·b; 0 where one of them vanishes. */
function cosine(aa: number, ab: number, bb: number): number {
  return aa > 0 && bb > 0 ? Math.min(1, Math.max(-1, ab / Math.sqrt(aa * bb))) : 0;
}

/** Of the unlearning loss's gradient and that of the other two, over all parameters. */
function gradientProducts(
  model: UploadedSessionModel,
  original: UploadedSessionModel | null,
  samples: ForgetSamples,
): PairProducts {
  const { tf } = model.engine;
  const input = nextInput(model.form, samples);
  const states = sessionStates({ ...model, input });
  const { weight, bias } = sessionClassifier(model);
  const now = tf.softmax(tf.add(tf.matMul(states, weight, false, true), bias)) as Tensor2D;
  const before =
    original && (tf.softmax(sessionLogits({ ...original, input: nextInput(original.form, samples) })) as Tensor2D);
  const byLogits = logitGradients(model, samples, now, before);
  const outputLayer: PairProducts = tf.mul(explicitProducts(tf, byLogits), tf.add(tf.sum(tf.square(states), 1), 1));
  const trunk = trunkGradients(model, input, tf.matMul(byLogits, weight));
  const shared = model.form.options.tiedOutput ? [tiedProducts(model, input, states, byLogits, trunk.byItems)] : [];
  return tf.addN([outputLayer, trunk.products, ...shared]);
}

/** Gradients by the logits (README, equation 2), the unlearning loss's above that of the other two, `[2 samples, classes]`. */
function logitGradients(
  { form, engine: { tf } }: UploadedSessionModel,
  { target, next }: ForgetSamples,
  now: Tensor2D,
  before: Tensor2D | null,
): Tensor2D {
  const chosen = (items: Int32Array) => {
    const classes = items.map((item) => (item < 0 ? -1 : classOfItem(form, item))); // -1 is no class, all zeros
    return tf.oneHot(tf.tensor1d(classes, "int32"), now.shape[1]);
  };
  const hasNext = tf.tensor2d(
    Float32Array.from(next, (item) => Number(item >= 0)),
    [next.length, 1],
  );
  const recommend = tf.sub(tf.mul(hasNext, now), chosen(next));
  const keep = before === null ? recommend : tf.add(recommend, tf.sub(now, before)); // at the original p - q is 0
  return tf.concat([tf.sub(chosen(target), now), keep]) as Tensor2D;
}

/** What lies below the output layer. */
interface TrunkGradients {
  readonly products: PairProducts;
  /** By the item embeddings that each row reads, at the first place of each, `[2 samples, maxLength, width]`. */
  readonly byItems: Tensor3D;
}

/** @param byStates gradients by the states, the one loss's above the other's, `[2 samples, width]` */
function trunkGradients(
  { form, engine, tensors }: UploadedSessionModel,
  { tokens, places }: SessionInput,
  byStates: Tensor2D,
): TrunkGradients {
  const { tf } = engine;
  const { maxLength, embeddingSize } = form.options;
  const rows = byStates.shape[0];
  const twice = (column: Int32Array, shift: number) => Int32Array.from([...column, ...column.map((k) => k + shift)]);
  const bothTokens = twice(tokens, 0);
  const input = { tokens: ownTokens(bothTokens, maxLength), places: twice(places, tokens.length) };
  // Tables that no two rows share: their gradients are told apart as they come.
  const own: Record<string, Tensor> = {
    itemEmbedding: tf.gather(tensors["itemEmbedding"], tf.tensor1d([0, ...bothTokens], "int32")),
  };
  if ("positionEmbedding" in tensors)
    own["positionEmbedding"] = tf.tile(tf.expandDims(tensors["positionEmbedding"]), [rows, 1, 1]);
  const taps = new GradientTaps(engine, rows / 2);
  try {
    const pass = () => sessionStates({ form, engine, tensors: { ...tensors, ...own }, input, taps });
    const [, items, ...positions] = tf.grads(pass)([taps.root, ...Object.values(own)], byStates);
    const byItems = tf.reshape(tf.slice(items, 1), [rows, maxLength, embeddingSize]) as Tensor3D;
    const tables = [byItems, ...positions].map((gradients) => explicitProducts(tf, gradients));
    return { products: tf.addN([taps.products(), ...tables]), byItems };
  } finally {
    taps.dispose();
  }
}

/** Tokens by which every row reads items from a stretch of its own, the same item always from its first place; padding stays 0. */
function ownTokens(tokens: Int32Array, maxLength: number): Int32Array {
  return tokens.map((token, place) => {
    if (token === 0) return 0;
    const row = place - (place % maxLength);
    return 1 + tokens.indexOf(token, row);
  });
}

/**
 * What the products lack where the output layer's rows are the item embeddings, whose gradient is then a sum of two (README, equation 12):
 * the one loss's gradient by an embedding as an output row, times the other's by the same embedding as it is read.
 */
function tiedProducts(
  { form, engine: { tf } }: UploadedSessionModel,
  { tokens }: SessionInput,
  states: Tensor2D,
  byLogits: Tensor2D,
  byItems: Tensor3D,
): PairProducts {
  const [rows, maxLength] = byItems.shape;
  const isItem = (token: number) => token >= 1 && token <= form.itemCount; // not padding or a mask
  const atLogits = Int32Array.from({ length: rows * maxLength }, (_, slot) => {
    const token = tokens[slot % tokens.length];
    return Math.floor(slot / maxLength) * byLogits.shape[1] + (isItem(token) ? classOfItem(form, token - 1) : 0);
  });
  const items = tf.tensor2d(
    Float32Array.from([...tokens, ...tokens], (token) => Number(isItem(token))),
    [rows, maxLength],
  );
  const asOutput = tf.mul(
    tf.reshape(tf.gather(tf.reshape(byLogits, [-1]), tf.tensor1d(atLogits, "int32")), [rows, maxLength]),
    items,
  );
  const asInput = tf.sum(tf.mul(byItems, tf.expandDims(tf.tile(states, [2, 1]), 1)), 2);
  const swapped = (both: Tensor) => tf.concat(tf.split(both, 2, 1).reverse(), 1);
  return pairProducts(tf, tf.concat([asOutput, asInput], 1), (a, b) => tf.sum(tf.mul(a, swapped(b)), 1));
}
