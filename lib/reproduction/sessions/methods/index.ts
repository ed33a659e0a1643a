import type { SessionsMethod } from "../types";
import { cauMethod } from "./cau";
import { fineTuneMethod } from "./fine-tune";
import { outputInfluenceMethod } from "./output-influence";
import { sessionGradientAscentMethod } from "./session-gradient-ascent";
import { sessionSisaMethod, sessionSisaShards } from "./session-sisa";
import { sruMethod, sruShards } from "./sru";

/** The methods of sessions beside those that every task has, by name; shards serve the others. */
export const sessionsMethods: Readonly<Record<string, SessionsMethod>> = {
  cau: cauMethod,
  "fine-tune": fineTuneMethod,
  "output-influence": outputInfluenceMethod,
  "session-gradient-ascent": sessionGradientAscentMethod,
  "session-sisa": sessionSisaMethod,
  "session-sisa-shards": sessionSisaShards,
  sru: sruMethod,
  "sru-shards": sruShards,
};
