import { InvalidOptionError, Stopwatch } from "../core";
import { type Interactions, requireForgetRows, retainedRows, selectRows } from "../data";
import type { Recommender } from "../models";
import {
  type Checkpoints,
  fitLightGcn,
  fitMf,
  type FitHistory,
  type FitMfOptions,
  type UnlearningMethod,
  type UnlearningRequest,
  type UnlearningResult,
} from "../training";

/** Options of `retrain`: how the original was trained, and the rows that end training. */
export type RetrainOptions<F = FitMfOptions> = F & {
  /** The rows whose AUC ends training early. */
  validation: Interactions;
  /** Where the training goes on from and saves. Default: nowhere. */
  checkpoints: Checkpoints | undefined;
};

export interface RetrainDiagnostics {
  readonly epochs: number;
  /** The epoch whose parameters were kept. */
  readonly bestEpoch: number;
  readonly validationAuc: number;
}

/** How one kind of model is trained from scratch. */
type Fit<M, F> = (
  train: Interactions,
  valid: Interactions,
  options?: Partial<F>,
  initial?: M,
  checkpoints?: Checkpoints,
) => Promise<FitHistory & { readonly model: M; readonly validationAuc: number }>;

/**
 * Retrain for one kind of model: training from scratch on what stays, the reference every other method is held against.
 */
function retrainOf<M extends Recommender, F>(fitModel: Fit<M, F>) {
  return {
    name: "retrain",

    /**
     * Trains from scratch on the rows that stay.
     *
     * @param _original not looked at
     * @param options `validation` is required: the rows that early stopping watches
     * @throws InvalidOptionError without `validation`
     * @example
     * const { update } = await retrain.unlearn(model, request, { validation: valid });
     * const forgotten = applyUpdate(model, update);
     */
    async unlearn(
      _original: M,
      request: UnlearningRequest,
      options?: Partial<RetrainOptions<F>>,
    ): Promise<UnlearningResult<M, RetrainDiagnostics>> {
      const { validation, checkpoints, ...training } = options ?? {};
      if (validation === undefined)
        throw new InvalidOptionError('"validation" is missing', {
          where: "retrain",
          remedy: "pass the validation rows",
        });
      const watch = new Stopwatch();
      const retained = watch.time("selection", () =>
        selectRows(
          request.train,
          retainedRows(request.train, requireForgetRows(request.train, request.forgetRows, "retrain")),
        ),
      );
      const fit = await watch.timeAsync("training", () =>
        fitModel(retained, validation, training as Partial<F>, undefined, checkpoints),
      );
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
  } satisfies UnlearningMethod<M, never, RetrainOptions<F>, RetrainDiagnostics>;
}

/** Retrain of matrix factorisation. */
export const retrain = retrainOf(fitMf);

/** Retrain of LightGCN, over the graph of the rows that stay. */
export const retrainLightGcn = retrainOf(fitLightGcn);
