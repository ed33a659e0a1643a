import { type Choice, type Grid, type Options, type RunOptions, seedsUpTo, type View } from "../../experiments";
import { affordableNetwork, cell, countedModels, tinyNetwork } from "./common";

/** A dataset of sessions and a network, and the seeds that two cores afford: up to a number, or which. */
export type SessionCase = readonly [dataset: string, network: string, seeds: number | readonly number[]];

/** Both networks on both large datasets, for what is swept. */
export const sweptCases: readonly SessionCase[] = [
  ["amazon-beauty", "gru4rec", 6],
  ["amazon-beauty", "sasrec", 3],
  ["ml-1m-sessions", "gru4rec", 6],
  ["ml-1m-sessions", "sasrec", 6],
];

/** One network on each of them, for what takes further trainings. */
export const trainedCases: readonly SessionCase[] = sweptCases.filter(([, network]) => network === "gru4rec");

/** What no rule of ours was chosen on. */
const unseenCase: SessionCase = ["amazon-games", "gru4rec", 3];

/** What is held to confirm: the seeds whose models were trained last. */
export const confirmedCases: readonly SessionCase[] = [
  ["amazon-beauty", "gru4rec", [2, 3]],
  ["amazon-beauty", "sasrec", [4, 5, 6]],
  ["ml-1m-sessions", "gru4rec", 3],
  ["ml-1m-sessions", "sasrec", 3],
  unseenCase,
];

/** What CAU's main table is about. BERT4Rec on the large datasets is more than two cores afford. */
const everyCase: readonly SessionCase[] = [
  ["amazon-beauty", "gru4rec", 6],
  ["amazon-beauty", "sasrec", 6],
  ["ml-1m-sessions", "gru4rec", 6],
  ["ml-1m-sessions", "sasrec", 6],
  ["ml-100k-sessions", "bert4rec", 3],
  unseenCase,
];

/** Methods, and how much is computed of them. */
export interface SessionMethods {
  readonly methods: readonly Choice[];
  /** Of the full preset. Default: `everyCase`. */
  readonly cases?: readonly SessionCase[];
  /** The most seeds of the full preset. Default: as many as each case affords. */
  readonly seeds?: number;
  /** Of the quick preset. Default: 2, or fewer where the full preset has fewer. */
  readonly quickSeeds?: number;
  /** Sets of further options, such as requests, that every method is run with. */
  readonly options?: readonly Partial<RunOptions>[];
}

/** Methods on generated sessions, on MovieLens-100K with one network, and case by case on the paper's datasets. */
export function sessionGrids(...groups: readonly SessionMethods[]): View["grids"] {
  const [quick, tiny]: Choice[] = [{ name: "gru4rec", options: { epochs: 3 } }, tinyNetwork("gru4rec")];
  const grid = (dataset: string, network: Choice, seeds: readonly number[], group: SessionMethods): Grid => {
    const { methods, options } = group;
    return cell({ name: dataset }, network, {
      methods,
      seeds: [...seeds],
      ...(options === undefined ? {} : { options }),
    });
  };
  return {
    tiny: groups.map((group) => grid("generated-sessions", tiny, [1], group)),
    quick: groups.map((group) => {
      const { seeds = 2, quickSeeds = Math.min(2, seeds) } = group;
      return grid("ml-100k-sessions", quick, seedsUpTo(quickSeeds), group);
    }),
    full: everyCase.flatMap(([dataset, network]) =>
      groups.flatMap((group) => {
        const { cases = everyCase, seeds: most = Infinity } = group;
        const own = cases.filter((one) => one[0] === dataset && one[1] === network);
        return own.map(([, , afforded]) => {
          const seeds = typeof afforded === "number" ? seedsUpTo(Math.min(afforded, most)) : afforded;
          return grid(dataset, affordableNetwork(dataset, network), seeds, group);
        });
      }),
    ),
  };
}

/** What is counted, beside the networks: it has no seed. */
export function countedOn(dataset: string): Grid {
  return { datasets: [{ name: dataset }], backbones: countedModels, methods: [{ name: "original" }], seeds: [1] };
}

/** CAU as the paper has it. */
export function paperCau(options: Options = {}): Choice {
  return { name: "cau", options: { mode: "paper", ...options } };
}

/** Ours: until what is to be forgotten ranks like what was never seen. */
export const calibratedCau: Choice = { name: "cau", options: { mode: "principled" } };

/** The same, and a step back from the epoch that is past the level. */
export const steppedBackCau: Choice = { name: "cau", options: { mode: "principled", select: "between" } };

/** Weights that no Pareto step chooses, and no curriculum: gradients as they come, and each at length 1. */
export function fixedWeights(options: Options = {}): Choice[] {
  return ["none", "l2"].map((normalization) =>
    paperCau({ weights: "equal", sampling: "random", normalization, ...options }),
  );
}

/** Before, and as it should be. Another retraining for the noise floor is more than two cores afford: seeds tell it. */
export const sessionReferences: readonly Choice[] = [{ name: "original" }, { name: "retrain" }];

/** What takes several trainings for a request: few seeds of one network, and SRU, which takes longest, of one case. */
export const sessionShards: readonly SessionMethods[] = [
  { methods: [{ name: "session-sisa" }], cases: trainedCases, seeds: 3, quickSeeds: 1 },
  { methods: [{ name: "sru" }], cases: trainedCases.slice(1), seeds: 3, quickSeeds: 1 },
];

/** What CAU's tables measure: accuracy, what is still predicted of the forgotten, and scores of both in one. */
export const sessionMetrics: readonly string[] = [
  ...["session-recall@10", "session-ndcg@10", "drop@10"],
  ...["hit-u@10", "unseen@10", "hit-gap@10", "hit-u-among-all@10", "hit-gap-among-all@10"],
  ...["u-score@10", "u-score-calibrated@10"],
];
