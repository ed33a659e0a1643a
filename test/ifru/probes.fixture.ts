import { Random } from "../../lib/core";
import {
  generateInteractions,
  type GenerateOptions,
  type IfruSplit,
  ifruSplit,
  type Interactions,
  loadDataset,
  retainedRows,
  rowCount,
  selectRows,
} from "../../lib/data";
import { ifru } from "../../lib/ifru";
import { auc, logLosses, mean } from "../../lib/metrics";
import type { Mf } from "../../lib/models";
import { applyUpdate, fitMf, type MfFit, refitMf } from "../../lib/training";

/** What the rule was chosen on: ml-100k, and made-up ratings. */
export const sets: Readonly<Record<string, Partial<GenerateOptions> | null>> = {
  "ml-100k": null,
  "300 users": { userCount: 300, itemCount: 200, interactionsPerUser: 80 },
  "3000 users": { userCount: 3000, itemCount: 400, interactionsPerUser: 15 },
};

/** Rows and labels of a set, 2 % of them to forget, with wrong labels. */
export async function splitOf(name: string, shape: Partial<GenerateOptions> | null): Promise<IfruSplit> {
  return ifruSplit(shape === null ? (await loadDataset(name)).interactions : generateInteractions(shape));
}

/** A way to choose lambda, what it chose and how far that was from Retrain. */
export interface Tried {
  readonly rule: string;
  /** Models that it trained. */
  readonly trainings: number;
  readonly damping: number | null;
  /** Forget AUC minus Retrain's: below 0 too little is forgotten. */
  readonly gap: number | null;
}

/** The least, in decades, and as many as there are, a quarter of a decade apart. */
const [least, count] = [-6.25, 14];
const lambdas = Array.from({ length: count }, (_, k) => 10 ** (least + k / 4));

/** What is known of rows after forgetting them with each lambda. */
interface Path {
  readonly rows: Interactions;
  readonly before: Float32Array;
  /** Scores of the rows, by lambda. */
  readonly after: readonly Float32Array[];
}

async function pathOf(model: Mf, train: Interactions, forgetRows: Int32Array): Promise<Path> {
  const rows = selectRows(train, forgetRows);
  const prepared = await ifru.prepare(model, train, { damping: 1e-4 });
  const after: Float32Array[] = [];
  for (const damping of lambdas) {
    const { update } = await ifru.unlearn(model, { name: "path", train, forgetRows }, { damping }, prepared);
    after.push(applyUpdate(model, update).score(rows.user, rows.item));
  }
  return { rows, before: model.score(rows.user, rows.item), after };
}

/** Where values by lambda, above 0 for little damping, first come down to 0 from the largest; linear in log lambda. */
function rootOf(values: readonly number[]): number | null {
  for (let k = lambdas.length - 1; k > 0; k--)
    if (values[k] <= 0 && values[k - 1] >= 0) {
      const share = values[k] === values[k - 1] ? 0 : values[k] / (values[k] - values[k - 1]);
      return lambdas[k] * (lambdas[k - 1] / lambdas[k]) ** share;
    }
  return null;
}

/** Values by lambda, at any lambda between. */
function valueAt(values: readonly number[], lambda: number | null): number | null {
  if (lambda === null) return null;
  const at = Math.min(lambdas.length - 1.001, Math.max(0, 4 * (Math.log10(lambda) - least)));
  const k = Math.floor(at);
  return values[k] + (at - k) * (values[k + 1] - values[k]);
}

const lossOf = (scores: Float32Array, labels: Float32Array) => mean(logLosses(scores, labels)) ?? NaN;
const residuals = (scores: Float32Array, labels: Float32Array) =>
  Float64Array.from(scores, (score, k) => Math.abs(1 / (1 + Math.exp(-score)) - labels[k]));

const binCount = 12;

/** How often residuals are in each bin, none never. */
function histogram(values: Float64Array): Float64Array {
  const counts = new Float64Array(binCount).fill(0.5);
  for (const value of values) counts[binOf(value)]++;
  return counts.map((count) => count / values.length);
}

const binOf = (residual: number) => Math.min(binCount - 1, Math.floor(residual * binCount));

/** The rows' mean loss, weighted so that their residuals are spread as others' are. */
function weightedLoss(scores: Float32Array, labels: Float32Array, own: Float64Array, as: Float64Array): number {
  const [wanted, present] = [histogram(as), histogram(own)];
  const weights = own.map((residual) => wanted[binOf(residual)] / present[binOf(residual)]);
  const losses = logLosses(scores, labels);
  const sum = weights.reduce((total, weight, k) => total + weight * losses[k], 0);
  return sum / weights.reduce((total, weight) => total + weight, 0);
}

/** Lambda by each rule, and what forgetting a request with it gives beside training again. */
export async function tryRules(split: IfruSplit, seed: number): Promise<Tried[]> {
  const { train, valid, trueLabel, forgetRows, retainRows } = split;
  const fit: MfFit = await fitMf(train, valid, { seed });
  const { model } = fit;
  const retrain = (rows: Interactions) => refitMf(fit, rows);
  const asked = await pathOf(model, train, forgetRows);
  const truth = Float32Array.from(forgetRows, (row) => trueLabel[row]);
  const reference = (await fitMf(selectRows(train, retainRows), valid, { seed })).model;
  const aim = reference.score(asked.rows.user, asked.rows.item);
  const gaps = asked.after.map((scores) => (auc(scores, truth) ?? NaN) - (auc(aim, truth) ?? NaN));
  const tried = (rule: string, trainings: number, damping: number | null): Tried => ({
    ...{ rule, trainings, damping },
    gap: valueAt(gaps, damping),
  });

  const probeRows = Random.derive(seed, "ifru", "probe")
    .sample(rowCount(train), Math.round(0.02 * rowCount(train)))
    .sort();
  const byMeanLoss = ({ rows, after }: Path, unseen: Float32Array) =>
    rootOf(after.map((scores) => lossOf(scores, rows.label) - lossOf(unseen, rows.label)));

  const probe = await pathOf(model, train, probeRows);
  const { label } = probe.rows;
  const without = await retrain(selectRows(train, retainedRows(train, probeRows)));
  const unseen = without.score(probe.rows.user, probe.rows.item);
  const ranked = rootOf(probe.after.map((scores) => (auc(unseen, label) ?? NaN) - (auc(scores, label) ?? NaN)));

  const wrong = train.label.slice();
  for (const row of probeRows) wrong[row] = 1 - wrong[row];
  const learned = { ...train, label: wrong };
  const flipped = await pathOf(await retrain(learned), learned, probeRows);
  const flippedRanked = rootOf(
    flipped.after.map((scores) => (auc(scores, label) ?? NaN) - (auc(unseen, label) ?? NaN)),
  );

  const askedResiduals = residuals(asked.before, asked.rows.label);
  const probeResiduals = residuals(probe.before, label);
  const weighted = probe.after.map(
    (scores) =>
      weightedLoss(scores, label, probeResiduals, askedResiduals) -
      weightedLoss(unseen, label, probeResiduals, askedResiduals),
  );
  const squares = (values: Float64Array) => values.reduce((sum, value) => sum + value * value, 0) / values.length;
  const rise =
    (lossOf(unseen, label) - lossOf(probe.before, label)) * (squares(askedResiduals) / squares(probeResiduals));
  const lossBefore = lossOf(asked.before, asked.rows.label);
  const scaled = asked.after.map((scores) => lossOf(scores, asked.rows.label) - lossBefore - rise);
  return [
    tried("nearest there is", 0, rootOf(gaps)),
    tried("a probe's loss (calibrated)", 1, byMeanLoss(probe, unseen)),
    tried("a probe's AUC", 1, ranked),
    tried("a probe's loss, weighted to the request's residuals", 1, rootOf(weighted)),
    tried("a probe's rise of loss, scaled by squared residuals", 1, rootOf(scaled)),
    tried("a flipped probe's loss", 2, byMeanLoss(flipped, unseen)),
    tried("a flipped probe's AUC (calibrated-flipped)", 2, flippedRanked),
  ];
}
