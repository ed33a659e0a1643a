import { klom, ratingMargins } from "../../../audits";
import { auc, membershipAuc, membershipScores } from "../../../metrics";
import type { MarginsByKind } from "./looked-at";

/** Values of a measure: one for each model, or for each group of models. */
type Measure = (models: MarginsByKind) => number[];

/** How many models a divergence is taken of, where one is wanted often. */
const groupSize = 10;

const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
const probability = (margin: number) => 1 / (1 + Math.exp(-margin));

/** Log loss of a margin, without overflow. */
const lossOf = (margin: number) => Math.max(0, -margin) + Math.log1p(Math.exp(-Math.abs(margin)));
const losses = (margins: Float32Array) => Float64Array.from(margins, lossOf);

/**
 * The measures whose quality is looked at, by name.
 *
 * @param retrained margins of models that measures may know: shadows, and where Retrain is
 * @param labels of the forgotten rows, as trained and as they are
 */
export function measuresOf(
  retrained: MarginsByKind,
  labels: { readonly trained: Float32Array; readonly true: Float32Array },
): Readonly<Record<string, Measure>> {
  const shadows = { forgotten: retrained.forgotten.map(losses), test: retrained.test.map(losses) };
  const expected = Float64Array.from(retrained.forgotten[0], (_, row) =>
    mean(retrained.forgotten.map((margins) => probability(margins[row]))),
  );
  return {
    loss: ({ forgotten }) => forgotten.map((margins) => mean(losses(margins))),
    attack: ({ forgotten, test }) =>
      forgotten.map((margins, k) => membershipAuc(Float64Array.from(margins), Float64Array.from(test[k])) ?? 0.5),
    shadowAttack: ({ forgotten, test }) =>
      forgotten.map((margins, k) => {
        const own = membershipScores(losses(margins), shadows.forgotten);
        return membershipAuc(own, membershipScores(losses(test[k]), shadows.test)) ?? 0.5;
      }),
    truth: ({ forgotten }) =>
      // a margin turned by the trained label is the logit again
      forgotten.map((margins) => auc(ratingMargins(margins, labels.trained), labels.true) ?? 0.5),
    distance: ({ forgotten }) =>
      forgotten.map((margins) => mean(expected.map((known, row) => Math.abs(probability(margins[row]) - known)))),
    klom: ({ forgotten }) =>
      groupsOf(forgotten).map((group) => klom(group, retrained.forgotten, group, { form: "gaussian" }).mean),
  };
}

function groupsOf(models: readonly Float32Array[]): Float32Array[][] {
  const size = Math.min(groupSize, models.length >> 2);
  return Array.from({ length: Math.floor(models.length / size) }, (_, k) => models.slice(k * size, (k + 1) * size));
}
