import { type Choice, type RunOptions, type SweepLine, type View } from "../../experiments";
import { asItIs, cell, lightGcn, mf, tinyLightGcn, tinyMf } from "./common";

/** What one retraining reaches against the others. */
const ceiling: Choice = { name: "retrain" };

const ifru = (options: Choice["options"] = {}): Choice => ({ name: "ifru-influence", options });
const gradients = (checkpoints: number, originals = 1): Choice => ({
  name: "gradient-influence",
  options: { checkpoints, originals },
});
const embeddings: Choice = { name: "embedding-influence" };

/** Estimates from one Original. */
const single: readonly Choice[] = [
  ...[ceiling, ifru()],
  ...[ifru({ pruningRatio: 0.4 }), ifru({ hops: 1 }), ifru({ hops: 2 }), ifru({ mode: "paper" })],
  ...[gradients(1), gradients(10), embeddings],
];
/** Means over several. */
const ofSeveral = (...counts: number[]): Choice[] => counts.map((originals) => ifru({ originals }));
const ofMost: readonly Choice[] = [ifru({ originals: 10 }), gradients(1, 10), gradients(10, 10)];

/** The parts that only IFRU for LightGCN has. */
const graphParts: readonly Choice[] = [ifru({ spillover: "none" }), ifru({ hessian: "plain" })];

/** Random subsets, from many rows left out to few. */
const subsets = (shares: readonly number[], rest: Readonly<Record<string, number>> = {}): Partial<RunOptions>[] =>
  shares.map((keptShare) => ({ request: { kind: "subsets", keptShare, ...rest } }));

const leaveOneOut = (rest: Readonly<Record<string, number>> = {}): Partial<RunOptions>[] => [
  { request: { kind: "leave-one-out", ...rest } },
];
const leaveUserOut = (rest: Readonly<Record<string, number>> = {}): Partial<RunOptions>[] => [
  { request: { kind: "leave-user-out", ...rest } },
];

/**
 * MF trained until nothing moves: all rows in one batch, so that their order plays no part, and a regularisation, so
 * that there is an optimum.
 */
const convergedMf: Choice = {
  name: "mf",
  options: {
    ...{ embeddingSize: 8, initialDeviation: 0.05, regularization: 0.05 },
    ...{ batchSize: 1_000_000, learningRate: 0.02, epochs: 150 },
  },
};

const one = { mode: "principled", hops: 0, pruningRatio: 0 };

/** What the chart over the kept share has lines for: few, or their names leave no room for it. */
const lines: readonly SweepLine[] = [
  { label: "another training", methods: [ceiling] },
  { label: "IFRU", methods: [ifru({ ...one, originals: 1 })] },
  { label: "IFRU, 10 originals", methods: [ifru({ ...one, originals: 10 })] },
  { label: "gradients", methods: [gradients(1)] },
  { label: "TracIn", methods: [gradients(10)] },
];

const shares = [0.5, 0.9, 0.98];

/** What a training of seconds leaves time for. */
const slow = { subsets: 12, retrainings: 2 };

const deletions = { deletions: 5, outputs: 20 };
const few = { subsets: 6, retrainings: 2, outputs: 20 };

/**
 * Is the influence right? Estimates of what training without some rows gives, held to such trainings: on random
 * subsets (the linear datamodeling score), and without single rows and whole users. LightGCN and BookCrossing have
 * fewer subsets and trainings of each, since one takes seconds; no single rows, for which they would have to be
 * converged. Session models have a view of their own.
 */
export const ifruValidity: View = {
  name: "ifru-validity",
  title: "Estimates of influence against training again",
  columns: [
    { of: "request", option: "keptShare", label: "kept", format: { percent: 0 } },
    { of: "method", option: "originals" },
    { of: "method", option: "hops" },
    { of: "method", option: "pruningRatio", label: "pruned", format: { percent: 0 } },
    { of: "method", option: "spillover" },
    { of: "method", option: "hessian" },
  ],
  metrics: ["attribution-score", "attribution-low", "attribution-high", "attribution-ceiling", "attribution-share"],
  drawn: ["attribution-score"],
  ...{ lines, linesOnly: true },
  timing: false,
  grids: {
    tiny: [
      cell({ name: "generated" }, tinyMf, {
        methods: single,
        options: [...subsets([0.5, 0.9], few), ...leaveOneOut(deletions), ...leaveUserOut(deletions)],
        seeds: [1],
      }),
      cell({ name: "generated" }, tinyMf, { methods: ofSeveral(2), options: subsets([0.5, 0.9], few), seeds: [1] }),
      cell({ name: "generated" }, tinyLightGcn, {
        methods: [...single, ...graphParts],
        options: subsets([0.9], few),
        seeds: [1],
      }),
    ],
    quick: [
      cell(asItIs("ml-100k"), mf, {
        methods: [ceiling, ifru(), gradients(1), embeddings],
        options: subsets([0.9], { subsets: 30, retrainings: 4 }),
        seeds: [1],
      }),
    ],
    full: [
      ...shares.flatMap((share) => [
        cell(asItIs("ml-100k"), mf, { methods: single, options: subsets([share]), seeds: [1] }),
        cell(asItIs("ml-100k"), mf, { methods: ofMost, options: subsets([share]), seeds: [1] }),
      ]),
      cell(asItIs("ml-100k"), mf, { methods: ofSeveral(2, 5), options: subsets([0.9]), seeds: [1] }),
      cell(asItIs("ml-100k"), mf, { methods: [ceiling, ifru(), gradients(1)], options: subsets([0.9]), seeds: [2, 3] }),
      cell(asItIs("ml-100k"), convergedMf, { methods: single, options: leaveOneOut(), seeds: [1] }),
      cell(asItIs("ml-100k"), convergedMf, { methods: single, options: leaveUserOut(), seeds: [1] }),
      cell(asItIs("ml-100k"), lightGcn, {
        methods: [ceiling, ifru(), ...graphParts, ifru({ mode: "paper" }), gradients(1), embeddings],
        options: subsets([0.9], slow),
        seeds: [1],
      }),
      cell(asItIs("bookcrossing"), mf, {
        methods: [ceiling, ifru(), ifru({ mode: "paper" }), gradients(1), embeddings],
        options: subsets([0.9], slow),
        seeds: [1],
      }),
    ],
  },
};
