import type { NumberFormat } from "../../tables";
import type { Choice, Grid } from "./grid";
import type { RunConfig, RunOptions } from "./run-config";

/**
 * How large an experiment is: `tiny` for tests (seconds), `quick` for a first answer (minutes on two cores), `full` as
 * in the paper.
 */
export type Preset = "tiny" | "quick" | "full";

/** Every preset, the smallest first. */
export const presets: readonly Preset[] = ["tiny", "quick", "full"];

/** A column for an option that rows of a view differ in. */
export interface OptionColumn {
  /** Which options of a run it is among. */
  readonly of: keyof RunOptions;
  readonly option: string;
  /** As the table heads it. Default: the option's name. */
  readonly label?: string;
  readonly format?: NumberFormat;
}

/** Rows of a sweep that are joined by a line. */
export interface SweepLine {
  readonly label: string;
  /** Of the view's methods; one may be on several lines. */
  readonly methods: readonly Choice[];
}

/** Which metrics tell what forgetting costs. */
export interface TradeOff {
  /** How much is lost, such as `"drop@10"`. */
  readonly loss: string;
  /** How much of what is to be forgotten is still known, such as `"hit-u@10"`. */
  readonly remembered: string;
  /** The same of what was never learnt: Original's is the level to reach. */
  readonly unseen: string;
}

/** One paper table or figure over the runs of some grids. Data. */
export interface View {
  /** In kebab-case, such as `"ifru-accuracy"`. */
  readonly name: string;
  /** The caption of its table. */
  readonly title: string;
  /** What is computed, by preset. */
  readonly grids: Readonly<Record<Preset, readonly Grid[]>>;
  /** Names of the metrics shown, in order. Those of an audit have it made of every run. */
  readonly metrics: readonly string[];
  /**
   * Of these, those behind which the table prints the difference from Retrain's value, since that is their aim.
   * Default: none.
   */
  readonly distances?: readonly string[];
  /** Of the metrics, those that have figures. Default: all. */
  readonly drawn?: readonly string[];
  /**
   * Options that rows differ in and that have a column of their own; a row without the option has none. Default: none.
   */
  readonly columns?: readonly OptionColumn[];
  /**
   * Lines over the first column where that is a number and methods alone do not tell them. Default: one for each
   * method.
   */
  readonly lines?: readonly SweepLine[];
  /** Whether such a figure leaves out rows on none of them. Default: false, so that they have lines of their own. */
  readonly linesOnly?: boolean;
  /**
   * What is drawn against each other, a point for each row, those that differ in numbers alone joined. Default:
   * nothing.
   */
  readonly tradeOff?: TradeOff;
  /**
   * Whether its seconds are its point: they are shown with what was paid once, the speed-up over Retrain and what was
   * counted, and one run is computed at a time.
   */
  readonly timing: boolean;
  /**
   * Whether learning curves or trajectories belong to it: then its records have the log, an entry an epoch or step.
   * Default: false.
   */
  readonly curves?: boolean;
}

/** What identifies a row of a view's table: everything of a config but the seed and what is looked at closer. */
export type RowKey = Omit<RunConfig, "seed" | "audit">;
