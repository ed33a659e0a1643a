import type { Grid } from "./grid";
import type { RunConfig } from "./run-config";

/** How large an experiment is: `tiny` for tests (seconds), `quick` for a first answer (minutes on two cores), `full` as in the paper. */
export type Preset = "tiny" | "quick" | "full";

export const presets: readonly Preset[] = ["tiny", "quick", "full"];

/** One paper table or figure over the runs of a grid. Data. */
export interface View {
  /** In kebab-case, such as `"ifru-accuracy"`. */
  readonly name: string;
  /** The caption of its table. */
  readonly title: string;
  /** What is computed, by preset. */
  readonly grids: Readonly<Record<Preset, Grid>>;
  /** Names of the metrics shown, in order. */
  readonly metrics: readonly string[];
  /** Whether its seconds are its point: they are shown with the speed-up over Retrain, and one run is computed at a time. */
  readonly timing: boolean;
}

/** The method that the others are compared with, and the one that shows how far apart two of its models are. */
export const referenceMethod = "retrain";
export const noiseFloorMethod = "retrain-again";

/** What identifies a row of a view's table: everything of a config but the seed. */
export type RowKey = Omit<RunConfig, "seed">;
