import { InvalidOptionError, NumericalError } from "../core";
import { type Interactions, retainedRows, selectRows } from "../data";
import { auc, logLosses, mean } from "../metrics";
import type { Recommender } from "../models";

/** Trains a model the way the original was trained, on other rows, without looking at validation rows. */
export type Retrain<M> = (rows: Interactions) => Promise<M>;

/** The share of the training rows that a calibration forgets on trial. */
export const probeShare = 0.02;

/**
 * Training rows that are forgotten on trial: how a model retrained without them knows them tells how far forgetting
 * should go.
 */
export class Probe {
  private readonly probed: Interactions;

  /** @param rows row numbers of `train`, ascending */
  constructor(
    private readonly train: Interactions,
    readonly rows: Int32Array,
  ) {
    this.probed = selectRows(train, rows);
  }

  /** A model's mean loss on the probe rows, as they are labelled in training, in nats. */
  lossOf(model: Recommender): number {
    const { user, item, label } = this.probed;
    return mean(logLosses(model.score(user, item), label)) ?? 0;
  }

  /**
   * How well a model ranks the probe rows by their labels in training: area under the ROC curve.
   *
   * @throws NumericalError when they have one label only
   */
  aucOf(model: Recommender): number {
    const { user, item, label } = this.probed;
    const area = auc(model.score(user, item), label);
    if (area !== null) return area;
    throw new NumericalError(`the probe's ${label.length} rows have one label only, so nothing can be ranked by it`, {
      where: "ifru.prepare",
      remedy: "give a damping of your own, or another seed",
    });
  }

  /** A model trained without them. */
  async retrained<M extends Recommender>(retrain: Retrain<M>): Promise<M> {
    return retrain(selectRows(this.train, retainedRows(this.train, this.rows)));
  }

  /** The mean loss of such a model. */
  async retrainedLoss<M extends Recommender>(retrain: Retrain<M>): Promise<number> {
    return this.lossOf(await this.retrained(retrain));
  }
}

/** An option whose number `prepare` may find, as errors name it. */
export interface CalibratedNumber {
  readonly method: string;
  readonly option: string;
  /** A number that a person may give instead. */
  readonly example: string;
  /** What stands in the number's place. Default: `"calibrated"`. */
  readonly word?: string;
}

/**
 * The function that trains the model again, which calibration needs.
 *
 * @throws InvalidOptionError when there is no way to train the model again, which calibration needs
 * @example
 * const option = { method: "ifru", option: "damping", example: "3e-5" };
 * const retraining = requireRetrain((rows: Interactions) => refitMf(fit, rows), option); // the function, as given
 */
export function requireRetrain<M>(
  retrain: Retrain<M> | undefined,
  { method, option, example, word = "calibrated" }: CalibratedNumber,
): Retrain<M> {
  if (retrain !== undefined) return retrain;
  throw new InvalidOptionError(`${option} is "${word}", which needs "retrain"`, {
    where: `${method}.prepare`,
    remedy: `pass retrain, or give ${option} a number such as ${example}`,
  });
}

/**
 * The number that calibration found.
 *
 * @throws InvalidOptionError when nothing was prepared
 * @example
 * const lambda = requireCalibrated(prepared.damping, { method: "ifru", option: "damping", example: "3e-5" });
 */
export function requireCalibrated(
  found: number | null | undefined,
  { method, option, example, word = "calibrated" }: CalibratedNumber,
): number {
  if (found !== undefined && found !== null) return found;
  throw new InvalidOptionError(`${option} is "${word}", but nothing was prepared`, {
    where: method,
    remedy: `pass what ${method}.prepare(original, train, { retrain }) returns, or give a number such as ${example}`,
  });
}
