import { InvalidOptionError, Stopwatch } from "../core";
import { type Interactions, retainedRows, selectRows } from "../data";
import type { Mf } from "../models";
import {
  type Checkpoints,
  fitMf,
  type FitMfOptions,
  type UnlearningMethod,
  type UnlearningRequest,
  type UnlearningResult,
} from "../training";

/** Options of `retrain`: how the original was trained, and the rows that end training. */
export interface RetrainOptions extends FitMfOptions {
  /** The rows whose AUC ends training early. */
  validation: Interactions;
  /** Where the training goes on from and saves. Default: nowhere. */
  checkpoints: Checkpoints | undefined;
}

export interface RetrainDiagnostics {
  readonly epochs: number;
  /** The epoch whose parameters were kept. */
  readonly bestEpoch: number;
  readonly validationAuc: number;
}

/** Retrain: training from scratch on what stays, the reference every other method is held against. */
export const retrain = {
  name: "retrain",

  /**
   * @param _original not looked at
   * @throws InvalidOptionError without `validation`
   */
  async unlearn(
    _original: Mf,
    request: UnlearningRequest,
    options?: Partial<RetrainOptions>,
  ): Promise<UnlearningResult<Mf, RetrainDiagnostics>> {
    const { validation, checkpoints, ...training } = options ?? {};
    if (validation === undefined)
      throw new InvalidOptionError('"validation" is missing', { where: "retrain", remedy: "pass the validation rows" });
    const watch = new Stopwatch();
    const retained = watch.time("selection", () =>
      selectRows(request.train, retainedRows(request.train, request.forgetRows)),
    );
    const fit = await watch.timeAsync("training", () => fitMf(retained, validation, training, undefined, checkpoints));
    return {
      update: { kind: "model", model: fit.model },
      cost: {
        seconds: watch.seconds(),
        gradientRows: fit.epochs * retained.user.length,
        hessianVectorProducts: 0,
        incidentRows: null,
        rowsTouched: retained.userCount + retained.itemCount,
      },
      diagnostics: { epochs: fit.epochs, bestEpoch: fit.bestEpoch, validationAuc: fit.validationAuc },
    };
  },
} satisfies UnlearningMethod<Mf, never, RetrainOptions, RetrainDiagnostics>;
