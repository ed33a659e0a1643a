import {
  Breather,
  numberOption,
  optionList,
  type OptionsOf,
  seedOption,
  Stopwatch,
  wholeOption,
  wordOption,
} from "../../core";
import { eventsWithoutHistory, historyCount, type PrefixSamples, requireForgetRows, type Sessions } from "../../data";
import { createWorkspace, operations } from "../../engine";
import {
  classOfItem,
  nextInput,
  sessionClassifier,
  type SessionModel,
  sessionModelKinds,
  sessionStates,
  type UploadedSessionModel,
} from "../../models";
import {
  notForgottenFacts,
  type UnlearningMethod,
  type UnlearningRequest,
  type UnlearningResult,
} from "../../training";
import { solveWithProgress } from "../solve";
import { type LabelledStates, OutputLayerSystem } from "./output-layer-system";
import { requestSamples, requireOwnLayer } from "./request-samples";

/** The options of `outputInfluence`. */
export const outputInfluenceOptions = optionList("outputInfluence", {
  damping: numberOption("Lambda, relative to the mean loss over the samples that stay.", 1e-4, { above: 0 }),
  spillover: wordOption(
    "`changed`: the events after a forgotten one lose it from their histories, which is forgotten too. `none`: only " +
      "the forgotten events themselves are.",
    ["changed", "none"],
    "changed",
  ),
  curvatureSamples: wholeOption(
    "The most samples that curvature is taken from, drawn of those that stay. Each takes three products with the " +
      "catalogue.",
    2048,
    1,
  ),
  tolerance: numberOption("Stop when the relative residual is below this.", 1e-2, { above: 0, max: 1 }),
  iterations: wholeOption("The most conjugate-gradient iterations.", 50, 1),
  seed: seedOption("Draws the samples that curvature is taken from.", 1),
});

/** Options of `outputInfluence`; defaults and ranges are in `outputInfluenceOptions`. */
export interface OutputInfluenceOptions extends OptionsOf<typeof outputInfluenceOptions.fields> {}

export interface OutputInfluenceDiagnostics {
  readonly iterations: number;
  /** |g - A x| / |g|, recomputed. */
  readonly relativeResidual: number;
  readonly converged: boolean;
  /** Samples whose loss was taken back, and those that came in place of some of them. */
  readonly gone: number;
  readonly come: number;
  /** Samples that curvature was taken from. */
  readonly curvatureSamples: number;
  /** With spillover `none`: row numbers of the events that open their session, ascending. They have no sample. */
  readonly notForgotten: Int32Array;
}

/**
 * IFRU's step on the output layer of a session model, which neither IFRU's paper nor CAU's has (README, "Session
 * models"): states stay as they are, so that what is left is softmax regression, and one damped Newton step with its
 * exact Hessian.
 */
export const outputInfluence = {
  name: "output-influence",

  description: {
    code: __filename,
    label: "Influence (output layer)",
    models: sessionModelKinds,
    options: outputInfluenceOptions,
    facts: ({ notForgotten, ...counts }) => ({ ...counts, ...notForgottenFacts(notForgotten) }),
  },

  /**
   * Forgets the events of a request. There is nothing to prepare.
   *
   * @throws InvalidOptionError for an unknown option, or one out of range
   * @throws InvalidArgumentError for a model whose output layer is tied to its item embeddings
   * @throws NumericalError when the system is not positive definite: use a larger damping
   * @throws CancelledError when it is interrupted
   * @example
   * const { update } = await outputInfluence.unlearn(gru, eventRequest);
   * const forgotten = applyUpdate(gru, update);
   */
  async unlearn(
    original: SessionModel,
    request: UnlearningRequest<Sessions>,
    options?: Partial<OutputInfluenceOptions>,
  ): Promise<UnlearningResult<SessionModel, OutputInfluenceDiagnostics>> {
    const resolved = outputInfluenceOptions.resolve(options);
    const { train } = request;
    const forgetRows = requireForgetRows(train, request.forgetRows, "outputInfluence");
    requireOwnLayer(original, "outputInfluence", "states move with them");
    const watch = new Stopwatch();
    const uploaded = await original.upload();
    const workspace = createWorkspace();
    try {
      const { gone, come, kept, left } = watch.time("selection", () =>
        requestSamples(original.form, train, forgetRows, resolved),
      );
      const system = await watch.timeAsync("gradient", async () => {
        const layer = sessionClassifier(uploaded);
        const curvatureStates = (await labelledStates(uploaded, kept)).states;
        const drawn = historyCount(kept);
        return new OutputLayerSystem(
          {
            ...{ layer, curvatureStates, factor: drawn === 0 ? 0 : left / drawn, ridge: resolved.damping * left },
            ...{ gone: await labelledStates(uploaded, gone), come: await labelledStates(uploaded, come) },
          },
          uploaded.engine,
          operations(),
          workspace,
        );
      });
      try {
        const { solution, ...solved } = await watch.timeAsync("solve", () =>
          solveWithProgress(system, resolved, new Breather("estimating an influence")),
        );
        const [changed, arrived] = [historyCount(gone), historyCount(come)];
        return {
          update: { kind: "model", model: watch.time("writeBack", () => moved(original, solution[0])) },
          cost: {
            seconds: watch.seconds(),
            gradientRows: changed + arrived,
            hessianVectorProducts: system.products,
            incidentRows: left,
            rowsTouched: changed === 0 ? 0 : original.itemCount,
          },
          diagnostics: {
            ...{ ...solved, gone: changed, come: arrived, curvatureSamples: historyCount(kept) },
            notForgotten: eventsWithoutHistory(train, resolved.spillover === "none" ? forgetRows : new Int32Array(0)),
          },
        };
      } finally {
        system.dispose();
      }
    } finally {
      workspace.dispose();
      uploaded.dispose();
    }
  },
} satisfies UnlearningMethod<
  SessionModel,
  never,
  OutputInfluenceOptions,
  OutputInfluenceDiagnostics,
  SessionModel,
  Sessions
>;

/** States of samples, in blocks, and the classes they are to predict. */
async function labelledStates(model: UploadedSessionModel, samples: PrefixSamples): Promise<LabelledStates> {
  const { tf } = model.engine;
  const width = model.form.options.embeddingSize;
  const states = new Float32Array(historyCount(samples) * width);
  const breather = new Breather("estimating an influence");
  const all = Int32Array.from({ length: historyCount(samples) }, (_, k) => k);
  for (let first = 0; first < all.length; first += 256) {
    const input = nextInput(model.form, samples, all.subarray(first, first + 256));
    tf.tidy(() => states.set(sessionStates({ ...model, input }).dataSync<"float32">(), first * width));
    await breather.breathe();
  }
  return { states, labels: samples.target.map((item) => classOfItem(model.form, item)) };
}

/** The model with its output layer moved. @param change `[classes, width + 1]`, biases last */
function moved(original: SessionModel, change: Float32Array): SessionModel {
  const width = original.form.options.embeddingSize;
  const values = new Map(original.parameters().map((parameter) => [parameter.name, parameter.values]));
  const weight = values.get("outputWeight")!.map((value, k) => value + change[k + Math.floor(k / width)]);
  const bias = values.get("outputBias")!.map((value, c) => value + change[c * (width + 1) + width]);
  return original.withParameters(new Map([["outputWeight", weight], ["outputBias", bias]])); // prettier-ignore
}
