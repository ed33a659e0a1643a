import { InvalidArgumentError } from "../../core";
import { auc, median } from "../../metrics";

/** Values that a measure has of models, one for each: of those that retrained, and of others by what they are. */
export interface MeasuredModels {
  readonly retrained: ArrayLike<number>;
  /** Such as `{ Original: [...], "output filter": [...] }`. */
  readonly others: Readonly<Record<string, ArrayLike<number>>>;
}

/** How well a measure tells models that forgot from those that did not. */
export interface MeasureQuality {
  /** AUC against each kind of other models; 0.5 is chance. */
  readonly auc: Readonly<Record<string, number>>;
  /** Their mean: every kind counts alike. */
  readonly overall: number;
  /** The kinds that it cannot tell: AUC below 0.7. */
  readonly blindTo: readonly string[];
  /** Whether `overall` is 0.7 or more. */
  readonly isInformative: boolean;
  /** One sentence. */
  readonly text: string;
}

/** The AUC below which a measure says nothing. */
export const informativeFrom = 0.7;

/**
 * Is a measure any good? Its AUC at telling retrained models from *Original* and from pretenders: models that only look
 * as if they forgot. Half of the retrained ones say where Retrain is (their median). The rest and the others are ranked
 * by how far from there they are, to either side, since completeness is being where Retrain is.
 *
 * @param label as the sentence calls the measure
 * @throws InvalidArgumentError for fewer than four retrained models, a kind without models, or a value that is NaN
 * @example
 * const lossOf = (one: Mf) => mean(logLosses(one.score(forgotten.user, forgotten.item), forgotten.label)) ?? 0;
 * const quality = measureQuality("log loss on the forgotten rows", {
 *   retrained: retrainedModels.map(lossOf),
 *   others: { Original: originals.map(lossOf), IFRU: unlearnedModels.map(lossOf) },
 * });
 * quality.text; // "log loss on the forgotten rows is informative (AUC 0.81); it cannot tell IFRU (0.62)"
 */
export function measureQuality(label: string, { retrained, others }: MeasuredModels): MeasureQuality {
  requireValues("retrained", retrained, 4);
  const values = Float64Array.from(retrained);
  const half = values.length >> 1;
  const centre = median(Array.from(values.subarray(0, half)));
  const distances = (of: ArrayLike<number>) => Array.from(of, (value) => Math.abs(value - centre));
  const held = distances(values.subarray(half));
  const found = Object.entries(others).map(([kind, of]) => {
    requireValues(kind, of, 1);
    const away = distances(of);
    const labels = Float32Array.from([...away.map(() => 1), ...held.map(() => 0)]);
    return [kind, auc(Float32Array.from([...away, ...held]), labels) ?? 0.5] as const;
  });
  return qualityOf(label, Object.fromEntries(found));
}

/**
 * The same of AUCs that are known already.
 *
 * @param label as the sentence calls the measure
 * @param aucs against each kind of other models
 * @throws InvalidArgumentError for no kind at all
 * @example
 * qualityOf("log loss", { Original: 1, noise: 0.5 }).isInformative; // true: 0.75 on average
 */
export function qualityOf(label: string, aucs: Readonly<Record<string, number>>): MeasureQuality {
  const found = Object.entries(aucs);
  if (found.length === 0)
    throw new InvalidArgumentError("there are no models to tell from retrained ones", {
      where: "qualityOf",
      remedy: "give the AUC of one kind of other models or more",
    });
  const overall = found.reduce((sum, [, value]) => sum + value, 0) / found.length;
  const blind = found.filter(([, value]) => value < informativeFrom);
  const isInformative = overall >= informativeFrom;
  const list = blind.map(([kind, value]) => `${kind} (${value.toFixed(2)})`).join(", ");
  const said = `${label} is ${isInformative ? "informative" : "uninformative"} (AUC ${overall.toFixed(2)})`;
  const text = blind.length === 0 ? said : `${said}; it cannot tell ${list}`;
  return { auc: aucs, overall, blindTo: blind.map(([kind]) => kind), isInformative, text };
}

function requireValues(kind: string, values: ArrayLike<number>, least: number): void {
  if (values.length >= least && !Array.from(values).some(Number.isNaN)) return;
  throw new InvalidArgumentError(`${kind} has ${values.length} values, or one that is NaN`, {
    where: "measureQuality",
    remedy: `give ${least} or more, none of them NaN`,
  });
}
