import { didYouMean, InvalidOptionError } from "../../core";
import type { Dataset } from "../catalogue/dataset";
import { type IfruSplit, ifruSplit } from "../ifru-split";
import { type Interactions, rowsWhere } from "../interactions";
import { compactRows } from "../renumber";
import { type SessionDataset, sessionDataset } from "../sessions/session-dataset";
import type { Split } from "../splits";
import { splitHash } from "./split-hash";
import { splitInteractions } from "./split-interactions";

/** What a protocol of the field gives. */
export interface ProtocolSplits {
  /** IFRU's: 5-core, shuffled by numpy's seed 1024, 60 / 20 / 20, the last 2 % of train to forget (`ifruSplit`). */
  readonly ifru: IfruSplit;
  /**
   * Each user's last row for testing and the one before for validation, users with fewer than three rows for training
   * only. Of two rows of one time the one further down is the later. Repeated pairs are kept.
   */
  readonly "leave-one-out": Split;
  /** The same of rows rated 4 or more, or of every row where there are no ratings. */
  readonly "leave-one-out-positives": Split;
  /** The session papers': ratings from 4, one session per user in order of time, 8 : 1 : 1 by session. */
  readonly "session-8-1-1": SessionDataset;
}

/** What a protocol splits. */
type SplitSource = Pick<Dataset, "name" | "interactions" | "dataHash">;

/** A protocol of the field. */
export type Protocol = keyof ProtocolSplits;

/** A split by a protocol, and the hash that names it. */
export interface ProtocolSplit<P extends Protocol = Protocol> {
  readonly split: ProtocolSplits[P];
  /** sha256 (`splitHash`, `sessionSplitHash`). Those of ML-100K and ML-1M are in `publishedSplits`. */
  readonly hash: string;
}

const protocols: { readonly [P in Protocol]: (dataset: SplitSource) => ProtocolSplit<P> } = {
  ifru: ({ interactions }) => hashed(ifruSplit(interactions)),
  "leave-one-out": ({ interactions }) => leaveOneOut(interactions),
  "leave-one-out-positives": ({ interactions }) => {
    const isRated = interactions.label.some((label) => label !== 1);
    const positives = rowsWhere(interactions, (row) => !isRated || interactions.label[row] >= 4);
    return leaveOneOut(compactRows(interactions, positives));
  },
  "session-8-1-1": (dataset) => {
    const split = sessionDataset(dataset);
    return { split, hash: split.splitHash };
  },
};

function leaveOneOut(interactions: Interactions): { readonly split: Split; readonly hash: string } {
  return hashed(splitInteractions(interactions, { by: "leave-last-out", leaks: "keep" }));
}

function hashed<S extends Split | IfruSplit>(split: S): { readonly split: S; readonly hash: string } {
  return { split, hash: splitHash(split) };
}

/**
 * The hashes of splits by dataset and protocol: what `protocolSplit` gives of the catalogue's content. ML-1M has no
 * `leave-one-out` here: the copy that can be had lacks the times of rows rated 3 or less.
 */
export const publishedSplits: Readonly<Record<string, Readonly<Partial<Record<Protocol, string>>>>> = {
  "ml-100k": {
    ifru: "6f0875316a4f1a8746effeb6303aba6a910457f9f17dadaedf4e648863eef090",
    "leave-one-out": "d74f706bfe84eb4556ce77974c174bdf2cf927b8d0a415d3599d5ca47178bb5e",
    "leave-one-out-positives": "b3d48aa408986562524604459f548ac4cf9d5dd27aca05f32f7a5f3015e7c5bc",
    "session-8-1-1": "b4cb7a1000297a7d1573ef09c4ab34399680c2e5ac3da7d1cb2e1ac09e5e5260",
  },
  "ml-1m": {
    ifru: "4b584f03cdad085c6e0ce9fd4711f086719ecbb723403864b0cfde70ab148d8d",
    "leave-one-out-positives": "9012b9486e101cf82c4e13643453b586c87f2994c4c77e5bb69de7c9995d2b04",
    "session-8-1-1": "57399ce492734f795533a16b02078d16a3ee20c69962bb6989ec6fe7a56212a6",
  },
};

/**
 * A dataset, split by a protocol of the field with all its defaults.
 *
 * @param dataset of `loadDataset`
 * @example
 * const { split, hash } = protocolSplit("leave-one-out", await loadDataset("ml-100k"));
 * hash === publishedSplits["ml-100k"]["leave-one-out"]; // true
 * @throws InvalidOptionError for a name that is no protocol
 * @throws InvalidDataError when the data cannot be split so, such as by time where rows have none
 */
export function protocolSplit<P extends Protocol>(protocol: P, dataset: SplitSource): ProtocolSplit<P> {
  if (Object.hasOwn(protocols, protocol)) return protocols[protocol](dataset);
  throw new InvalidOptionError(`there is no protocol "${String(protocol)}"`, {
    where: "protocolSplit",
    remedy: didYouMean(String(protocol), Object.keys(protocols)),
  });
}
