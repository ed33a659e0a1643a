import {
  announce,
  givenOption,
  numberOption,
  optionList,
  type OptionsOf,
  seedOption,
  Stopwatch,
  wholeOption,
  wordOption,
} from "../../core";
import {
  historyCount,
  placesWhere,
  prefixSamples,
  requireForgetRows,
  selectSessions,
  type Sessions,
  withoutRows,
} from "../../data";
import { type SessionModel, type SessionModelKind, sessionModelKinds } from "../../models";
import {
  type FitSessionOptions,
  refitSessionModel,
  type UnlearningMethod,
  type UnlearningRequest,
  type UnlearningResult,
} from "../../training";

/** The options of `fineTune`. */
export const fineTuneOptions = optionList("fineTune", {
  sessions: wordOption(
    "What is trained on, forgotten events cut out: the sessions that were `asked` about, or `all`.",
    ["asked", "all"],
    "asked",
  ),
  epochs: wholeOption("Passes over those sessions.", 3, 1),
  learningRate: numberOption("Adam's step size.", 1e-3, { above: 0 }),
  batchSize: wholeOption("Histories per step.", 256, 1),
  training: givenOption<Partial<FitSessionOptions[SessionModelKind]>>(
    "How the original was trained, for what else there is to know of a training: its objective.",
    {},
  ),
  seed: seedOption("Draws the batches.", 1),
});

/** Options of `fineTune`; defaults and ranges are in `fineTuneOptions`. */
export interface FineTuneOptions extends OptionsOf<typeof fineTuneOptions.fields> {}

export interface FineTuneDiagnostics {
  readonly epochs: number;
  /** Prefixes that were trained on. */
  readonly samples: number;
}

/**
 * Fine-tuning: the original goes on learning, for a few epochs, from sessions without the forgotten events, and forgets
 * as far as the new overwrites the old. Folklore; no released implementation.
 */
export const fineTune = {
  name: "fine-tune",

  description: {
    code: __filename,
    label: ({ sessions }) => (sessions === "all" ? "Fine-tuning, all sessions" : "Fine-tuning"),
    models: sessionModelKinds,
    options: fineTuneOptions,
    facts: (diagnostics) => ({ ...diagnostics }),
  },

  /**
   * Where nothing is left to learn from (whole sessions are forgotten), the original stays as it is, and that is said.
   *
   * @throws InvalidOptionError for an unknown option, or one out of range
   * @throws NumericalError naming epoch and batch when the loss is not finite
   * @throws CancelledError when the current signal is aborted
   * @example
   * const { update } = await fineTune.unlearn(gru, eventRequest, { epochs: 2 });
   * const forgotten = applyUpdate(gru, update);
   */
  async unlearn(
    original: SessionModel,
    request: UnlearningRequest<Sessions>,
    options?: Partial<FineTuneOptions>,
  ): Promise<UnlearningResult<SessionModel, FineTuneDiagnostics>> {
    const { sessions, epochs, training, ...own } = fineTuneOptions.resolve(options);
    const { train } = request;
    const forgetRows = requireForgetRows(train, request.forgetRows, "fineTune");
    const watch = new Stopwatch();
    const left = watch.time("selection", () => {
      const asked = askedAbout(train, forgetRows);
      return withoutRows(sessions === "all" && asked.length > 0 ? train : selectSessions(train, asked), forgetRows);
    });
    const samples = historyCount(prefixSamples(left));
    if (samples === 0 && forgetRows.length > 0)
      announce("fine-tuning has nothing to learn from: no session that was asked about has two events left");
    const told = { ...training, ...original.form.options, ...own };
    const model =
      samples === 0
        ? original
        : await watch.timeAsync("training", () => refitSessionModel(original.kind, left, epochs, told, original));
    return {
      update: { kind: "model", model },
      cost: {
        seconds: watch.seconds(),
        gradientRows: samples * epochs,
        hessianVectorProducts: 0,
        incidentRows: null,
        rowsTouched: samples === 0 ? 0 : train.itemCount,
      },
      diagnostics: { epochs: samples === 0 ? 0 : epochs, samples },
    };
  },
} satisfies UnlearningMethod<SessionModel, never, FineTuneOptions, FineTuneDiagnostics, SessionModel, Sessions>;

/** The sessions that hold some rows, ascending. */
function askedAbout({ row, offsets, user }: Sessions, forgetRows: Int32Array): Int32Array {
  const asked = new Set(forgetRows);
  return placesWhere(user.length, (session) =>
    row.subarray(offsets[session], offsets[session + 1]).some((one) => asked.has(one)),
  );
}
