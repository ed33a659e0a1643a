import { numberOption, optionList, type OptionsOf, seedOption, wholeOption } from "../core";
import { summarise } from "../metrics";
import { differenceError, type Reading } from "./reading";

/** By what criteria a verdict is given; `README.md` says why. */
export const verdictCriteria = optionList("verdict", {
  distanceFactor: numberOption(
    "How many times as far from Retrain as two retrainings are from each other the answer's predictions may be.",
    1.25,
    { min: 1 },
  ),
  remainder: numberOption("Of what Original knew beyond Retrain the share that counts as nothing.", 0.05, {
    min: 0,
    max: 0.5,
  }),
  negligible: numberOption("A difference in utility that counts as none.", 0.002, { min: 0 }),
  leastRows: wholeOption("Forgotten rows below which nothing can be told, unless there are five retrainings.", 10, 1),
  rankedUsers: wholeOption("How many users, or test samples times ten, are ranked for ndcg@10; 0 for none.", 300, 0),
  seed: seedOption("Draws those users, and candidates for sessions.", 1),
});

/** Criteria of `verdict`; defaults and ranges are in `verdictCriteria`. */
export interface VerdictCriteria extends OptionsOf<typeof verdictCriteria.fields> {}

/** What one measure says. */
export type Finding =
  /** Where a retraining ends. */
  | "like Retrain"
  /** On the side of those that remember. */
  | "remembers"
  /** On the other side, beyond Retrain. */
  | "over-forgotten"
  /** Further from Retrain than another retraining, to no side. */
  | "unlike Retrain"
  /** It cannot tell. */
  | "cannot tell"
  /** Utility: as good, worse, better. */
  | "as good"
  | "worse"
  | "better";

/** One measure of all models, and what it says. */
export interface Judgement {
  readonly label: string;
  readonly about: "completeness" | "utility";
  /** A value of each model, or its distance from the retrainings; Retrain's is then the floor. */
  readonly kind: "value" | "distance";
  readonly original: number | null;
  readonly answer: number | null;
  /** Mean over the retrainings; `null` without any. */
  readonly retrained: number | null;
  /** How much retrainings differ among each other; `null` for fewer than two. */
  readonly floor: number | null;
  /** How far from Retrain still counts as there; `null` where nothing can be held against it. */
  readonly tolerance: number | null;
  /** Of what Original knew beyond Retrain the share that is left; `null` where that is nothing. */
  readonly remaining: number | null;
  readonly finding: Finding;
  /** Why it cannot tell. */
  readonly reason: string | null;
}

/** A measure of all models. */
export interface Readings {
  readonly original: Reading;
  readonly answer: Reading;
  readonly retrained: readonly Reading[];
}

type Told = Pick<Judgement, "finding" | "reason"> & Partial<Judgement>;

/** Whether a measure is where a retraining ends. @param towards where a model that remembers is, +1 above */
export function judgeCompleteness(
  label: string,
  towards: 1 | -1,
  readings: Readings,
  { remainder }: VerdictCriteria,
): Judgement {
  const found = valuesOf(label, "completeness", readings);
  const { original, answer, retrained, floor } = found;
  const tell = (told: Told): Judgement => ({ ...found, ...told });
  if (original === null || answer === null || (readings.retrained.length > 0 && retrained === null))
    return tell({ finding: "cannot tell", reason: "it is undefined on these rows" });
  if (retrained === null) return tell({ finding: "cannot tell", reason: "there is no retrained model" });
  if (floor === null) return tell({ finding: "cannot tell", reason: "one retraining alone has no noise floor" });
  const gap = towards * (original - retrained);
  const excess = towards * (answer - retrained);
  const least = reachOf(readings.retrained);
  const tolerance = Math.max(least, remainder * gap);
  const known = { tolerance, remaining: gap > least ? excess / gap : null };
  if (excess > tolerance) return tell({ ...known, finding: "remembers", reason: null });
  if (excess < -tolerance) return tell({ ...known, finding: "over-forgotten", reason: null });
  if (gap > least) return tell({ ...known, finding: "like Retrain", reason: null });
  return tell({ ...known, finding: "cannot tell", reason: "Original is where a further retraining might be" });
}

/**
 * Whether the answer's predictions are as near to Retrain's as another retraining's are.
 *
 * @param readings the distances: from the retrainings on average, and for each retraining from the others
 */
export function judgeDistance(label: string, readings: Readings, criteria: VerdictCriteria): Judgement {
  const { original, answer, retrained: floor } = valuesOf(label, "completeness", readings);
  const found = {
    ...{ label, about: "completeness" as const, kind: "distance" as const },
    ...{ original, answer, retrained: floor, floor },
  };
  const tell = (told: Told): Judgement => ({ ...found, tolerance: null, remaining: null, ...told });
  if (original === null || answer === null || floor === null)
    return tell({ finding: "cannot tell", reason: "it needs two retrainings" });
  const error = differenceError(readings.answer, readings.retrained[0]) ?? 0;
  const least = Math.max((criteria.distanceFactor - 1) * floor, 2 * error);
  const gap = original - floor;
  const tolerance = Math.max(least, criteria.remainder * gap);
  const known = { tolerance, remaining: gap > least ? (answer - floor) / gap : null };
  if (answer - floor > tolerance) return tell({ ...known, finding: "unlike Retrain", reason: null });
  if (gap > least) return tell({ ...known, finding: "like Retrain", reason: null });
  return tell({ ...known, finding: "cannot tell", reason: "Original is as near to Retrain as another retraining is" });
}

/** Whether it recommends as well as Retrain; as Original, where there is no Retrain. @param towards what is better */
export function judgeUtility(
  label: string,
  towards: 1 | -1,
  readings: Readings,
  { negligible }: VerdictCriteria,
): Judgement {
  const found = valuesOf(label, "utility", readings);
  const { original, answer, retrained, floor } = found;
  const held = retrained ?? original;
  if (answer === null || held === null)
    return { ...found, finding: "cannot tell", reason: "it is undefined on these rows" };
  const error = differenceError(readings.answer, readings.retrained[0] ?? readings.original) ?? 0;
  const reach = floor === null ? 2 * error : reachOf(readings.retrained);
  const tolerance = Math.max(reach, negligible);
  const difference = towards * (answer - held);
  const finding = difference < -tolerance ? "worse" : difference > tolerance ? "better" : "as good";
  if (finding !== "as good" && readings.retrained.length === 1)
    return { ...found, tolerance, finding: "cannot tell", reason: "one retraining alone has no noise floor" };
  return { ...found, tolerance, finding, reason: null };
}

function valuesOf(label: string, about: Judgement["about"], { original, answer, retrained }: Readings) {
  const values = retrained.map(({ value }) => value);
  const defined = values.filter((value): value is number => value !== null);
  const mean = defined.length === 0 || defined.length < values.length ? null : average(defined);
  const floor = defined.length < 2 || mean === null ? null : noiseFloor(retrained);
  return {
    ...{ label, about, kind: "value" as const, tolerance: null, remaining: null },
    ...{ original: original.value, answer: answer.value, retrained: mean, floor },
  };
}

/** How much a measure differs between retrainings at most. */
function noiseFloor(retrained: readonly Reading[]): number {
  const values = retrained.map(({ value }) => value ?? 0);
  return Math.max(...values) - Math.min(...values);
}

/**
 * How far from the retrainings' mean another one may be. Few retrainings may agree by chance: Student's t allows for
 * that (11 times their difference for two, 5 standard deviations for three), and it is never less than two standard
 * errors of a difference over rows.
 */
function reachOf(retrained: readonly Reading[]): number {
  const { interval, n } = summarise(retrained.map(({ value }) => value ?? 0));
  const [low, high] = interval ?? [-Infinity, Infinity];
  const errors = retrained.slice(1).map((one) => differenceError(retrained[0], one) ?? 0);
  return Math.max(((high - low) / 2) * Math.sqrt(n + 1), 2 * Math.max(...errors));
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
