import { modeOption, optionList, type OptionsOf, wordOption } from "../../core";
import { sessionCount } from "../../data";
import type { SessionModel } from "../../models";
import { randomPartition } from "../partition";
import { shardedSessionMethod } from "./sharded-session-method";
import { shardedSessionsFields, type ShardedSessionsOptions } from "./sharded-sessions";

/** The options of `sessionSisa`. */
export const sessionSisaOptions = optionList("sessionSisa", {
  mode: modeOption(
    "`principled`: forgotten events are cut out. `paper`: their sessions are truncated, as SRU's release does for every " +
      "method.",
  ),
  ...shardedSessionsFields,
  aggregation: wordOption(
    "The mean of the shards' `probabilities`, or of their `logits`; which one CAU and SRU took is not known.",
    ["probabilities", "logits"],
    "probabilities",
  ),
});

/** Options of `sessionSisa`; defaults and ranges are in `sessionSisaOptions`. */
export interface SessionSisaOptions extends OptionsOf<typeof sessionSisaOptions.fields> {}

type Resolved = SessionSisaOptions & ShardedSessionsOptions;

/**
 * SISA (Bourtoule et al., IEEE S&P 2021) over sessions: random shards of whole sessions, a session model each, and only
 * those that hold a session with a forgotten event are trained again.
 */
export const sessionSisa = shardedSessionMethod<Pick<SessionModel, "kind">, SessionSisaOptions, Resolved>({
  name: "session-sisa",
  resolve: (given) => ({ ...sessionSisaOptions.resolve(given), deletion: "random", deleteCount: 0 }),
  partition: (_original, train, { shards, seed }) =>
    Promise.resolve(randomPartition(sessionCount(train), shards, seed)),
  vectors: () => null,
  aggregator:
    ({ aggregation }) =>
    () =>
      Promise.resolve({ aggregation: { kind: aggregation }, epochs: 0, gradientRows: 0 }),
});
