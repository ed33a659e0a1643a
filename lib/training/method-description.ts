import type { OptionList } from "../core";

/** Numbers and words about how a run went that do not depend on the clock. Plain JSON. */
export type Facts = Readonly<Record<string, string | number | boolean | null>>;

/**
 * One step, or a stretch of steps, of a method that moves a model along several losses; numbers by the losses' names.
 */
export interface StepRecord {
  /** From 1; the last one of a stretch. */
  readonly step: number;
  /** From 1. */
  readonly epoch: number;
  /** Means over the stretch, each of batches before their steps. */
  readonly losses: Readonly<Record<string, number>>;
  /** How much of the step each loss had. */
  readonly weights: Readonly<Record<string, number>>;
  /** Mean difficulty of the samples; `null` where their order does not depend on it. */
  readonly difficulty: number | null;
}

/** An option of a method that is found once per trained model, by retraining without a probe. */
export interface CalibratedOption {
  /** It is found where this option is a word, such as `"calibrated"`, in principled mode. */
  readonly option: string;
  /** The method whose `prepare` finds it. */
  readonly by: string;
}

/**
 * What experiments, tables and help know of a method: it stands beside the update rule, so that a method is one file.
 *
 * @typeParam D the method's diagnostics
 * @typeParam P what its `prepare` makes
 */
export interface MethodDescription<D, P = never> {
  /**
   * The module that holds the method, `__filename` there: its runs' code version follows the module's imports. Default,
   * as in a notebook: the text of the method's own functions stands for its code.
   */
  readonly code?: string;
  /** As tables write it, without the mode; a function where other options make a difference. */
  readonly label: string | ((options: Readonly<Record<string, unknown>>) => string);
  /** The models it works on: `"mf"`, `"gru4rec"` … */
  readonly models: readonly string[];
  readonly options: OptionList;
  /** Default: nothing is calibrated. */
  readonly calibrates?: CalibratedOption;
  /** What a calibration found, for methods that have one of their own. */
  calibrationFacts?(prepared: P): Facts;
  /** What is worth keeping of an answer's diagnostics. */
  facts(diagnostics: D): Facts;
  /** What the log of a run has, for methods that step along losses. Default: nothing. */
  history?(diagnostics: D): readonly StepRecord[];
}
