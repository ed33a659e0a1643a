import { byMode, givenOption, modeOption, optionList, type OptionsOf, wholeOption, wordOption } from "../../core";
import { sessionCount, type Sessions } from "../../data";
import type { SessionModel } from "../../models";
import { randomPartition, statePartition } from "../partition";
import {
  fitShardAttention,
  fitShardAttentionOptions,
  type FitShardAttentionOptions,
  releasedShardAttention,
} from "./fit-shard-attention";
import { type ItemVectors, removalFields } from "./removal";
import { meanState, sessionStatesOf } from "./shard-states";
import { shardedSessionMethod } from "./sharded-session-method";
import { type Aggregator, shardedSessionsFields } from "./sharded-sessions";

/** The options of `sru`. */
export const sruOptions = optionList("sru", {
  mode: modeOption("`principled`: what the method asks for. `paper`: with the defects of the release (`README.md`)."),
  ...shardedSessionsFields,
  ...removalFields,
  partition: wordOption("Shards of `similar` sessions, or `random` ones.", ["similar", "random"], "similar"),
  iterations: wholeOption("Most rounds of assignment.", 50, 1),
  centroids: wordOption(
    "`mean`, or `scalar`: one number for all dimensions, the release's defect.",
    ["mean", "scalar"],
    byMode("mean", "scalar"),
  ),
  aggregation: wordOption(
    "Learned `attention` over the shards' states, or the mean of their `probabilities` or `logits`.",
    ["attention", "probabilities", "logits"],
    "attention",
  ),
  attention: givenOption<Partial<FitShardAttentionOptions>>(
    "How the attention is trained.",
    byMode({}, releasedShardAttention),
  ),
  aggregatorDeletion: wordOption(
    "What further events the sessions of the aggregation lose: the `same` as the shards', or `repeated` as in the " +
      "release, where random ones are drawn again and twice as many of the nearest go.",
    ["same", "repeated"],
    byMode("same", "repeated"),
  ),
});

/** Options of `sru`; defaults and ranges are in `sruOptions`. */
export interface SruOptions extends OptionsOf<typeof sruOptions.fields> {}

function resolve(given: Partial<SruOptions> | undefined): SruOptions {
  const options = sruOptions.resolve(given);
  const initial = sruOptions.defaults(options.mode).attention;
  const attention = { ...initial, seed: options.seed, ...options.attention };
  return { ...options, attention: fitShardAttentionOptions.resolve(attention) };
}

/**
 * SRU (Xin et al., WSDM 2024): shards of sessions that are alike by the original's states, a session model each,
 * learned attention over their states, and further events deleted from the sessions of a request. Only shards that hold
 * such a session are trained again.
 */
export const sru = shardedSessionMethod<SessionModel, SruOptions, SruOptions>({
  name: "sru",
  resolve,
  partition: partitionOf,
  vectors: itemVectorsOf,
  aggregator: aggregatorOf,
});

/**
 * The original's item embeddings: what CED compares events by.
 *
 * @example
 * const vectors = itemVectorsOf(gru); // what "similar" means to SRU
 */
export function itemVectorsOf(original: SessionModel): ItemVectors {
  const { values } = original.parameters().find(({ name }) => name === "itemEmbedding")!;
  return { values, width: original.form.options.embeddingSize };
}

async function partitionOf(original: SessionModel, train: Sessions, options: SruOptions): Promise<Int32Array> {
  if (options.partition === "random") return randomPartition(sessionCount(train), options.shards, options.seed);
  const states = await sessionStatesOf(original, train);
  return statePartition(states, original.form.options.embeddingSize, options);
}

function aggregatorOf({ aggregation, attention }: SruOptions): Aggregator {
  if (aggregation !== "attention")
    return () => Promise.resolve({ aggregation: { kind: aggregation }, epochs: 0, gradientRows: 0 });
  return async (members, { shards, all, valid }) => {
    const width = members[0].form.options.embeddingSize;
    const centroids = new Float32Array(members.length * width);
    for (const [k, member] of members.entries()) centroids.set(await meanState(member, shards[k]), k * width);
    // BERT4Rec's dropout is off in the release, GRU4Rec has none
    const shardDropout = attention.shardDropout === true && members[0].kind === "sasrec";
    return fitShardAttention(members, centroids, { train: all, valid }, { ...attention, shardDropout });
  };
}
