import { fitShardAttentionDefaults, itemVectorsOf, releasedShardAttention, sru } from "../../../baselines";
import type { Options } from "../../../experiments";
import { shardedPart, shardsPart } from "./shards";

/** How the attention is trained, by names of their own among a run's options. */
const attentionNames = {
  aggregationEpochs: "epochs",
  aggregationPatience: "patience",
  aggregationSamples: "samples",
  shardDropout: "shardDropout",
} as const;

function attentionDefaults(released: boolean): Options {
  const attention = { ...fitShardAttentionDefaults, ...(released ? releasedShardAttention : {}) };
  return Object.fromEntries(Object.entries(attentionNames).map(([name, own]) => [name, attention[own]]));
}

const method = {
  code: __filename,
  label: "SRU",
  preparation: "sru-shards",
  vectorsOf: itemVectorsOf,
  /** The attention's options are the method's `attention`. */
  own(options: Options) {
    const isAttention = (name: string): name is keyof typeof attentionNames => Object.hasOwn(attentionNames, name);
    const entries = Object.entries(options);
    const attention = entries.flatMap(([name, value]) => (isAttention(name) ? [[attentionNames[name], value]] : []));
    return {
      ...Object.fromEntries(entries.filter(([name]) => !isAttention(name))),
      attention: Object.fromEntries(attention) as object,
    };
  },
  prepare: sru.prepare,
  unlearn: sru.unlearn,
};

const partition = { shards: 8, partition: "similar", iterations: 50 };

export const sruShards = shardsPart(method, { ...partition, batches: "share", centroids: "mean" });

/** SRU: by default with CED of one further event. */
export const sruMethod = shardedPart(
  method,
  ({ mode }) => {
    const isPaper = mode === "paper";
    return {
      ...{ mode: "principled", ...partition, centroids: isPaper ? "scalar" : "mean", aggregation: "attention" },
      batches: isPaper ? "whole" : "share",
      ...{ removal: isPaper ? "truncate-early" : "cut-out", deletion: "similar", deleteCount: 1 },
      ...{ aggregatorDeletion: isPaper ? "repeated" : "same", ...attentionDefaults(isPaper) },
    };
  },
  ["shards", "batches", "partition", "iterations", "centroids"],
  labelOf,
);

const deletions: Readonly<Record<string, string>> = { random: "RED", similar: "CED", nearest: "NED" };

/** SRU with what is not its usual form: the deletion where it is not CED of one event, the partition, the aggregation. */
function labelOf({ deletion, deleteCount, partition: by, aggregation }: Options): string {
  const deleted = deleteCount === 0 ? "no extra deletion" : `${deletions[String(deletion)]} ${String(deleteCount)}`;
  const unusual = [
    ...(deleted === "CED 1" ? [] : [deleted]),
    ...(by === "random" ? ["random shards"] : []),
    ...(aggregation === "attention" ? [] : [`mean of ${String(aggregation)}`]),
  ];
  return ["SRU", ...unusual].join(", ");
}
