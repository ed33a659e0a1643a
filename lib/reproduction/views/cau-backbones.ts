import { type Choice, type Grid, seedsUpTo, type View } from "../../experiments";
import { sessionModelKinds } from "../../models";
import { affordableNetwork, countedModels, tinyNetwork } from "./common";

/** Networks, each with so many seeds, beside what is counted, which has none. */
function originals(dataset: string, networks: readonly (readonly [network: Choice, seeds: number])[]): Grid[] {
  const [datasets, methods] = [[{ name: dataset }], [{ name: "original" }]];
  return [
    ...networks.map(([network, seeds]) => ({ datasets, backbones: [network], methods, seeds: seedsUpTo(seeds) })),
    { datasets, backbones: countedModels, methods, seeds: [1] },
  ];
}

/** The same, as the full preset has it. */
const trainedOn = (dataset: string, seeds: Readonly<Record<string, number>>) =>
  originals(
    dataset,
    Object.entries(seeds).map(([name, count]) => [affordableNetwork(dataset, name), count]),
  );

/**
 * What the models of sessions are worth before anything is forgotten, beside simple ones, and how much better they
 * predict what they were trained on (an item in a fifth of the sessions) than items of unseen sessions. Left out, since
 * two cores cannot afford it: BERT4Rec on the large datasets.
 */
export const cauBackbones: View = {
  name: "cau-backbones",
  title: "Models of sessions before forgetting",
  metrics: [
    ...["session-recall@10", "session-ndcg@10", "session-mrr@10", "session-recall@20", "session-ndcg@20"],
    ...["hit-u@10", "unseen@10", "hit-u-among-all@10", "unseen-among-all@10"],
  ],
  timing: false,
  curves: true,
  grids: {
    tiny: originals(
      "generated-sessions",
      sessionModelKinds.map((name) => [tinyNetwork(name), 1]),
    ),
    quick: originals(
      "ml-100k-sessions",
      sessionModelKinds.map((name) => [{ name, options: { epochs: 4 } }, 1]),
    ),
    full: [
      ...trainedOn("amazon-beauty", { gru4rec: 6, sasrec: 6 }),
      ...trainedOn("ml-1m-sessions", { gru4rec: 6, sasrec: 6 }),
      ...trainedOn("ml-100k-sessions", { bert4rec: 3 }),
      ...trainedOn("amazon-games", { gru4rec: 3 }),
    ],
  },
};
