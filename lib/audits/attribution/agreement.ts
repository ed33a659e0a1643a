import { Random } from "../../core";
import { meanRanks, pearson } from "../../metrics";

/** How well something predicts what training gives, over cases (subsets, deletions) and outputs. */
export interface Agreement {
  /**
   * The correlation over cases of one output, predicted against trained, as a mean over outputs; from -1 to 1. `null`
   * where no output varies.
   */
  readonly score: number | null;
  /** The 95 % interval of the score: cases drawn anew, with replacement. `null` with it. */
  readonly interval: readonly [number, number] | null;
  /** Outputs whose values vary on both sides. */
  readonly outputs: number;
}

/** Values of outputs in cases: `values[case][output]`. */
export type CaseOutputs = readonly Float32Array[];

const rounds = 200;

/** Spearman's correlation over cases, output by output. */
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
  const at = (share: number) => drawn[Math.min(drawn.length - 1, Math.floor(share * drawn.length))];
  return { score, interval: [at(0.025), at(0.975)], outputs };
}

/** The mean of several values of each output, case by case; `values[k]` has the k-th of each. */
export function meanOfOutputs(values: readonly CaseOutputs[]): Float32Array[] {
  return values[0].map((first, one) =>
    first.map((_, output) => values.reduce((sum, cases) => sum + cases[one][output], 0) / values.length),
  );
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
