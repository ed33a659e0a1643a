import { type Choice, type View } from "../../experiments";
import { asItIs, cell, mf, mislabelled, tinyMf } from "./common";

/** Margins of each of these, of some number of models. */
function margins(models: number, ...by: readonly string[]): Choice[] {
  return by.map((name) => ({ name: "margins", options: { by: name, models } }));
}

const references = ["original", "retrain-again"];
const answers = ["ifru", "ifru-paper", "scif", "gradient-ascent"];
const pretenders = ["output-filter", "tuned-filter", "fine-tuning", "noise", "rescaled"];

/**
 * Forgotten, as a distribution: margins of many models that forgot against those of as many that never saw the rows,
 * row by row, and by which measures the ones can be told from the others. One seed: a row of the table is of many
 * models already. MF alone: LightGCN and networks of sessions have no such runs yet.
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
        options: ["most-active", "least-active"].map((choice) => ({ request: { kind: "users", choice } })),
        seeds: [1],
      }),
    ],
  },
};
