import { InvalidOptionError, requireNumber } from "../../core";
import type { Sessions } from "../../data";
import type { CurriculumOptions } from "../batch-order";
import type { JointDescentOptions } from "./joint-descent";

/** How the samples to forget are gone through, epoch by epoch. */
export interface UnlearningLoopOptions extends JointDescentOptions, CurriculumOptions {
  /** Adam's first step size; where the first epoch goes too far, it is halved and begun again, five times at most (not with `last`). */
  readonly learningRate: number;
  /** Samples per step. */
  readonly batchSize: number;
  /** The most passes over the samples. */
  readonly epochs: number;
  /** Whether difficulty is found anew before every epoch. */
  readonly refresh: boolean;
  /**
   * Which epoch's state is kept: `validation`, the best operating point; `level`, the one that ranks the samples most as unseen ones rank,
   * where it ends too; `last`.
   */
  readonly select: "validation" | "level" | "last";
  /** With `level`: whether all samples are gone through, or only those that still rank better than unseen ones. */
  readonly climb: "all" | "remembered";
  /** Sessions that were not trained on; `last` can do without. */
  readonly validation: Sessions | null;
}

/** @throws InvalidOptionError for a number out of range, or validation sessions that are missing */
export function requireLoopOptions(
  options: Pick<UnlearningLoopOptions, "learningRate" | "batchSize" | "epochs" | "seed" | "select" | "validation">,
): void {
  requireNumber("learningRate", options.learningRate, { above: 0 });
  for (const name of ["batchSize", "epochs"] as const) requireNumber(name, options[name], { min: 1, integer: true });
  requireNumber("seed", options.seed, { integer: true });
  if (options.validation === null && options.select !== "last")
    throw new InvalidOptionError('"validation" is missing', {
      remedy: 'pass sessions that were not trained on, or select "last"',
    });
}
