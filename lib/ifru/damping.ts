import { nowMs, NumericalError, Random } from "../core";
import { type Interactions, rowCount } from "../data";
import type { Recommender } from "../models";
import { Probe, probeShare, type Retrain } from "./probe";

/** What a calibration found. */
export interface DampingCalibration {
  /** The chosen lambda, relative to the mean loss. */
  readonly damping: number;
  /**
   * Mean loss on the probe rows: of the original, of the model retrained without them, and of the unlearned model at
   * `damping`.
   */
  readonly probeLoss: { readonly original: number; readonly retrained: number; readonly unlearned: number };
  readonly probeRows: number;
  /** Seconds spent retraining and solving. */
  readonly seconds: { readonly retraining: number; readonly solving: number };
}

/** The model after forgetting some rows with a given lambda. */
export type Unlearn<M> = (forgetRows: Int32Array, damping: number) => Promise<M>;

/**
 * The search starts here, widens tenfold to either side while it must, and ends when lambda is known to the precision.
 */
const [firstGuess, smallest, largest, precision] = [1e-4, 1e-10, 1e3, 1.05];

/**
 * Chooses lambda on training rows alone (`README.md`, lambda): the one at which unlearning a probe leaves the same mean
 * loss on the probe as retraining without it does. More damping forgets less, so the loss falls with lambda and
 * bisection finds it.
 *
 * @throws NumericalError when no lambda reaches the retrained model's loss
 */
export async function calibrateDamping<M extends Recommender>(
  original: M,
  train: Interactions,
  seed: number,
  retrain: Retrain<M>,
  unlearn: Unlearn<M>,
): Promise<DampingCalibration> {
  const rows = rowCount(train);
  const drawn = Random.derive(seed, "ifru", "probe").sample(rows, Math.max(1, Math.round(probeShare * rows)));
  const probe = new Probe(train, drawn.sort());

  const start = nowMs();
  const target = await probe.retrainedLoss(retrain);
  const retrained = nowMs();
  const lossAt = async (damping: number): Promise<number> => probe.lossOf(await unlearn(probe.rows, damping));

  const damping = await solveDecreasing(lossAt, target);
  return {
    damping,
    probeLoss: { original: probe.lossOf(original), retrained: target, unlearned: await lossAt(damping) },
    probeRows: probe.rows.length,
    seconds: { retraining: (retrained - start) / 1000, solving: (nowMs() - retrained) / 1000 },
  };
}

/** The lambda at which a decreasing function of lambda reaches a target: bracketing, then bisection on log lambda. */
async function solveDecreasing(lossAt: (damping: number) => Promise<number>, target: number): Promise<number> {
  let [low, high] = [firstGuess, firstGuess];
  while (low >= smallest && (await lossAt(low)) < target) [low, high] = [low / 10, low];
  while (high <= largest && (await lossAt(high)) > target) [low, high] = [high, high * 10];
  if (low < smallest || high > largest)
    throw new NumericalError(
      `no lambda in [${smallest}, ${largest}] forgets as much as retraining (probe loss ${target})`,
      {
        where: "ifru.prepare",
        remedy: "give a damping of your own",
      },
    );
  while (high / low > precision) {
    const middle = Math.sqrt(low * high);
    if ((await lossAt(middle)) > target) low = middle;
    else high = middle;
  }
  return Math.sqrt(low * high);
}
