import type { Tensor1D, Tensor2D } from "@tensorflow/tfjs-core";
import { flagOption, numberOption, type OptionsOf, requireNumber, wholeOption } from "../../core";
import { leftPaddedTokens } from "../../data";
import { attentionMask, selfAttention } from "./self-attention";
import { dropped } from "./dropout";
import { linear, norm } from "./layers";
import { lastPlaces, realPlaces } from "./places";
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
  layerCount: wholeOption("Blocks.", 2, 1),
  headCount: wholeOption("Heads of attention; they divide the embedding.", 1, 1),
  dropoutRate: numberOption("Of embeddings, attention weights and the feed-forward layers.", 0.5, {
    min: 0,
    max: 0.99,
  }),
  normaliseKeys: flagOption(
    "Whether keys and values are normalised like the queries, which they are not in the original; true is the correction.",
    false,
  ),
  hidePadding: flagOption(
    "Whether padding is hidden from attention. In the original it counts with its zero vectors; true is the correction.",
    false,
  ),
};

/** Options of SASRec. */
export interface SasRecOptions extends OptionsOf<typeof fields> {}

const normal = { epsilon: 1e-8 };

/**
 * SASRec (Kang and McAuley, 2018) as SRU's release has it. Per block: layer normalisation of the queries alone, causal
 * attention, added to the *normalised* queries; layer normalisation; two linear layers with a ReLU between, added;
 * padding set to zero.
 */
export const sasrec: SessionNetwork<SasRecOptions> = {
  kind: "sasrec",
  label: "SASRec",
  learns: "next",
  fields,
  check({ headCount, embeddingSize }) {
    requireNumber("embeddingSize / headCount", embeddingSize / headCount, { min: 1, integer: true });
  },
  parameters({ embeddingSize: width, maxLength, layerCount, initialDeviation }, itemCount) {
    const blocks = Array.from({ length: layerCount }, (_, n) => [
      ...normPlans(`block${n}QueryNorm`, width),
      ...["Query", "Key", "Value", "Mix"].flatMap((part) => linearPlans(`block${n}${part}`, width, width)),
      ...normPlans(`block${n}ForwardNorm`, width),
      ...["Inner", "Outer"].flatMap((part) => linearPlans(`block${n}${part}`, width, width)),
    ]);
    return [
      embeddingPlan("itemEmbedding", itemCount + 1, width, initialDeviation, true),
      embeddingPlan("positionEmbedding", maxLength, width, initialDeviation, false),
      ...blocks.flat(),
      ...normPlans("finalNorm", width),
    ];
  },
  nextInput: (histories, chosen, { maxLength }) => ({
    tokens: leftPaddedTokens(histories, chosen, maxLength),
    places: lastPlaces(chosen.length, maxLength),
  }),
  states(pass) {
    const { engine, tensors, input, options, dropout } = pass;
    const { tf } = engine;
    const { tokens, places } = input;
    const { maxLength, embeddingSize: width, dropoutRate, hidePadding } = options;
    const real = tf.tensor2d(realPlaces(tokens), [tokens.length, 1]);
    const items = tf.gather(tensors["itemEmbedding"] as Tensor2D, tf.tensor1d(tokens, "int32"));
    const placed = tf.add(
      tf.reshape(tf.mul(items, Math.sqrt(width)), [-1, maxLength, width]),
      tensors["positionEmbedding"],
    );
    let h = tf.mul(dropped(dropout, tf.reshape(placed, [tokens.length, width]), dropoutRate), real) as Tensor2D;
    const mask = attentionMask(engine, tokens, maxLength, { later: true, padding: hidePadding });
    const last = options.layerCount - 1;
    for (let n = 0; n < last; n++) h = tf.mul(block(pass, `block${n}`, h, mask), real);
    const wanted = tf.tensor1d(places, "int32");
    h = tf.mul(block(pass, `block${last}`, h, mask, wanted), tf.gather(real, wanted));
    return norm(pass, "finalNorm", h, normal);
  },
};

type Pass = NetworkPass<SasRecOptions>;

/** @param wanted places; the others are left out of what comes after attention. Default: all */
function block(
  pass: Pass,
  name: string,
  h: Tensor2D,
  mask: ReturnType<typeof attentionMask>,
  wanted?: Tensor1D,
): Tensor2D {
  const { engine, options, dropout } = pass;
  const { tf } = engine;
  const { maxLength, headCount, dropoutRate } = options;
  const query = norm(pass, `${name}QueryNorm`, h, normal);
  const seen = options.normaliseKeys ? query : h;
  const mixed = selfAttention({
    ...{ engine, maxLength, headCount, mask, dropout, dropoutRate },
    queries: linear(pass, `${name}Query`, query),
    keys: linear(pass, `${name}Key`, seen),
    values: linear(pass, `${name}Value`, seen),
  });
  const [asked, found] = [query, mixed].map((x) => (wanted === undefined ? x : tf.gather(x, wanted)));
  const attended = norm(pass, `${name}ForwardNorm`, tf.add(asked, linear(pass, `${name}Mix`, found)), normal);
  const inner = tf.relu(dropped(dropout, linear(pass, `${name}Inner`, attended), dropoutRate));
  return tf.add(attended, dropped(dropout, linear(pass, `${name}Outer`, inner), dropoutRate));
}
