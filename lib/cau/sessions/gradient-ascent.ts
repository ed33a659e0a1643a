import { requireOneOf, resolveOptions } from "../../core";
import type { Sessions } from "../../data";
import type { SessionModel } from "../../models";
import type { SessionUnlearningRequest, UnlearningMethod, UnlearningResult } from "../../training";
import { requireLoopOptions } from "./loop-options";
import { paretoDefaults } from "../pareto";
import { type UnlearningDiagnostics, unlearningLoop } from "./unlearning-loop";

/** Options of `sessionGradientAscent`. */
export interface SessionGradientAscentOptions {
  /** Adam's first step size, halved as CAU's is. Default 1e-4: nothing holds on, and at 1e-3 one epoch costs most of the accuracy. */
  readonly learningRate: number;
  /** Samples per step. Default 64. */
  readonly batchSize: number;
  /** The most passes over the samples. Default 10. */
  readonly epochs: number;
  /** Whether dropout stays on, for networks that have it. Default false. */
  readonly dropout: boolean;
  /** `validation` (default) keeps the best operating point, `last` whatever the last epoch gives. */
  readonly select: "validation" | "last";
  /** Sessions that were not trained on; `last` can do without. */
  readonly validation: Sessions | null;
  /** Default 1. */
  readonly seed: number;
}

export const sessionGradientAscentDefaults: Readonly<SessionGradientAscentOptions> = {
  learningRate: 1e-4,
  batchSize: 64,
  epochs: 10,
  dropout: false,
  select: "validation",
  validation: null,
  seed: 1,
};

/** The unlearning loss alone, in random order: there is nothing to weigh and no curriculum. */
const ascent = { ...paretoDefaults, weights: "equal", normalization: "none", tasks: [0] } as const;
const inAnyOrder = { sampling: "random", temperature: 1, refresh: false, climb: "all" } as const;

/**
 * Plain gradient ascent on what is to be forgotten, with an early stop: the unlearning loss of CAU alone, and nothing that holds what is to
 * be kept but the operating point, chosen as CAU's is (README, "Operating point").
 */
export const sessionGradientAscent = {
  name: "session-gradient-ascent",

  /**
   * @throws InvalidOptionError for an unknown option, one out of range, or validation sessions that are missing
   * @throws NumericalError naming epoch and batch when a loss is not finite
   * @throws CancelledError when it is interrupted
   */
  async unlearn(
    original: SessionModel,
    { samples }: SessionUnlearningRequest,
    options?: Partial<SessionGradientAscentOptions>,
  ): Promise<UnlearningResult<SessionModel, UnlearningDiagnostics>> {
    const resolved = resolveOptions(sessionGradientAscentDefaults, options, "sessionGradientAscent");
    requireOneOf("select", resolved.select, ["validation", "last"]);
    requireLoopOptions(resolved);
    const loop = { ...resolved, ...ascent, ...inAnyOrder };
    return unlearningLoop("unlearning by gradient ascent", original, samples, loop);
  },
} satisfies UnlearningMethod<
  SessionModel,
  never,
  SessionGradientAscentOptions,
  UnlearningDiagnostics,
  SessionModel,
  Sessions
>;
