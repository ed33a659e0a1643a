import { Breather, ProgressTask } from "../../core";
import type { Interactions } from "../../data";
import type { LightGcn } from "../../models";
import type { IfruLightGcnPrepared } from "../ifru-lightgcn";
import type { IfruPrepared } from "../prepare";
import { type ExplainOptions, explainOptions, requireRow, ridgeOf } from "./explanation";
import { lightGcnChanges } from "./lightgcn-changes";

/** How much some training rows hold their own predictions. */
export interface RowSelfInfluence {
  /** As they were asked for, `[rows]`. */
  readonly rows: Int32Array;
  /** To first order, by how much forgetting the row alone raises its own loss, in nats, `[rows]`. */
  readonly influence: Float64Array;
  /** Row numbers, the most influential first. `[rows]` */
  readonly ranking: Int32Array;
  readonly damping: number;
}

/**
 * Self-influence of some training rows of a LightGCN: r Δs, with r the row's residual and Δs what forgetting it does to
 * its own score, through the loss and through its edge (`README.md`, equation 19). One solve over the whole graph for
 * each row, so that the rows to look at are chosen first: those with the highest loss (`logLosses`), say.
 *
 * @param prepared what `ifruLightGcn.prepare` returned for the model, in principled mode
 * @param of the training rows, and the numbers of some of them
 * @throws NotFoundError for a row that is not there
 * @throws InvalidArgumentError for what was prepared of another model or other rows
 * @throws InvalidOptionError for unknown options, or when no lambda was prepared or given
 * @throws NumericalError when the system cannot be solved
 * @throws CancelledError when the current signal is aborted
 * @example
 * const prepared = await ifruLightGcn.prepare(lightGcn, train, { damping: 1e-4 });
 * const { ranking } = await selfInfluenceLightGcn(lightGcn, prepared, { train, rows: [12, 80, 81] });
 */
export async function selfInfluenceLightGcn(
  model: LightGcn,
  prepared: IfruPrepared | IfruLightGcnPrepared,
  { train, rows: asked }: { readonly train: Interactions; readonly rows: Iterable<number> },
  options?: Partial<Omit<ExplainOptions, "top">>,
): Promise<RowSelfInfluence> {
  const where = "selfInfluenceLightGcn";
  const resolved = explainOptions.resolve(options);
  prepared.origin.require(where, train, model);
  const list = [...asked];
  for (const row of list) requireRow(where, row, train);
  const rows = Int32Array.from(list);
  const { damping, ridge } = ridgeOf(resolved.damping, prepared, train);
  const influence = new Float64Array(rows.length);
  const breather = new Breather("finding self-influence");
  const task = new ProgressTask("finding self-influence", rows.length, "rows");
  try {
    for (const [k, row] of rows.entries()) {
      const pair = { train, user: train.user[row], item: train.item[row] };
      const { score, changes } = await lightGcnChanges(model, prepared, pair, ridge, resolved);
      influence[k] = (1 / (1 + Math.exp(-score)) - train.label[row]) * changes[row];
      task.update(k + 1);
      await breather.breathe();
    }
  } finally {
    task.finish();
  }
  const places = Array.from(rows.keys()).sort((a, b) => influence[b] - influence[a] || a - b);
  return { rows, influence, ranking: Int32Array.from(places, (k) => rows[k]), damping };
}
