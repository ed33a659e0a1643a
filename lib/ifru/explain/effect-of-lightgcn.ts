import type { Interactions } from "../../data";
import type { LightGcn } from "../../models";
import { applyUpdate } from "../../training";
import { ifruLightGcn, type IfruLightGcnPrepared } from "../ifru-lightgcn";
import { type EffectOptions, effectOptions, type RowEffect } from "./effect-of";
import { requireRow, ridgeOf } from "./explanation";
import { MovedScores } from "./moved-scores";

/**
 * What did this rating do, in a LightGCN? Forgets the row as `ifruLightGcn.unlearn` does with its defaults, its edge
 * with it, and tells which scores of its user and of its item move most. Scores of its neighbours move as well; they
 * are not listed.
 *
 * @param prepared what `ifruLightGcn.prepare` returned for the model, in principled mode
 * @param of the training rows, and the number of one of them
 * @throws NotFoundError for a row that is not there
 * @throws InvalidArgumentError for what was prepared of another model or other rows
 * @throws InvalidOptionError for unknown options, or when no lambda was prepared or given
 * @throws NumericalError when the system cannot be solved
 * @throws CancelledError when the current signal is aborted
 * @example
 * const prepared = await ifruLightGcn.prepare(lightGcn, train, { damping: 1e-4 });
 * const effect = await effectOfLightGcn(lightGcn, prepared, { train, row: 12 });
 * effect.forUser[0].rankWithout; // where the item it moves most would stand without the rating
 */
export async function effectOfLightGcn(
  model: LightGcn,
  prepared: IfruLightGcnPrepared,
  { train, row }: { readonly train: Interactions; readonly row: number },
  options?: Partial<EffectOptions>,
): Promise<RowEffect> {
  const { top, damping: asked } = effectOptions.resolve(options);
  prepared.origin.require("effectOfLightGcn", train, model);
  requireRow("effectOfLightGcn", row, train);
  const { damping } = ridgeOf(asked, prepared, train);
  const request = { name: `row ${row}`, train, forgetRows: Int32Array.of(row) };
  const { update } = await ifruLightGcn.unlearn(model, request, { damping }, prepared);
  const moved = new MovedScores(prepared.propagated, applyUpdate(model, update).propagated());
  return { row, label: train.label[row], damping, ...moved.of(train.user[row], train.item[row], top) };
}
