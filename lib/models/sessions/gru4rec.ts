import type { Tensor1D, Tensor2D } from "@tensorflow/tfjs-core";
import { flagOption, type OptionsOf } from "../../core";
import { type Histories, leftPaddedTokens } from "../../data";
import type { TensorEngine } from "../../engine";
import { lastPlaces, realPlaces } from "./places";
import { embeddingPlan, type SessionNetwork, type SessionTensors, sharedFields, uniformPlan } from "./session-network";

const fields = {
  ...sharedFields,
  skipPadding: flagOption(
    "Whether the state stays zero while padding is read. In SRU's release the unit runs over padding (as zero vectors), so " +
      "that a state depends on how much of it there is; true is the correction.",
    false,
  ),
};

/** Options of GRU4Rec. */
export interface Gru4RecOptions extends OptionsOf<typeof fields> {}

/** Makes the update gate exactly 1 in float32, so that a state stays as it is. */
const closed = 1e3;

/**
 * GRU4Rec (Hidasi et al., 2016) as SRU's release has it: item embeddings, one gated recurrent unit, a linear output
 * layer. No dropout.
 */
export const gru4rec: SessionNetwork<Gru4RecOptions> = {
  kind: "gru4rec",
  label: "GRU4Rec",
  learns: "next",
  fields,
  check() {},
  parameters({ embeddingSize: width, initialDeviation }, itemCount) {
    return [
      embeddingPlan("itemEmbedding", itemCount + 1, width, initialDeviation, true),
      uniformPlan("inputWeight", [width, 3 * width], width),
      uniformPlan("inputBias", [3 * width], width),
      uniformPlan("stateWeight", [width, 3 * width], width),
      uniformPlan("stateBias", [3 * width], width),
    ];
  },
  nextInput: (histories: Histories, chosen, { maxLength }) => ({
    tokens: leftPaddedTokens(histories, chosen, maxLength),
    places: lastPlaces(chosen.length, maxLength),
  }),
  states({ engine, tensors, input: { tokens, places }, options, taps }) {
    const { tf } = engine;
    const { maxLength, embeddingSize } = options;
    const rows = tokens.length / maxLength;
    const timeMajor = transposed(tokens, rows, maxLength);
    const embedded = tf.gather(tensors["itemEmbedding"] as Tensor2D, tf.tensor1d(timeMajor, "int32"));
    const real = tf.tensor2d(realPlaces(timeMajor), [timeMajor.length, 1]);
    const items = tf.mul(embedded, real) as Tensor2D;
    let x = items;
    let inputWeight = tensors["inputWeight"] as Tensor2D;
    if (options.skipPadding) {
      x = tf.concat([x, tf.sub(1, real) as Tensor2D], 1);
      inputWeight = tf.concat([inputWeight, closedGate(engine, embeddingSize)], 0);
    }
    const states = engine.gru(
      x,
      weightsOf(tensors, inputWeight),
      rows,
      taps && ((part, read, sums) => taps.linear(part, part === "input" ? items : read, sums, "steps")),
    );
    const wanted = places.map((place) => (place % maxLength) * rows + Math.floor(place / maxLength));
    return tf.gather(states, tf.tensor1d(wanted, "int32"));
  },
};

function weightsOf(tensors: SessionTensors, input: Tensor2D) {
  return {
    input,
    inputBias: tensors["inputBias"] as Tensor1D,
    state: tensors["stateWeight"] as Tensor2D,
    stateBias: tensors["stateBias"] as Tensor1D,
  };
}

/** What an input that marks padding adds to the gates: a closed update gate. */
function closedGate({ tf }: TensorEngine, width: number): Tensor2D {
  return tf.tensor2d(
    Float32Array.from({ length: 3 * width }, (_, k) => (k >= width && k < 2 * width ? closed : 0)),
    [1, 3 * width],
  );
}

/** Row by row to time step by time step. */
function transposed(tokens: Int32Array, rows: number, length: number): Int32Array {
  const out = new Int32Array(tokens.length);
  for (let row = 0, k = 0; row < rows; row++) for (let t = 0; t < length; t++) out[t * rows + row] = tokens[k++];
  return out;
}
