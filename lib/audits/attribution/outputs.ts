/** Values of outputs in cases: `values[case][output]`. */
export type CaseOutputs = readonly Float32Array[];

/**
 * The mean of several values of each output, case by case: of several trainings, or of several estimates.
 *
 * @param values `values[k]` has the k-th of each
 * @example
 * meanOfOutputs([[Float32Array.of(1)], [Float32Array.of(3)]]); // [[2]]
 */
export function meanOfOutputs(values: readonly CaseOutputs[]): Float32Array[] {
  return values[0].map((first, one) =>
    first.map((_, output) => values.reduce((sum, cases) => sum + cases[one][output], 0) / values.length),
  );
}
