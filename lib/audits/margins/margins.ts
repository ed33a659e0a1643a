import { InvalidArgumentError } from "../../core";

/** Margins of several models: a list for each model, a margin for each row, the same rows in the same order. */
export type Margins = readonly Float32Array[];

/**
 * Margins of ratings: the logit of the probability that a model gives a row's label. Above 0 the model is right.
 *
 * @param logits of a model, `[rows]`
 * @param labels `[rows]`; above 0 is a positive
 * @throws InvalidArgumentError for lists of different lengths
 * @example
 * const margins = retrainedModels.map((one) => ratingMargins(one.score(train.user, train.item), train.label));
 */
export function ratingMargins(logits: Float32Array, labels: ArrayLike<number>): Float32Array {
  if (logits.length !== labels.length)
    throw new InvalidArgumentError(`there are ${logits.length} logits and ${labels.length} labels`, {
      where: "ratingMargins",
      remedy: "give one label for each logit",
    });
  return logits.map((logit, row) => (labels[row] > 0 ? logit : -logit));
}

/**
 * Margins of sessions: log(p / (1 - p)) of the item that came next, by the scores of all items.
 *
 * @param logits of one sample, `[items]`
 * @param item which item came next
 * @throws InvalidArgumentError for an item that has no score, or where there is no other
 * @example
 * const margin = itemMargin(Float32Array.of(2, 0, 0), 0); // 2 - log 2
 */
export function itemMargin(logits: Float32Array, item: number): number {
  if (!(item >= 0 && item < logits.length) || logits.length < 2)
    throw new InvalidArgumentError(`item ${item} of ${logits.length} scores`, {
      where: "itemMargin",
      remedy: "give the scores of all items, two or more, and one of these items",
    });
  const others = logits.filter((_, other) => other !== item);
  const top = others.reduce((a, b) => Math.max(a, b));
  return logits[item] - top - Math.log(others.reduce((sum, logit) => sum + Math.exp(logit - top), 0));
}

/** Checks that models have the same rows, all finite. @throws InvalidArgumentError where they have not */
export function requireMargins(where: string, sides: Readonly<Record<string, Margins>>): void {
  const rows = Object.values(sides)[0]?.[0]?.length ?? 0;
  for (const [side, models] of Object.entries(sides)) {
    if (models.length < 2)
      throw new InvalidArgumentError(`${side} has ${models.length} models`, { where, remedy: "give two or more" });
    const bad = models.findIndex((margins) => margins.length !== rows || !margins.every(Number.isFinite));
    if (bad >= 0)
      throw new InvalidArgumentError(`model ${bad} of ${side} has not ${rows} finite margins`, {
        where,
        remedy: "give margins of the same rows for every model, none of them NaN or infinite",
      });
  }
}
