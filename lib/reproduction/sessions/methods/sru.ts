import { fitShardAttentionOptions, itemVectorsOf, releasedShardAttention, sru, sruOptions } from "../../../baselines";
import { byMode, type Option, optionList, withInitial } from "../../../core";
import type { Options } from "../../../experiments";
import { shardedPart, shardsPart } from "./shards";

/** How the attention is trained, by names of their own among a run's options. */
const attentionNames = {
  aggregationEpochs: "epochs",
  aggregationPatience: "patience",
  aggregationSamples: "samples",
  shardDropout: "shardDropout",
} as const;

/** The attention's options by those names; their defaults by mode. */
const attentionFields = Object.fromEntries(
  Object.entries(attentionNames).map(([name, own]) => {
    const option = fitShardAttentionOptions.fields[own] as Option<unknown>;
    const released = releasedShardAttention[own];
    return [name, released === undefined ? option : withInitial(option, byMode(option.initial, released))];
  }),
);

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
  settings: optionList("sru", { ...sruOptions.fields, ...attentionFields }),
  options: sruOptions,
  partitionedBy: ["shards", "batches", "partition", "iterations", "centroids"],
  prepare: sru.prepare,
  unlearn: sru.unlearn,
};

export const sruShards = shardsPart(method);

/** SRU: by default with CED of one further event. */
export const sruMethod = shardedPart(method, labelOf);

const deletions: Readonly<Record<string, string>> = { random: "RED", similar: "CED", nearest: "NED" };

/**
 * SRU with what is not its usual form: the deletion where it is not CED of one event, the partition, the aggregation.
 */
function labelOf({ deletion, deleteCount, partition: by, aggregation }: Options): string {
  const deleted = deleteCount === 0 ? "no extra deletion" : `${deletions[String(deletion)]} ${String(deleteCount)}`;
  const unusual = [
    ...(deleted === "CED 1" ? [] : [deleted]),
    ...(by === "random" ? ["random shards"] : []),
    ...(aggregation === "attention" ? [] : [`mean of ${String(aggregation)}`]),
  ];
  return ["SRU", ...unusual].join(", ");
}
