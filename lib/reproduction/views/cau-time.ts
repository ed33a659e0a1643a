import type { View } from "../../experiments";
import { calibratedCau, paperCau, sessionGrids, sessionShards } from "./session-grids";

const approximate = [paperCau(), paperCau({ difficulty: "embedding" }), calibratedCau];

/**
 * What forgetting costs: the three seeds whose Retrain was timed with nothing else running. Shards are timed in turn
 * and as if all were trained at once; one seed, of one network.
 */
export const cauTime: View = {
  name: "cau-time",
  title: "Time to forget from sessions",
  metrics: ["session-ndcg@10", "hit-u@10"],
  timing: true,
  grids: sessionGrids(
    { methods: [{ name: "retrain" }], seeds: 3, quickSeeds: 1 },
    ...sessionShards.map((shards) => ({ ...shards, seeds: 1 })),
    { methods: approximate, seeds: 3, quickSeeds: 1 },
  ),
};
