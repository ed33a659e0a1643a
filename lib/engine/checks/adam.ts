import type { AdamOperations, AdamState, RawOperations } from "../operations";
import { requireIds, requireLength, rowsOf } from "./require";

/** The operations of Adam behind checks of their shapes and ids. */
export function checkAdam(raw: RawOperations): AdamOperations {
  function requireState(operation: string, state: Partial<AdamState> & { parameters: Float32Array }): void {
    for (const [name, array] of Object.entries(state)) requireLength(operation, name, array, state.parameters.length);
  }

  return {
    adam(state, step) {
      requireState("adam", state);
      raw.adam(state, step);
    },
    adamRows(state, width, rows, step) {
      requireState("adamRows", state);
      requireIds(raw, "adamRows", "rows", rows, rowsOf("adamRows", "parameters", state.parameters, width));
      raw.adamRows(state, width, rows, step);
    },
    adamCatchUp(state, width, rows, coefficients) {
      requireState("adamCatchUp", state);
      requireIds(raw, "adamCatchUp", "rows", rows, rowsOf("adamCatchUp", "parameters", state.parameters, width));
      requireLength("adamCatchUp", "coefficients", coefficients, 4 * rows.length);
      raw.adamCatchUp(state, width, rows, coefficients);
    },
  };
}
