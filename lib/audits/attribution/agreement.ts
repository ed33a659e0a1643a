import { Random } from "../../core";
import { meanRanks, pearson } from "../../metrics";
import { type CaseOutputs, meanOfOutputs } from "./outputs";

/** How well something predicts what training gives, over cases (subsets, deletions) and outputs. */
export interface Agreement {
  /**
   * The correlation over cases of one output, predicted against trained, as a mean over outputs; from -1 to 1. `null`
   * where no output varies.
   */
  readonly score: number | null;
  /** The 95 % interval of the score, which is in it: cases drawn anew, with replacement. `null` with it. */
  readonly interval: readonly [number, number] | null;
  /** Outputs whose values vary on both sides. */
  readonly outputs: number;
}

const rounds = 200;

/**
 * Spearman's correlation over cases, output by output, and its mean over outputs.
 *
 * @param predicted by an estimate, `[cases][outputs]`
 * @param trained what training gave, of the same shape
 * @param seed draws the cases anew, for the interval
 * @example
 * const trained = [Float32Array.of(1), Float32Array.of(2), Float32Array.of(3)]; // one output in three cases
 * agreementOf([Float32Array.of(5), Float32Array.of(7), Float32Array.of(9)], trained, 1).score; // 1: the same order
 */
export function agreementOf(predicted: CaseOutputs, trained: CaseOutputs, seed: number): Agreement {
  const columns = trained[0].length;
  const sides = Array.from({ length: columns }, (_, output) => [column(predicted, output), column(trained, output)]);
  const everyCase = Int32Array.from(predicted.keys());
  const { score, outputs } = meanCorrelation(sides, everyCase);
  if (score === null) return { score, interval: null, outputs };
  const random = Random.derive(seed, "cases");
  const drawn: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const again = meanCorrelation(
      sides,
      everyCase.map(() => random.integer(everyCase.length)),
    );
    if (again.score !== null) drawn.push(again.score);
  }
  drawn.sort((a, b) => a - b);
  // A case that is drawn twice lowers a rank correlation by itself: the ends are moved by as much as the mean is off.
  const off = drawn.reduce((sum, value) => sum + value, 0) / drawn.length - score;
  const at = (share: number) => drawn[Math.min(drawn.length - 1, Math.floor(share * drawn.length))] - off;
  return { score, interval: [Math.max(-1, at(0.025)), Math.min(1, at(0.975))], outputs };
}

/**
 * What one training reaches against the mean of the others, as a mean over which one; so is the interval. A measure of
 * chance and no limit: an estimate can be nearer to the mean (`README.md`).
 *
 * @param trained two trainings or more of the same cases
 * @example
 * const once = [Float32Array.of(1), Float32Array.of(2), Float32Array.of(3)]; // one output in three cases
 * ceilingOf([once, once], 1).score; // 1: chance plays no part
 */
export function ceilingOf(trained: readonly CaseOutputs[], seed: number): Agreement {
  const each = trained.map((one, k) =>
    agreementOf(one, meanOfOutputs(trained.filter((_, other) => other !== k)), seed),
  );
  const known = each.filter(({ score }) => score !== null);
  const mean = (of: (one: Agreement) => number) => known.reduce((sum, one) => sum + of(one), 0) / known.length;
  if (known.length === 0) return each[0];
  return {
    score: mean(({ score }) => score ?? 0),
    interval: [mean(({ interval }) => interval?.[0] ?? 0), mean(({ interval }) => interval?.[1] ?? 0)],
    outputs: Math.min(...known.map(({ outputs }) => outputs)),
  };
}

function column(cases: CaseOutputs, output: number): Float64Array {
  return Float64Array.from(cases, (values) => values[output]);
}

function meanCorrelation(sides: readonly (readonly Float64Array[])[], cases: Int32Array) {
  let [sum, outputs] = [0, 0];
  for (const [a, b] of sides) {
    const [x, y] = [a, b].map((values) => meanRanks(Float64Array.from(cases, (one) => values[one])));
    const correlation = pearson(x, y);
    if (correlation === null) continue;
    sum += correlation;
    outputs++;
  }
  return { score: outputs === 0 ? null : sum / outputs, outputs };
}
