import { type Choice, type RunOptions, type View } from "../../experiments";
import { cell, tinyNetwork } from "./common";

/** What one retraining reaches, and the estimates. */
const estimates: readonly Choice[] = [
  { name: "retrain" },
  { name: "output-influence-estimate" },
  { name: "item-influence-estimate" },
  { name: "popularity-estimate" },
];

const subsets = (keptShare: number, rest: Readonly<Record<string, number>>): Partial<RunOptions> => ({
  request: { kind: "session-subsets", keptShare, ...rest },
});

/** Small, and trained for a few epochs alone: a case is a training. */
const smallNetwork: Choice = {
  name: "gru4rec",
  options: { embeddingSize: 16, learningRate: 0.01, epochs: 4 },
};

/**
 * Is the influence right on session models? The steps on the output layer, and on the item embeddings too,
 * held to small networks that were trained on random subsets of the sessions: margins of events of test sessions.
 */
export const ifruValiditySessions: View = {
  name: "ifru-validity-sessions",
  title: "Estimates of influence on session models against training again",
  columns: [{ of: "request", option: "keptShare", label: "kept", format: { percent: 0 } }],
  metrics: ["score", "low", "high", "ceiling", "share"].map((name) => `session-attribution-${name}`),
  drawn: ["session-attribution-score"],
  timing: false,
  grids: {
    tiny: [
      cell({ name: "generated-sessions" }, tinyNetwork("gru4rec"), {
        methods: estimates,
        options: [0.5, 0.9].map((share) => subsets(share, { subsets: 5, retrainings: 2, outputs: 20 })),
        seeds: [1],
      }),
    ],
    quick: [
      cell({ name: "generated-sessions" }, smallNetwork, {
        methods: estimates,
        options: [subsets(0.5, { subsets: 20, retrainings: 3 })],
        seeds: [1],
      }),
    ],
    full: [
      cell({ name: "ml-100k-sessions" }, smallNetwork, {
        methods: estimates,
        options: [0.5, 0.9].map((share) => subsets(share, { subsets: 15, retrainings: 2 })),
        seeds: [1],
      }),
    ],
  },
};
