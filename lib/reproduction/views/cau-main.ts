import type { View } from "../../experiments";
import {
  calibratedCau,
  confirmedCases,
  countedOn,
  fixedWeights,
  paperCau,
  sessionGrids,
  sessionMetrics,
  sessionReferences,
  sessionShards,
  steppedBackCau,
} from "./session-grids";

const variants = ["gradient", "embedding"].flatMap((difficulty) =>
  ["soft", "hard"].map((sampling) => paperCau({ difficulty, sampling })),
);

const { tiny, quick, full } = sessionGrids(
  { methods: sessionReferences },
  ...sessionShards,
  {
    methods: [
      ...[{ name: "fine-tune" }, { name: "session-gradient-ascent" }],
      ...[...variants, ...fixedWeights(), calibratedCau],
    ],
  },
  { methods: [steppedBackCau], cases: confirmedCases },
);

/**
 * CAU's main comparison. Amazon Games is there to confirm: no rule of ours was chosen on it. Left out, since two cores
 * cannot afford it: shards with more than three seeds and one network, for they take a training each before and after;
 * SRU on Amazon Beauty; BERT4Rec on the large datasets.
 */
export const cauMain: View = {
  name: "cau-main",
  title: "Forgetting from sessions",
  metrics: sessionMetrics,
  distances: ["u-score@10", "u-score-calibrated@10"],
  timing: false,
  grids: {
    tiny,
    quick: [...quick, countedOn("ml-100k-sessions")],
    full: [...full, ...["amazon-beauty", "ml-1m-sessions", "ml-100k-sessions", "amazon-games"].map(countedOn)],
  },
};
