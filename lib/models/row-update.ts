import { InvalidArgumentError } from "../core";
import type { Parameter, Recommender } from "./recommender";

/** The touched rows of one parameter and their new values. */
export interface RowUpdate {
  readonly parameter: string;
  /** Row numbers, ascending, `[touched]`. */
  readonly rows: Int32Array;
  /** New values, row-major `[touched, width]`. */
  readonly values: Float32Array;
}

/** A recommender of users and items some of whose parameters can be replaced. */
export interface ReplaceableParameters<M> extends Recommender, Parameterised<M> {}

/** What has parameters, some of which can be replaced. */
export interface Parameterised<M> extends Pick<Recommender, "kind" | "parameters"> {
  /**
   * The same model with other values for some parameters; the rest is shared with this one, not copied.
   *
   * @param replaced by name, each as long as the original
   */
  withParameters(replaced: ReadonlyMap<string, Float32Array>): M;
}

/**
 * The model after some rows changed. Only the touched parameters are copied; the rest is shared with the original,
 * which stays as it is.
 *
 * @throws InvalidArgumentError for an unknown parameter, or rows or values that do not fit it
 * @example
 * const vector = new Float32Array(model.embeddingSize);
 * const without = withRows(model, [{ parameter: "userEmbedding", rows: Int32Array.of(3), values: vector }]);
 */
export function withRows<M>(original: Parameterised<M>, updates: readonly RowUpdate[]): M {
  const replaced = new Map<string, Float32Array>();
  for (const update of updates) {
    const parameter = find(original, update);
    const values = replaced.get(parameter.name) ?? parameter.values.slice();
    replaced.set(parameter.name, values);
    writeRows({ ...parameter, values }, update);
  }
  return original.withParameters(replaced);
}

/**
 * Writes the rows into the model itself, in time that depends on the rows alone, and returns what undoes it:
 * overwriting again with that, in turn, gives the model its old rows back.
 *
 * @throws InvalidArgumentError for an unknown parameter, or rows or values that do not fit it; the model is then
 *   unchanged
 * @example
 * const undo = overwriteRows(model, updates); // in place
 * overwriteRows(model, undo); // as it was
 */
export function overwriteRows(model: Recommender, updates: readonly RowUpdate[]): RowUpdate[] {
  const targets = updates.map((update) => find(model, update));
  const undo = updates.map((update, n) => readRows(targets[n], update.rows));
  updates.forEach((update, n) => writeRows(targets[n], update));
  return undo.reverse();
}

/**
 * Some rows of a parameter, as an update that would write them.
 *
 * @param rows ascending
 * @example
 * const { values } = readRows(model.parameters()[0], Int32Array.of(3)); // the vector of user 3
 */
export function readRows(parameter: Parameter, rows: Int32Array): RowUpdate {
  const width = rowWidth(parameter);
  const values = new Float32Array(rows.length * width);
  rows.forEach((row, n) => values.set(parameter.values.subarray(row * width, (row + 1) * width), n * width));
  return { parameter: parameter.name, rows, values };
}

function writeRows(parameter: Parameter, { rows, values }: RowUpdate): void {
  const width = rowWidth(parameter);
  rows.forEach((row, n) => parameter.values.set(values.subarray(n * width, (n + 1) * width), row * width));
}

function rowWidth({ shape }: Parameter): number {
  return shape.slice(1).reduce((product, length) => product * length, 1);
}

/** The parameter an update is for, once the update is known to fit it. */
function find(
  model: Pick<Recommender, "kind" | "parameters">,
  { parameter: name, rows, values }: RowUpdate,
): Parameter {
  const parameters = model.parameters();
  const parameter = parameters.find((candidate) => candidate.name === name);
  if (parameter === undefined)
    throw new InvalidArgumentError(`the update is for "${name}", which a model of kind ${model.kind} does not have`, {
      remedy: `its parameters are ${parameters.map((candidate) => candidate.name).join(", ")}`,
    });
  const ascending = rows.every((row, n) => row > (n === 0 ? -1 : rows[n - 1]) && row < parameter.shape[0]);
  if (!ascending || values.length !== rows.length * rowWidth(parameter))
    throw new InvalidArgumentError(`the update of "${name}" has rows or values that do not fit it`, {
      remedy: `give ascending rows below ${parameter.shape[0]} and ${rowWidth(parameter)} values for each`,
    });
  return parameter;
}
