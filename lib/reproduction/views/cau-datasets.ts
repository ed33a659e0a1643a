import type { Grid, View } from "../../experiments";

/** Nothing is trained for it: the models are counted, and not looked at. */
function statisticsOf(...names: string[]): readonly Grid[] {
  return [
    {
      datasets: names.map((name) => ({ name })),
      backbones: [{ name: "popularity" }],
      methods: [{ name: "original" }],
      seeds: [1],
    },
  ];
}

/** The datasets of sessions as they are learnt from: filtered and in sessions of two events or more. */
export const cauDatasets: View = {
  name: "cau-datasets",
  title: "Datasets of sessions",
  metrics: [
    ...["sessions", "items", "interactions", "mean-length", "longest-session"],
    ...["train-sessions", "validation-sessions", "test-sessions"],
  ],
  timing: false,
  grids: {
    tiny: statisticsOf("generated-sessions"),
    quick: statisticsOf("ml-100k-sessions"),
    full: statisticsOf("ml-100k-sessions", "ml-1m-sessions", "amazon-beauty", "amazon-games"),
  },
};
