import { type Choice, type Grid, seedsUpTo, type View } from "../../experiments";
import { bothModes, cell, mf, mislabelled, tinyMf } from "./common";
import {
  calibratedCau,
  paperCau,
  sessionGrids,
  type SessionMethods,
  sessionReferences,
  sweptCases,
} from "./session-grids";

/** On sessions: CAU, and IFRU's step on the output layer. */
const onSessions: readonly Choice[] = [
  ...[paperCau(), calibratedCau],
  ...["changed", "none"].map((spillover) => ({ name: "output-influence", options: { spillover } })),
];

/** On ratings: IFRU and plain ascent, and CAU's losses, Pareto step and curriculum on matrix factorisation. */
const onRatings: readonly Choice[] = [
  ...[bothModes("ifru")[0], bothModes("gradient-ascent")[0]],
  { name: "cau-mf" },
  { name: "cau-mf", options: { weights: "equal" } },
  { name: "cau-mf", options: { sampling: "random" } },
];

function ratings(dataset: Choice, backbone: Choice, seeds: number): Grid {
  return cell(dataset, backbone, { methods: [...sessionReferences, ...onRatings], seeds: seedsUpTo(seeds) });
}

/** The step on the item embeddings too: three seeds of GRU4Rec, one of SASRec, whose trainings take longer. */
const onEmbeddings: SessionMethods = {
  methods: [{ name: "item-influence" }],
  cases: sweptCases.map(([dataset, network]) => [dataset, network, network === "gru4rec" ? 3 : 1]),
  quickSeeds: 1,
};

const sessions = sessionGrids(
  { methods: [...sessionReferences, ...onSessions], cases: sweptCases, quickSeeds: 1 },
  onEmbeddings,
);

/**
 * What neither paper does: each one's idea on the other's ground, in one table. A row has the metrics of its own
 * ground: loss of recommendation and Hit_u on sessions, AUC and forget AUC on ratings.
 */
export const ifruMeetsCau: View = {
  name: "ifru-meets-cau",
  title: "IFRU meets CAU",
  metrics: ["session-ndcg@10", "drop@10", "hit-u@10", "hit-gap@10", "auc", "forget-auc", "forget-loss-gap"],
  columns: [
    { of: "method", option: "spillover" },
    { of: "method", option: "weights" },
    { of: "method", option: "sampling", label: "order" },
  ],
  timing: true,
  grids: {
    tiny: [...sessions.tiny, ratings({ name: "generated" }, tinyMf, 1)],
    quick: [...sessions.quick, ratings(mislabelled("ml-100k", 0.02), mf, 6)],
    full: [...sessions.full, ratings(mislabelled("ml-100k", 0.02), mf, 6)],
  },
};
