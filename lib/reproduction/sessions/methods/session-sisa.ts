import { sessionSisa } from "../../../baselines";
import type { Options } from "../../../experiments";
import { shardedPart, shardsPart } from "./shards";

const sisa = {
  code: __filename,
  label: "SISA",
  preparation: "session-sisa-shards",
  vectorsOf: null,
  own: (options: Options) => options,
  prepare: sessionSisa.prepare,
  unlearn: sessionSisa.unlearn,
};

export const sessionSisaShards = shardsPart(sisa, { shards: 8, batches: "share" });

/** SISA over sessions. */
export const sessionSisaMethod = shardedPart(
  sisa,
  ({ mode }) => ({
    ...{ mode: "principled", shards: 8, aggregation: "probabilities" },
    batches: mode === "paper" ? "whole" : "share",
    removal: mode === "paper" ? "truncate-early" : "cut-out",
  }),
  ["shards", "batches"],
  ({ aggregation }) => (aggregation === "logits" ? "SISA, mean of logits" : "SISA"),
);
