import type { Tensor1D, Tensor2D } from "@tensorflow/tfjs-core";
import { flagOption, numberOption, type OptionsOf, requireNumber, wholeOption } from "../../core";
import { leftPaddedTokens } from "../../data";
import type { TensorEngine } from "../../engine";
import { attentionMask, selfAttention } from "./self-attention";
import { dropped } from "./dropout";
import { linear, norm } from "./layers";
import { lastPlaces } from "./places";
import {
  embeddingPlan,
  linearPlans,
  type NetworkPass,
  normPlans,
  type SessionNetwork,
  sharedFields,
} from "./session-network";

const fields = {
  ...sharedFields,
  maxLength: numberOption("How many places are read: the last items, and a masked place after them.", 10, {
    ...{ min: 2, max: 1024, integer: true },
  }),
  layerCount: wholeOption("Blocks.", 2, 1),
  headCount: wholeOption("Heads of attention; they divide the embedding.", 4, 1),
  dropoutRate: numberOption("Of the embeddings; inside the blocks there is none.", 0.2, { min: 0, max: 0.99 }),
  hiddenSize: wholeOption("Width of the feed-forward layers.", 256, 1),
  finalNorm: flagOption(
    "Whether the last block's states are normalised, which they are not in SRU's release; true is the correction.",
    false,
  ),
};

/** Options of BERT4Rec. */
export interface Bert4RecOptions extends OptionsOf<typeof fields> {}

/**
 * The release divides by the unbiased deviation plus 1e-6. States deviate by far more than that addition makes a
 * difference.
 */
function normalisation(width: number) {
  return { epsilon: 1e-12, gainScale: Math.sqrt(1 - 1 / width) };
}

/**
 * BERT4Rec (Sun et al., 2019) as SRU's release has it: blocks of attention both ways and a feed-forward layer with
 * GELU, each added to its input after a layer normalisation of it (by the *unbiased* deviation). Padding is hidden from
 * attention. What comes next is asked by a masked place at the end.
 */
export const bert4rec: SessionNetwork<Bert4RecOptions> = {
  kind: "bert4rec",
  label: "BERT4Rec",
  learns: "masked",
  fields,
  check({ headCount, embeddingSize }) {
    requireNumber("embeddingSize / headCount", embeddingSize / headCount, { min: 1, integer: true });
  },
  parameters({ embeddingSize: width, maxLength, layerCount, hiddenSize, initialDeviation, finalNorm }, itemCount) {
    const blocks = Array.from({ length: layerCount }, (_, n) => [
      ...normPlans(`block${n}AttentionNorm`, width),
      ...["Query", "Key", "Value", "Mix"].flatMap((part) => linearPlans(`block${n}${part}`, width, width)),
      ...normPlans(`block${n}ForwardNorm`, width),
      ...linearPlans(`block${n}Inner`, width, hiddenSize),
      ...linearPlans(`block${n}Outer`, hiddenSize, width),
    ]);
    return [
      embeddingPlan("itemEmbedding", itemCount + 2, width, initialDeviation, true),
      embeddingPlan("positionEmbedding", maxLength, width, initialDeviation, false),
      ...blocks.flat(),
      ...(finalNorm ? normPlans("finalNorm", width) : []),
    ];
  },
  nextInput(histories, chosen, { maxLength }, itemCount) {
    const known = leftPaddedTokens(histories, chosen, maxLength - 1);
    const tokens = new Int32Array(chosen.length * maxLength).fill(itemCount + 1);
    for (let row = 0; row < chosen.length; row++)
      tokens.set(known.subarray(row * (maxLength - 1), (row + 1) * (maxLength - 1)), row * maxLength);
    return { tokens, places: lastPlaces(chosen.length, maxLength) };
  },
  states(pass) {
    const { engine, tensors, input, options, dropout } = pass;
    const { tf } = engine;
    const { tokens, places } = input;
    const { maxLength, embeddingSize: width, dropoutRate } = options;
    const items = tf.gather(tensors["itemEmbedding"] as Tensor2D, tf.tensor1d(tokens, "int32"));
    const placed = tf.add(tf.reshape(items, [-1, maxLength, width]), tensors["positionEmbedding"]);
    let h = dropped(dropout, tf.reshape(placed, [tokens.length, width]) as Tensor2D, dropoutRate);
    const mask = attentionMask(engine, tokens, maxLength, { later: false, padding: true });
    const last = options.layerCount - 1;
    for (let n = 0; n < last; n++) h = block(pass, `block${n}`, h, mask);
    h = block(pass, `block${last}`, h, mask, tf.tensor1d(places, "int32"));
    return options.finalNorm ? norm(pass, "finalNorm", h, normalisation(width)) : h;
  },
};

type Pass = NetworkPass<Bert4RecOptions>;

/** @param wanted places; the others are left out of what comes after attention. Default: all */
function block(
  pass: Pass,
  name: string,
  h: Tensor2D,
  mask: ReturnType<typeof attentionMask>,
  wanted?: Tensor1D,
): Tensor2D {
  const { engine, options } = pass;
  const { tf } = engine;
  const { maxLength, headCount } = options;
  const form = normalisation(options.embeddingSize);
  const normal = norm(pass, `${name}AttentionNorm`, h, form);
  const mixed = selfAttention({
    ...{ engine, maxLength, headCount, mask, dropout: undefined, dropoutRate: 0 },
    queries: linear(pass, `${name}Query`, normal),
    keys: linear(pass, `${name}Key`, normal),
    values: linear(pass, `${name}Value`, normal),
  });
  const [before, found] = [h, mixed].map((x) => (wanted === undefined ? x : tf.gather(x, wanted)));
  const attended = tf.add(before, linear(pass, `${name}Mix`, found)) as Tensor2D;
  const inner = gelu(engine, linear(pass, `${name}Inner`, norm(pass, `${name}ForwardNorm`, attended, form)));
  return tf.add(attended, linear(pass, `${name}Outer`, inner));
}

/** GELU in its tanh form, x / 2 (1 + tanh(u)) = x sigmoid(2 u), u = sqrt(2 / pi) (x + 0.044715 x³). */
function gelu({ tf }: TensorEngine, x: Tensor2D): Tensor2D {
  const scale = 2 * Math.sqrt(2 / Math.PI);
  return tf.mul(x, tf.sigmoid(tf.mul(x, tf.add(scale, tf.mul(tf.square(x), scale * 0.044715)))));
}
