import { NumericalError, type StoredTensor } from "../core";

/**
 * One pass over a model's parameters. A NaN would rank first everywhere and spread through whatever the model answers.
 *
 * @param kind the model's, such as `"mf"`
 * @throws NumericalError naming the first parameter that is NaN or infinite, and its place
 */
export function requireFiniteParameters(
  kind: string,
  parameters: Iterable<{ readonly name: string; readonly values: StoredTensor["values"] }>,
): void {
  for (const { name, values } of parameters) {
    const place = values instanceof Float32Array ? firstNotFinite(values) : -1;
    if (place >= 0)
      throw new NumericalError(`the parameter "${name}" of a model of kind "${kind}" holds ${values[place]}`, {
        where: `${name}[${place}]`,
        remedy: "use a smaller learning rate or step, or make the model from finite values",
      });
  }
}

/** A loop of its own: V8 throws away the optimised form of a function that goes on after a long loop. */
function firstNotFinite(values: Float32Array): number {
  for (let k = 0; k < values.length; k++) if (!Number.isFinite(values[k])) return k;
  return -1;
}
