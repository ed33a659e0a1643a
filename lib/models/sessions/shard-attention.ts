import type { Tensor2D, Tensor3D } from "@tensorflow/tfjs-core";
import type { Random } from "../../core";
import type { TensorEngine } from "../../engine";
import type { SessionModelForm } from "./session-model";
import { type ParameterPlan, type SessionTensors, uniformPlan } from "./session-network";

/**
 * The parameters of an attention over the states of shards (SRU) that are learnt; the shards' `centroids` are given.
 *
 * @example
 * const names = shardAttentionPlans(gru.form, 8).map(({ name }) => name); // "transform", "transformBias" and so on
 */
export function shardAttentionPlans({ itemCount, options }: SessionModelForm, shards: number): ParameterPlan[] {
  const { embeddingSize: width, paddingClass } = options;
  const attentionWidth = Math.max(1, Math.floor(width / 2));
  const classes = itemCount + Number(paddingClass);
  return [
    normalPlan("transform", [shards, width, width], Math.sqrt(1 / width)), // Glorot's
    normalPlan("transformBias", [shards, 1, width], Math.sqrt(2 / (1 + width))), // Glorot's of a row
    truncatedPlan("attentionWeight", [width, attentionWidth], Math.sqrt(2 / (width + attentionWidth))),
    { name: "attentionBias", shape: [attentionWidth], initialise: () => {} },
    { name: "attentionVector", shape: [attentionWidth, 1], initialise: (values) => void values.fill(0.01) },
    uniformPlan("outputWeight", [classes, width], width),
    uniformPlan("outputBias", [classes], width),
  ];
}

/**
 * The shape of the `centroids`.
 *
 * @example
 * const { form } = SessionModel.initialise("gru4rec", 100, { embeddingSize: 32 });
 * centroidsShape(form, 8); // [8, 1, 32]
 */
export function centroidsShape({ options }: SessionModelForm, shards: number): [number, number, number] {
  return [shards, 1, options.embeddingSize];
}

/**
 * SRU's aggregation of the shards' states of some histories (`lib/baselines/README.md`), in differentiable tensor
 * operations: t_k = h_k W_k + b_k, u_k = c_k W_k + b_k, alpha = softmax over k of q · relu((t_k ⊙ u_k) A + a), out =
 * sum of alpha_k t_k.
 *
 * @param tensors the parameters and `centroids`, by name
 * @param states h, `[shards, histories, embeddingSize]`
 * @returns `[histories, embeddingSize]`
 * @example
 * const [engine, size] = [await tensorEngine(), gru.form.options.embeddingSize];
 * const shapes = [...shardAttentionPlans(gru.form, 2), { name: "centroids", shape: centroidsShape(gru.form, 2) }];
 * const tensors = Object.fromEntries(shapes.map(({ name, shape }) => [name, engine.tf.ones([...shape])]));
 * const states = engine.tf.tensor3d(new Float32Array(2 * 5 * size), [2, 5, size]); // of two shards, five histories
 * aggregatedStates(engine, tensors, states).shape; // [5, size]
 */
export function aggregatedStates({ tf }: TensorEngine, tensors: SessionTensors, states: Tensor3D): Tensor2D {
  const [shards, rows, width] = states.shape;
  const { transform, transformBias, centroids, attentionWeight, attentionBias, attentionVector } = tensors;
  const mapped = (h: Tensor3D) => tf.add<Tensor3D>(tf.matMul(h, transform as Tensor3D), transformBias);
  const t = mapped(states);
  const compared = tf.reshape(tf.mul(t, mapped(centroids as Tensor3D)), [shards * rows, width]);
  const hidden = tf.relu(tf.add(tf.matMul(compared, attentionWeight as Tensor2D), attentionBias));
  const energy = tf.reshape(tf.matMul(hidden, attentionVector as Tensor2D), [shards, rows, 1]);
  const share = tf.exp(tf.sub(energy, tf.logSumExp(energy, 0, true)));
  return tf.sum(tf.mul(share, t), 0);
}

function normalPlan(name: string, shape: readonly number[], deviation: number): ParameterPlan {
  return { name, shape, initialise: (values, random) => void random.fillNormal(values, deviation) };
}

/** Normal values, drawn again where they are beyond two deviations. */
function truncatedPlan(name: string, shape: readonly number[], deviation: number): ParameterPlan {
  const draw = (random: Random): number => {
    const value = random.normal();
    return Math.abs(value) <= 2 ? value : draw(random);
  };
  const initialise = (values: Float32Array, random: Random) => {
    for (let k = 0; k < values.length; k++) values[k] = deviation * draw(random);
  };
  return { name, shape, initialise };
}
