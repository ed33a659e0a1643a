import { InvalidArgumentError } from "../../core";
import { divergence, type DivergenceOptions, divergenceOptions } from "./divergence";
import { type Margins, requireMargins } from "./margins";

/** Divergences of all rows, and how they are spread. */
export interface Divergences {
  /** KL(retrained || these models), in nats, `[rows]`. */
  readonly perRow: Float64Array;
  readonly mean: number;
  /** 95 % of the rows are at most as far. */
  readonly percentile95: number;
  readonly worst: number;
  /** The row that is furthest. */
  readonly worstRow: number;
}

/** How far the margins of unlearned models are from those of retrained ones. */
export interface Klom extends Divergences {
  /** The same of retrained models against retrained ones. */
  readonly floor: Divergences;
  /** The mean over the floor's; 1 is as near as retrained models are, `null` for a floor of 0. */
  readonly overFloor: number | null;
  /** The share of rows that are further than 95 % of the floor's rows: about 0.05 for retrained models. */
  readonly shareAboveFloor: number;
}

/**
 * KL divergence of margins (KLoM; Georgiev et al., 2024, arXiv 2410.23232): for each row the distribution of its margin
 * over models that forgot, against that over models that never saw it. A mean hides single rows, so the worst stand
 * beside it. `lib/audits/README.md` says what exactly is computed.
 *
 * @param unlearned margins of models that started from different seeds, one list for each
 * @param retrained the same of models trained without the forgotten rows
 * @param floor the same of further retrained models, as many as `unlearned`. Without them the retrained are split in
 *   two: the second half stays the reference, the first is the floor, and as many of the unlearned are looked at, since
 *   a divergence of fewer models is larger
 * @throws InvalidArgumentError for fewer than two models on a side (four retrained without a floor), models with other
 *   rows, no rows, or margins that are not finite
 * @throws InvalidOptionError for an unknown option, or one out of range
 * @example
 * const margins = (one: Mf) => ratingMargins(one.score(forgotten.user, forgotten.item), forgotten.label);
 * const { mean, worst, floor } = klom(unlearnedModels.map(margins), retrainedModels.map(margins));
 * mean / floor.mean; // 1: no further than retrained models are from each other
 */
export function klom(
  unlearned: Margins,
  retrained: Margins,
  floor?: Margins,
  options: Partial<DivergenceOptions> = {},
): Klom {
  const resolved = divergenceOptions.resolve(options);
  const sides = floor === undefined ? halved(unlearned, retrained) : { unlearned, retrained, floor };
  requireMargins("klom", sides);
  if (retrained[0].length === 0)
    throw new InvalidArgumentError("there are no rows", { where: "klom", remedy: "give margins of one row or more" });
  const reference = byRow(sides.retrained);
  const [own, least] = [sides.unlearned, sides.floor].map((models) => spreadOf(reference, byRow(models), resolved));
  return {
    ...{ ...own, floor: least, overFloor: least.mean === 0 ? null : own.mean / least.mean },
    shareAboveFloor: own.perRow.filter((value) => value > least.percentile95).length / own.perRow.length,
  };
}

function halved(unlearned: Margins, retrained: Margins) {
  const half = retrained.length >> 1;
  return { unlearned: unlearned.slice(0, half), retrained: retrained.slice(half), floor: retrained.slice(0, half) };
}

/** `[rows][models]` */
function byRow(models: Margins): Float64Array[] {
  return Array.from(models[0], (_, row) => Float64Array.from(models, (margins) => margins[row]));
}

function spreadOf(
  reference: readonly Float64Array[],
  models: readonly Float64Array[],
  options: DivergenceOptions,
): Divergences {
  const perRow = Float64Array.from(reference, (margins, row) => divergence(margins, models[row], options));
  const sorted = Float64Array.from(perRow).sort();
  const worst = sorted[sorted.length - 1];
  return {
    ...{ perRow, mean: perRow.reduce((sum, value) => sum + value, 0) / perRow.length },
    percentile95: sorted[Math.ceil(0.95 * sorted.length) - 1],
    ...{ worst, worstRow: perRow.indexOf(worst) },
  };
}
