import type { CauOptions } from "./cau-options";

/**
 * How the samples to forget are gone through, epoch by epoch: CAU's options, with its losses as numbers into
 * `lossNames`.
 */
export interface UnlearningLoopOptions extends Omit<CauOptions, "mode" | "objectives" | "difficulty"> {
  readonly tasks: readonly number[];
}
