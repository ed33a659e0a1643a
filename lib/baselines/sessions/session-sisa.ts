import { requireOneOf, resolveOptions } from "../../core";
import { sessionCount } from "../../data";
import type { SessionModel } from "../../models";
import { randomPartition } from "../partition";
import { shardedSessionMethod } from "./sharded-session-method";
import { checkShardedSessionsOptions, shardedSessionsDefaults, type ShardedSessionsOptions } from "./sharded-sessions";

/** Options of `sessionSisa`. */
export interface SessionSisaOptions extends Omit<ShardedSessionsOptions, "deletion" | "deleteCount"> {
  /**
   * `principled` (default): forgotten events are cut out. `paper`: their sessions are truncated, as SRU's release does for every method.
   * A mode sets the defaults of `removal` and `batches`.
   */
  readonly mode: "principled" | "paper";
  /** The mean of the shards' `probabilities` (default), or of their `logits`; which one CAU and SRU took is not known. */
  readonly aggregation: "probabilities" | "logits";
}

type Resolved = SessionSisaOptions & ShardedSessionsOptions;

function resolve(given: Partial<SessionSisaOptions> | undefined): Resolved {
  const mode = requireOneOf("mode", given?.mode ?? "principled", ["principled", "paper"]);
  const defaults: SessionSisaOptions = {
    ...shardedSessionsDefaults,
    ...{ mode, aggregation: "probabilities", removal: mode === "paper" ? "truncate-early" : "cut-out" },
    batches: mode === "paper" ? "whole" : "share",
  };
  const options = resolveOptions(defaults, given, "sessionSisa");
  requireOneOf("aggregation", options.aggregation, ["probabilities", "logits"]);
  return checkShardedSessionsOptions({ ...options, deletion: "random", deleteCount: 0 });
}

/**
 * SISA (Bourtoule et al., IEEE S&P 2021) over sessions: random shards of whole sessions, a session model each, and only those that hold
 * a session with a forgotten event are trained again.
 */
export const sessionSisa = shardedSessionMethod<Pick<SessionModel, "kind">, SessionSisaOptions, Resolved>({
  name: "session-sisa",
  resolve,
  partition: (_original, train, { shards, seed }) =>
    Promise.resolve(randomPartition(sessionCount(train), shards, seed)),
  vectors: () => null,
  aggregator:
    ({ aggregation }) =>
    () =>
      Promise.resolve({ aggregation: { kind: aggregation }, epochs: 0, gradientRows: 0 }),
});
