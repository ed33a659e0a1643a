import { requireNumber, requireOneOf, resolveOptions } from "../../core";
import { sessionCount, type Sessions } from "../../data";
import type { SessionModel } from "../../models";
import { randomPartition, statePartition } from "../partition";
import {
  fitShardAttention,
  type FitShardAttentionOptions,
  releasedShardAttention,
  resolveFitShardAttentionOptions,
} from "./fit-shard-attention";
import type { ItemVectors } from "./removal";
import { meanState, sessionStatesOf } from "./shard-states";
import { shardedSessionMethod } from "./sharded-session-method";
import {
  type Aggregator,
  checkShardedSessionsOptions,
  shardedSessionsDefaults,
  type ShardedSessionsOptions,
} from "./sharded-sessions";

/** Options of `sru`. */
export interface SruOptions extends ShardedSessionsOptions {
  /**
   * `principled` (default): what the method asks for. `paper`: with the defects of the release (`README.md`). A mode sets the defaults of
   * `batches`, `centroids`, `removal`, `aggregatorDeletion` and `attention`.
   */
  readonly mode: "principled" | "paper";
  /** Shards of `similar` sessions (default), or `random` ones. */
  readonly partition: "similar" | "random";
  /** Most rounds of assignment. Default 50. */
  readonly iterations: number;
  /** `mean`, or `scalar`: one number for all dimensions, the release's defect. */
  readonly centroids: "mean" | "scalar";
  /** Learned `attention` over the shards' states (default), or the mean of their `probabilities` or `logits`. */
  readonly aggregation: "attention" | "probabilities" | "logits";
  /** How the attention is trained. */
  readonly attention: Partial<FitShardAttentionOptions>;
  /**
   * What further events the sessions of the aggregation lose: the `same` as the shards', or `repeated` as in the release, where random ones
   * are drawn again and twice as many of the nearest go.
   */
  readonly aggregatorDeletion: "same" | "repeated";
}

type ByMode = Pick<SruOptions, "batches" | "centroids" | "removal" | "aggregatorDeletion" | "attention">;
const principled: ByMode = {
  ...{ batches: "share", centroids: "mean", removal: "cut-out", aggregatorDeletion: "same" },
  attention: {},
};
const released: ByMode = {
  ...{ batches: "whole", centroids: "scalar", removal: "truncate-early", aggregatorDeletion: "repeated" },
  attention: releasedShardAttention,
};

function resolve(given: Partial<SruOptions> | undefined): SruOptions {
  const mode = requireOneOf("mode", given?.mode ?? "principled", ["principled", "paper"]);
  const common: Omit<SruOptions, keyof ByMode> = {
    ...shardedSessionsDefaults,
    ...{ mode, partition: "similar", iterations: 50, aggregation: "attention" },
    ...{ deletion: "similar", deleteCount: 1 },
  };
  const defaults: SruOptions = { ...common, ...(mode === "paper" ? released : principled) };
  const options = resolveOptions(defaults, given, "sru");
  requireOneOf("partition", options.partition, ["similar", "random"]);
  requireOneOf("centroids", options.centroids, ["mean", "scalar"]);
  requireOneOf("aggregation", options.aggregation, ["attention", "probabilities", "logits"]);
  requireOneOf("aggregatorDeletion", options.aggregatorDeletion, ["same", "repeated"]);
  requireNumber("iterations", options.iterations, { min: 1, integer: true });
  const attention = { ...defaults.attention, seed: options.seed, ...options.attention };
  return checkShardedSessionsOptions({ ...options, attention: resolveFitShardAttentionOptions(attention) });
}

/**
 * SRU (Xin et al., WSDM 2024): shards of sessions that are alike by the original's states, a session model each, learned attention over
 * their states, and further events deleted from the sessions of a request. Only shards that hold such a session are trained again.
 */
export const sru = shardedSessionMethod<SessionModel, SruOptions, SruOptions>({
  name: "sru",
  resolve,
  partition: partitionOf,
  vectors: itemVectorsOf,
  aggregator: aggregatorOf,
});

/** The original's item embeddings: what CED compares events by. */
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
