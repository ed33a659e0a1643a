import { optionList, type OptionsOf, withInitial, wordOption } from "../../core";
import { requireForgetRows, requireValidationIds, type Sessions } from "../../data";
import { type SessionModel, sessionModelKinds } from "../../models";
import type { SessionUnlearningRequest, UnlearningMethod, UnlearningResult } from "../../training";
import { descentFacts, descentHistory } from "./descent-facts";
import { cauOptions, requireValidation } from "./cau-options";
import { paretoDefaults } from "../pareto";
import { type UnlearningDiagnostics, unlearningLoop } from "./unlearning-loop";

const { batchSize, epochs, dropout, validation, seed, learningRate } = cauOptions.fields;

/**
 * The options of `sessionGradientAscent`. A step of 1e-3 costs most of the accuracy in one epoch, since nothing holds
 * on.
 */
export const sessionGradientAscentOptions = optionList("sessionGradientAscent", {
  learningRate: withInitial(learningRate, 1e-4),
  batchSize,
  epochs: withInitial(epochs, 10),
  dropout,
  select: wordOption(
    "`validation` keeps the best operating point, `last` whatever the last epoch gives.",
    ["validation", "last"],
    "validation",
  ),
  validation,
  seed,
});

/** Options of `sessionGradientAscent`; defaults and ranges are in `sessionGradientAscentOptions`. */
export interface SessionGradientAscentOptions extends OptionsOf<typeof sessionGradientAscentOptions.fields> {}

/** The unlearning loss alone, in random order: there is nothing to weigh and no curriculum. */
const ascent = { ...paretoDefaults, weights: "equal", normalization: "none", tasks: [0] } as const;
const inAnyOrder = { sampling: "random", temperature: 1, refresh: false, climb: "all" } as const;

/**
 * Plain gradient ascent on what is to be forgotten, with an early stop: the unlearning loss of CAU alone, and nothing
 * that holds what is to be kept but the operating point, chosen as CAU's is (README, "Operating point").
 */
export const sessionGradientAscent = {
  name: "session-gradient-ascent",

  description: {
    code: __filename,
    label: "Gradient ascent",
    models: sessionModelKinds,
    options: sessionGradientAscentOptions,
    facts: descentFacts,
    history: descentHistory,
  },

  /**
   * Forgets the events of a request by gradient ascent. It reads the samples to forget and the validation sessions
   * alone.
   *
   * @param original the model that was trained on `request.train`
   * @param request `samples` are made of the events by `forgetSamples`; those that open a session have none and are
   *   named in `diagnostics.notForgotten`
   * @param options `validation` is required unless `select` is `"last"`: sessions that were not trained on
   * @returns the whole model after forgetting (`applyUpdate` gives it), what it cost, and every step
   * @throws InvalidOptionError for an unknown option, one out of range, or validation sessions that are missing
   * @throws NumericalError naming epoch and batch when a loss is not finite
   * @throws CancelledError when it is interrupted
   * @example
   * const { update } = await sessionGradientAscent.unlearn(gru, eventRequest, { validation: sessionSplit.valid });
   * const forgotten = applyUpdate(gru, update);
   */
  async unlearn(
    original: SessionModel,
    request: SessionUnlearningRequest,
    options?: Partial<SessionGradientAscentOptions>,
  ): Promise<UnlearningResult<SessionModel, UnlearningDiagnostics>> {
    const resolved = requireValidation(sessionGradientAscentOptions.resolve(options));
    requireForgetRows(request.train, request.forgetRows, "sessionGradientAscent");
    requireValidationIds(request.train, resolved.validation);
    const loop = { ...resolved, ...ascent, ...inAnyOrder };
    return unlearningLoop("unlearning by gradient ascent", original, request, loop);
  },
} satisfies UnlearningMethod<
  SessionModel,
  never,
  SessionGradientAscentOptions,
  UnlearningDiagnostics,
  SessionModel,
  Sessions
>;
