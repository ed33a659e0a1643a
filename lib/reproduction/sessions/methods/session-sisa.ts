import { sessionSisa, sessionSisaOptions } from "../../../baselines";
import type { Options } from "../../../experiments";
import { shardedPart, shardsPart } from "./shards";

const sisa = {
  code: __filename,
  label: "SISA",
  preparation: "session-sisa-shards",
  vectorsOf: null,
  own: (options: Options) => options,
  settings: sessionSisaOptions,
  options: sessionSisaOptions,
  partitionedBy: ["shards", "batches"],
  prepare: sessionSisa.prepare,
  unlearn: sessionSisa.unlearn,
};

export const sessionSisaShards = shardsPart(sisa);

/** SISA over sessions. */
export const sessionSisaMethod = shardedPart(sisa, ({ aggregation }) =>
  aggregation === "logits" ? "SISA, mean of logits" : "SISA",
);
