import { fineTune } from "../../../baselines";
import { cau, sessionGradientAscent } from "../../../cau";
import { itemInfluence, outputInfluence } from "../../../ifru";
import type { SessionsMethod } from "../types";
import { fromOriginal } from "./from-original";
import { sessionSisaMethod, sessionSisaShards } from "./session-sisa";
import { sruMethod, sruShards } from "./sru";

/** The methods of sessions beside those that every task has, by name; shards serve the others. */
export const sessionsMethods: Readonly<Record<string, SessionsMethod>> = {
  cau: fromOriginal(cau),
  "fine-tune": fromOriginal(fineTune),
  "item-influence": fromOriginal(itemInfluence),
  "output-influence": fromOriginal(outputInfluence),
  "session-gradient-ascent": fromOriginal(sessionGradientAscent),
  "session-sisa": sessionSisaMethod,
  "session-sisa-shards": sessionSisaShards,
  sru: sruMethod,
  "sru-shards": sruShards,
};
