import type { Reading } from "./reading";

/**
 * One thing that is measured of every model: *Original*, the answer and each retraining.
 *
 * @typeParam O what models put out: scores, or ranks
 */
export interface Measure<O> {
  /** As tables and sentences call it, such as `"log loss on the forgotten rows"`. */
  readonly label: string;
  /** What it says something about. */
  readonly about: "completeness" | "utility";
  /** Completeness: where a model that remembers is, above (+1) or below (-1) others. Utility: what is better. */
  readonly towards: 1 | -1;
  read(outputs: O): Reading;
}

/**
 * What measures are taken of. `O` is what a model puts out.
 */
export interface Evaluation<O> {
  readonly measures: readonly Measure<O>[];
  /** One number for each forgotten row or sample, of which distances are taken: a probability, or the log of a rank. */
  readonly beliefs: (outputs: O) => Float64Array;
  /** As tables call that distance. */
  readonly distanceLabel: string;
  /** How many forgotten rows or samples the measures look at. */
  readonly forgotten: number;
  /** What they are, such as `"rows"`. */
  readonly unit: string;
  /** What cannot be told from what was given, one sentence each. */
  readonly untold: readonly string[];
}
