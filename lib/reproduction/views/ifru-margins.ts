import { type Choice, type RunOptions, type View } from "../../experiments";
import { asItIs, cell, lightGcn, mf, mislabelled, tinyLightGcn, tinyMf } from "./common";

/** Margins of each of these, of some number of models. */
function margins(models: number, ...by: readonly string[]): Choice[] {
  return by.map((name) => ({ name: "margins", options: { by: name, models } }));
}

const references = ["original", "retrain-again"];
const answers = ["ifru", "ifru-paper", "scif", "gradient-ascent"];
const pretenders = ["output-filter", "tuned-filter", "fine-tuning", "noise", "rescaled"];

/** Whole users, and rows that are hard: each as a request for true rows. */
const ofUsers: readonly Partial<RunOptions>[] = ["most-active", "least-active"].map((choice) => ({
  request: { kind: "users", choice },
}));
const hardSets: readonly Partial<RunOptions>[] = [
  ...["component-top", "component-bottom", "self-influence", "near-duplicates", "head-items", "tail-items"],
].map((set) => ({ request: { kind: "hard", set } }));
/** Rows drawn at random: the split's own, with their true labels. */
const randomRows: Partial<RunOptions> = { request: { kind: "split" } };

/**
 * Forgotten, as a distribution: margins of many models that forgot against those of as many that never saw the rows,
 * row by row, and by which measures the ones can be told from the others. One seed: a row of the table is of many
 * models already: 100 of MF, 30 on hard sets, 20 of LightGCN. Fewer have a higher floor, so that rows compare with
 * theirs. Left out: networks of sessions, which two cores cannot afford so many of.
 */
export const ifruMargins: View = {
  name: "ifru-margins",
  title: "Margins of many models against as many retrained (KLoM), and what tells them apart (AUC; 0.5: nothing does)",
  metrics: [
    ...["klom", "klom-floor", "klom-over-floor", "klom-95", "klom-worst", "klom-worst-floor", "klom-share-above"],
    ...["klom-gaussian", "margin-shift", "margin-shift-floor", "klom-retained"],
    ...["told-by-loss", "told-by-attack", "told-by-shadow-attack", "told-by-truth", "told-by-distance", "told-by-klom"],
  ],
  drawn: ["klom-over-floor", "klom-gaussian", "klom-worst"],
  timing: false,
  grids: {
    tiny: [
      cell({ name: "generated" }, tinyMf, {
        methods: margins(8, ...references, ...answers, ...pretenders),
        seeds: [1],
      }),
      cell({ name: "generated" }, tinyMf, {
        methods: margins(8, ...references, "ifru"),
        options: hardSets,
        seeds: [1],
      }),
      cell({ name: "generated" }, tinyLightGcn, {
        methods: margins(8, ...references, "ifru", "ifru-paper", "output-filter"),
        seeds: [1],
      }),
    ],
    quick: [
      cell(mislabelled("ml-100k", 0.02), mf, {
        methods: margins(20, ...references, "ifru", "output-filter", "rescaled"),
        seeds: [1],
      }),
    ],
    full: [
      cell(mislabelled("ml-100k", 0.02), mf, {
        methods: margins(100, ...references, ...answers, ...pretenders),
        seeds: [1],
      }),
      cell(asItIs("ml-100k"), mf, {
        methods: margins(100, ...references, "ifru", "ifru-paper"),
        options: ofUsers,
        seeds: [1],
      }),
      cell(asItIs("ml-100k"), mf, {
        methods: margins(30, ...references, "ifru"),
        options: [randomRows, ...hardSets],
        seeds: [1],
      }),
      cell(mislabelled("ml-100k", 0.01), lightGcn, {
        methods: margins(20, ...references, "ifru", "ifru-paper", "output-filter"),
        seeds: [1],
      }),
    ],
  },
};
