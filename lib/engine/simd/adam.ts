import type { AdamOperations, AdamState, AdamStep } from "../operations";
import type { SimdModule } from "./module";

export function simdAdam({ wasm, at }: SimdModule): AdamOperations {
  const moments = ({ parameters, firstMoment, secondMoment }: Omit<AdamState, "gradient">) =>
    [at(parameters), at(firstMoment), at(secondMoment)] as const;
  const numbers = ({ stepSize, rootScale, beta1, beta2, epsilon }: AdamStep) =>
    [stepSize, rootScale, beta1, 1 - beta1, beta2, 1 - beta2, epsilon] as const;

  return {
    adam(state, step) {
      const [w, m, v] = moments(state);
      wasm.adam(w, at(state.gradient), m, v, state.parameters.length, ...numbers(step));
    },
    adamRows(state, width, rows, step) {
      const [w, m, v] = moments(state);
      wasm.adamRows(w, at(state.gradient), m, v, at(rows), rows.length, width, ...numbers(step));
    },
    adamCatchUp: (state, width, rows, coefficients) =>
      void wasm.adamCatchUp(...moments(state), at(rows), rows.length, width, at(coefficients)),
  };
}
