import { nowMs, NumericalError, Random } from "../core";
import { type Interactions, rowCount } from "../data";
import type { Recommender } from "../models";
import { Probe, probeShare, type Retrain } from "./probe";

/** A number for the model that forgets the probe, the model retrained without it, and the unlearned one. */
interface ProbeLevels {
  readonly original: number;
  readonly retrained: number;
  /** At the chosen lambda. */
  readonly unlearned: number;
}

/** What a calibration found. */
export interface DampingCalibration {
  /** The chosen lambda, relative to the mean loss. */
  readonly damping: number;
  /** Mean loss on the probe rows, by the labels they were trained with. */
  readonly probeLoss: ProbeLevels;
  /** Area under the ROC curve on the probe rows, by their labels before they were flipped; `null` where none were. */
  readonly probeAuc: ProbeLevels | null;
  readonly probeRows: number;
  /** Seconds spent retraining and solving. */
  readonly seconds: { readonly retraining: number; readonly solving: number };
}

/** The model after forgetting some rows with a given lambda. */
export type Unlearn<M> = (forgetRows: Int32Array, damping: number) => Promise<M>;

/** A trained model and the rows it was trained on. */
export interface Trained<M> {
  readonly model: M;
  readonly train: Interactions;
}

/** How lambda is searched: how far a step goes while the target is not yet between two values, and when it is known. */
interface Search {
  readonly widening: number;
  readonly precision: number;
}

const [firstGuess, smallest, largest] = [1e-4, 1e-10, 1e3];
const byLoss: Search = { widening: 10, precision: 1.05 };
/** The area falls again where so little damping is left that the model is destroyed: steps are short. */
const byAuc: Search = { widening: 2, precision: 1.02 };

/**
 * Chooses lambda on training rows alone (`README.md`, lambda): the one at which unlearning a probe leaves the same mean
 * loss on the probe as retraining without it does. More damping forgets less, so the loss falls with lambda and
 * bisection finds it. Of flipped labels it is the area under the ROC curve by the true ones that is the same.
 *
 * @param original what forgets the probe
 * @param flips whether the probe's labels are flipped, and a model that was trained with them forgets it instead
 * @param unlearnFrom how a model and its rows forget
 * @throws NumericalError when no lambda reaches the retrained model's level, or a flipped probe has one label only
 */
export async function calibrateDamping<M extends Recommender>(
  original: Trained<M>,
  seed: number,
  flips: boolean,
  retrain: Retrain<M>,
  unlearnFrom: (trained: Trained<M>) => Unlearn<M>,
): Promise<DampingCalibration> {
  const rows = rowCount(original.train);
  const drawn = Random.derive(seed, "ifru", "probe").sample(rows, Math.max(1, Math.round(probeShare * rows)));
  drawn.sort();

  const start = nowMs();
  const { model, train } = flips ? await trainedOnFlips(original.train, drawn, retrain) : original;
  const probe = new Probe(train, drawn);
  const without = await probe.retrained(retrain);
  const retrained = nowMs();
  const unlearn = unlearnFrom({ model, train });
  const lossOf = (of: M): number => probe.lossOf(of);
  const aucOf = (of: M): number => 1 - probe.aucOf(of);
  const levelOf = flips ? aucOf : lossOf;
  const levelAt = async (damping: number): Promise<number> => levelOf(await unlearn(probe.rows, damping));

  const damping = await solveDecreasing(levelAt, levelOf(without), flips ? byAuc : byLoss);
  const after = await unlearn(probe.rows, damping);
  const levels = (of: (model: M) => number): ProbeLevels => ({
    original: of(model),
    retrained: of(without),
    unlearned: of(after),
  });
  return {
    damping,
    probeLoss: levels(lossOf),
    probeAuc: flips ? levels(aucOf) : null,
    probeRows: probe.rows.length,
    seconds: { retraining: (retrained - start) / 1000, solving: (nowMs() - retrained) / 1000 },
  };
}

/** A model that learned the opposite of what some rows say. */
async function trainedOnFlips<M>(train: Interactions, rows: Int32Array, retrain: Retrain<M>): Promise<Trained<M>> {
  const label = train.label.slice();
  for (const row of rows) label[row] = 1 - label[row];
  const flipped = { ...train, label };
  return { model: await retrain(flipped), train: flipped };
}

/** The lambda at which a decreasing function of lambda reaches a target: bracketing, then bisection on log lambda. */
async function solveDecreasing(
  levelAt: (damping: number) => Promise<number>,
  target: number,
  { widening, precision }: Search,
): Promise<number> {
  let [low, high] = [firstGuess, firstGuess];
  while (low >= smallest && (await levelAt(low)) < target) [low, high] = [low / widening, low];
  while (high <= largest && (await levelAt(high)) > target) [low, high] = [high, high * widening];
  if (low < smallest || high > largest)
    throw new NumericalError(
      `no lambda in [${smallest}, ${largest}] forgets as much as retraining (of the probe, ${target})`,
      {
        where: "ifru.prepare",
        remedy: "give a damping of your own",
      },
    );
  while (high / low > precision) {
    const middle = Math.sqrt(low * high);
    if ((await levelAt(middle)) > target) low = middle;
    else high = middle;
  }
  return Math.sqrt(low * high);
}
