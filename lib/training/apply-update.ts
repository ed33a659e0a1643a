import { type Parameterised, withRows } from "../models";
import type { ModelUpdate } from "./method";

/**
 * The model after forgetting. The original stays as it is; what the update does not touch is shared, not copied. To
 * write a small update into a model that nobody else uses, `overwriteRows` of `lib/models` costs only the rows.
 *
 * @throws InvalidArgumentError for rows that do not fit the model
 * @example
 * const request = { name: "user 3", train, forgetRows: userRows(train, 3) };
 * const { update } = await ifru.unlearn(model, request, {}, prepared);
 * const forgotten = applyUpdate(model, update); // the original stays as it is
 */
export function applyUpdate<M extends Parameterised<M>>(original: M, update: ModelUpdate<M>): M {
  return update.kind === "model" ? update.model : withRows(original, update.updates);
}
