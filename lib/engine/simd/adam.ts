import type { AdamOperations, AdamState, AdamStep } from "../operations";
import type { SimdModule } from "./module";

export function simdAdam({ at, divide }: SimdModule): AdamOperations {
  const moments = ({ parameters, firstMoment, secondMoment }: Omit<AdamState, "gradient">) =>
    [at(parameters), at(firstMoment), at(secondMoment)] as const;
  const numbers = ({ stepSize, rootScale, beta1, beta2, epsilon }: AdamStep) =>
    [stepSize, rootScale, beta1, 1 - beta1, beta2, 1 - beta2, epsilon] as const;

  return {
    adam(state, step) {
      const arrays = [at(state.parameters), at(state.gradient), at(state.firstMoment), at(state.secondMoment)];
      divide({
        ...{ operation: "adam", count: state.parameters.length, unit: 16, cost: 0.7 },
        arguments: (from, count) => [...arrays.map((array) => array + 4 * from), count, ...numbers(step)],
      });
    },
    adamRows(state, width, rows, step) {
      const [w, m, v] = moments(state);
      const [g, list] = [at(state.gradient), at(rows)];
      divide({
        ...{ operation: "adamRows", count: rows.length, cost: 0.8 * width },
        arguments: (from, count) => [w, g, m, v, list + 4 * from, count, width, ...numbers(step)],
      });
    },
    adamCatchUp(state, width, rows, coefficients) {
      const [arrays, list, four] = [moments(state), at(rows), at(coefficients)];
      divide({
        ...{ operation: "adamCatchUp", count: rows.length, cost: 0.8 * width },
        arguments: (from, count) => [...arrays, list + 4 * from, count, width, four + 16 * from],
      });
    },
  };
}
