import type { Tensor, Tensor2D } from "@tensorflow/tfjs-core";
import type { Breather } from "../../core";
import { historyCount, type PrefixSamples } from "../../data";
import type { LinearClassifier, TensorEngine } from "../../engine";
import { nextInput, sessionClassifier, sessionStates, type UploadedSessionModel } from "../../models";

/** Samples that go through the network at a time. */
export const blockSize = 128;

/** By how much the row that moves most does, in units of a row of ordinary length, where a slope is a difference. */
const nudge = 1e-2;

/** A step δE of item embeddings on the quadratic that the output layer's step δW has left. */
export interface StepTerms {
  /** δE' J' M J δE, with equation 14a's J and M. */
  readonly curved: number;
  /** δE' J' W' (diag(p) - p p') δW h̃: what is done already. */
  readonly done: number;
}

/** The embeddings that move, and by how much. */
export interface EmbeddingStep {
  readonly items: Int32Array;
  /** `[items, width]` */
  readonly change: Float32Array;
}

/**
 * The terms of each of some samples. J δE is a central difference of states, so that it takes two passes through the
 * network, whatever the width.
 *
 * @param movedLayer the output layer after its own step
 * @throws CancelledError when it is interrupted
 */
export async function stepTerms(
  model: UploadedSessionModel,
  movedLayer: LinearClassifier,
  samples: PrefixSamples,
  step: EmbeddingStep,
  breather: Breather,
): Promise<StepTerms[]> {
  const { tf } = model.engine;
  const layer = sessionClassifier(model);
  const by = nudgeOf(model, step);
  const [ahead, behind] = [tableMoved(model, step, by), tableMoved(model, step, -by)];
  const found: StepTerms[] = [];
  try {
    for (let first = 0; first < historyCount(samples); first += blockSize) {
      const input = nextInput(model.form, samples, blockOfSamples(samples, first));
      const statesOf = (itemEmbedding: Tensor) =>
        sessionStates({ ...model, tensors: { ...model.tensors, itemEmbedding }, input });
      const [curved, done] = tf.tidy(() => {
        const states = sessionStates({ ...model, input });
        const slope = tf.div(tf.sub(statesOf(ahead), statesOf(behind)), 2 * by) as Tensor2D;
        const logits = logitsOf(tf, layer, states);
        const p = tf.softmax(logits);
        const along = tf.matMul(slope, layer.weight, false, true);
        const spread = tf.sub(along, tf.sum(tf.mul(p, along), 1, true));
        const shift = tf.sub(logitsOf(tf, movedLayer, states), logits);
        const sums = [tf.square(spread), tf.mul(spread, shift)].map((each) => tf.sum(tf.mul(p, each), 1));
        return sums.map((sum) => sum.dataSync<"float32">());
      });
      curved.forEach((value, k) => found.push({ curved: value, done: done[k] }));
      await breather.breathe();
    }
    return found;
  } finally {
    tf.dispose([ahead, behind]);
  }
}

/** The table of item embeddings, a row a token, with a multiple of a step added in place. */
export function addStep(table: Float32Array, { items, change }: EmbeddingStep, width: number, by = 1): Float32Array {
  change.forEach((value, k) => (table[(items[Math.floor(k / width)] + 1) * width + (k % width)] += by * value));
  return table;
}

/** The numbers of a block of samples. */
export function blockOfSamples(samples: PrefixSamples, first: number): Int32Array {
  return Int32Array.from({ length: Math.min(blockSize, historyCount(samples) - first) }, (_, k) => first + k);
}

export function logitsOf(tf: TensorEngine["tf"], { weight, bias }: LinearClassifier, states: Tensor2D): Tensor2D {
  return tf.add(tf.matMul(states, weight, false, true), bias) as Tensor2D;
}

function tableMoved({ form, engine, tensors }: UploadedSessionModel, step: EmbeddingStep, by: number): Tensor2D {
  const table = tensors["itemEmbedding"].dataSync<"float32">().slice();
  const { embeddingSize } = form.options;
  return engine.tf.tensor2d(
    addStep(table, step, embeddingSize, by),
    tensors["itemEmbedding"].shape as [number, number],
  );
}

/** The multiple of a step that is small enough for a difference, and large enough for float32. */
function nudgeOf({ form, tensors }: UploadedSessionModel, { change }: EmbeddingStep): number {
  const { embeddingSize: width } = form.options;
  const ordinary = lengths(tensors["itemEmbedding"].dataSync<"float32">(), width);
  const squares = ordinary.reduce((sum, length) => sum + length ** 2, 0);
  const furthest = lengths(change, width).reduce((most, length) => Math.max(most, length), 0);
  return furthest === 0 ? 1 : (nudge * Math.sqrt(squares / ordinary.length)) / furthest;
}

/** The length of each row. */
function lengths(values: Float32Array, width: number): Float64Array {
  return Float64Array.from({ length: values.length / width }, (_, row) =>
    Math.hypot(...values.subarray(row * width, (row + 1) * width)),
  );
}
