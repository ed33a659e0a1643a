import { requireForgetRows, requireValidationIds, type Sessions } from "../../data";
import { type SessionModel, sessionModelKinds } from "../../models";
import type { SessionUnlearningRequest, UnlearningMethod, UnlearningResult } from "../../training";
import { cauLabel } from "./cau-label";
import { cauOptions, type CauOptions, resolveCauOptions } from "./cau-options";
import { descentFacts, descentHistory } from "./descent-facts";
import { embeddingDifficulty } from "./embedding-difficulty";
import { gradientDifficulty } from "./gradient-difficulty";
import { outputLayerDifficulty } from "./output-layer-difficulty";
import { type Difficulty, type UnlearningDiagnostics, unlearningLoop } from "./unlearning-loop";

/** Which losses each of the choices leaves, as numbers into `lossNames`. */
const tasksOf: Readonly<Record<CauOptions["objectives"], readonly number[]>> = {
  all: [0, 1, 2],
  "without-unlearning": [1, 2],
  "without-recommendation": [0, 2],
  "without-kl": [0, 1],
};

const difficulties: Readonly<Record<CauOptions["difficulty"], Difficulty>> = {
  gradient: gradientDifficulty,
  "output-layer": outputLayerDifficulty,
  embedding: (model, samples) => embeddingDifficulty(model, samples),
};

/**
 * Curriculum approximate unlearning (Yang et al., arXiv 2508.15263; README): steps along the unlearning, recommendation
 * and KL losses of the samples to forget, weighed by the Pareto step, from easy samples to hard ones. Needs none of the
 * retained data.
 */
export const cau = {
  name: "cau",

  description: {
    code: __filename,
    label: cauLabel,
    models: sessionModelKinds,
    options: cauOptions,
    facts: descentFacts,
    history: descentHistory,
  },

  /**
   * Forgets the events of a request by CAU. It reads the samples to forget and the validation sessions alone.
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
   * const { train, valid } = await loadSessionDataset("ml-100k");
   * const { model } = await fitSessionModel("gru4rec", { train, valid });
   * const forgetRows = sessionItemRows(train, 0.2, 1); // an event in every fifth session
   * const request = { name: "events", train, forgetRows, samples: forgetSamples(train, forgetRows) };
   * const { update } = await cau.unlearn(model, request, { validation: valid });
   * const forgotten = applyUpdate(model, update);
   */
  async unlearn(
    original: SessionModel,
    request: SessionUnlearningRequest,
    options?: Partial<CauOptions>,
  ): Promise<UnlearningResult<SessionModel, UnlearningDiagnostics>> {
    const resolved = resolveCauOptions(options);
    requireForgetRows(request.train, request.forgetRows, "cau");
    requireValidationIds(request.train, resolved.validation);
    const loop = { ...resolved, tasks: tasksOf[resolved.objectives] };
    const difficulty = resolved.sampling === "random" ? undefined : difficulties[resolved.difficulty];
    return unlearningLoop("unlearning by CAU", original, request, loop, difficulty);
  },
} satisfies UnlearningMethod<SessionModel, never, CauOptions, UnlearningDiagnostics, SessionModel, Sessions>;
