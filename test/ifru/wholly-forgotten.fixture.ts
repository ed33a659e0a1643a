import { type IfruSplit, type Interactions, retainedRows, rowsWhere, selectRows } from "../../lib/data";
import { ifru, ifruLightGcn, ifruNeuralMf } from "../../lib/ifru";
import { exposureAtK, forgetAuc, mean } from "../../lib/metrics";
import type { ReplaceableParameters } from "../../lib/models";
import {
  applyUpdate,
  fitLightGcn,
  fitMf,
  fitNeuralMf,
  type ModelUpdate,
  refitLightGcn,
  refitMf,
} from "../../lib/training";

/** A trained model, how IFRU forgets with it, and how it is trained on other rows. */
export interface Subject<M> {
  readonly model: M;
  forget(rows: Int32Array, pruningRatio?: number): Promise<{ readonly update: ModelUpdate<M> }>;
  retrain(rows: Interactions): Promise<M>;
}

type Training = Readonly<Record<string, number>>;

/** Each model that IFRU has a form for. Lambda is calibrated where there is a calibration. */
export const subjects = {
  async mf({ train, valid }: IfruSplit, training: Training = {}) {
    const fit = await fitMf(train, valid, training);
    const retrain = (rows: Interactions) => refitMf(fit, rows);
    const prepared = await ifru.prepare(fit.model, train, { retrain });
    const forget = (forgetRows: Int32Array, pruningRatio = 0) =>
      ifru.unlearn(fit.model, { name: "x", train, forgetRows }, { pruningRatio }, prepared);
    return { model: fit.model, forget, retrain };
  },

  async lightgcn({ train, valid }: IfruSplit, training: Training = {}) {
    const fit = await fitLightGcn(train, valid, training);
    const retrain = (rows: Interactions) => refitLightGcn(fit, rows);
    const prepared = await ifruLightGcn.prepare(fit.model, train, { retrain });
    const forget = (forgetRows: Int32Array, pruningRatio = 0) =>
      ifruLightGcn.unlearn(fit.model, { name: "x", train, forgetRows }, { pruningRatio }, prepared);
    return { model: fit.model, forget, retrain };
  },

  async "neural-mf"({ train, valid }: IfruSplit, training: Training = {}) {
    const { model } = await fitNeuralMf(train, valid, training);
    const retrain = async (rows: Interactions) => (await fitNeuralMf(rows, valid, training)).model;
    const forget = (forgetRows: Int32Array, pruningRatio = 0) =>
      ifruNeuralMf.unlearn(model, { name: "x", train, forgetRows }, { damping: 2e-3, pruningRatio });
    return { model, forget, retrain };
  },
};

/** The length of each row of one of a model's embedding tables. */
export function norms(model: ReplaceableParameters<unknown>, table: "userEmbedding" | "itemEmbedding"): number[] {
  const { values, shape } = model.parameters().find(({ name }) => name === table)!;
  const [count, width] = shape;
  return Array.from({ length: count }, (_, k) => Math.hypot(...values.subarray(k * width, (k + 1) * width)));
}

/** Users or items who are wholly forgotten. */
export interface WholeRequest {
  readonly name: string;
  readonly side: "user" | "item";
  readonly ids: readonly number[];
}

/** One, ten at random and the most active 1 % (two at least) of the users, and of the items. */
export function wholeRequests(train: Interactions, seed: number): WholeRequest[] {
  return (["user", "item"] as const).flatMap((side) => {
    const activity = new Int32Array(side === "user" ? train.userCount : train.itemCount);
    for (const id of train[side]) activity[id]++;
    const active = Array.from(activity.keys()).filter((id) => activity[id] > 0);
    const most = [...active].sort((a, b) => activity[b] - activity[a] || a - b);
    const random = Array.from({ length: 10 }, (_, k) => active[(seed * 7919 + k * 104_729) % active.length]);
    return [
      { name: `one ${side}`, side, ids: random.slice(0, 1) },
      { name: `ten ${side}s`, side, ids: [...new Set(random)].sort((a, b) => a - b) },
      { name: `most active 1 % of ${side}s`, side, ids: most.slice(0, Math.max(2, Math.round(active.length / 100))) },
    ];
  });
}

/** What is left of those who are to be forgotten: in the original, after IFRU and after retraining. */
export async function whatIsLeft<M extends ReplaceableParameters<M>>(
  subject: Subject<M>,
  train: Interactions,
  { side, ids }: WholeRequest,
) {
  const asked = new Set(ids);
  const forgetRows = rowsWhere(train, (row) => asked.has(train[side][row]));
  const stays = selectRows(train, retainedRows(train, forgetRows));
  const forgotten = selectRows(train, forgetRows);
  const original = subject.model;
  const unlearned = applyUpdate(original, (await subject.forget(forgetRows)).update);
  const retrained = await subject.retrain(stays);
  const leftIn = (model: M) => {
    const lengths = norms(model, side === "user" ? "userEmbedding" : "itemEmbedding");
    return {
      norm: mean(Float64Array.from(ids, (id) => lengths[id]))!,
      auc: forgetAuc(model.score(forgotten.user, forgotten.item), train.label, forgetRows),
      exposure: side === "item" ? mean(exposureAtK(model, stays, Int32Array.from(ids), 10).values) : null,
    };
  };
  return { rows: forgetRows.length, original: leftIn(original), ifru: leftIn(unlearned), retrain: leftIn(retrained) };
}

type Left = Awaited<ReturnType<typeof whatIsLeft>>;

/** One row of the table of completeness. */
export function completenessRow(model: string, { name }: WholeRequest, { rows, ...left }: Left) {
  const text = (value: number | null) => value?.toFixed(3) ?? "";
  const columns = (["norm", "auc", "exposure"] as const).flatMap((what) =>
    (["original", "ifru", "retrain"] as const).map((of) => [`${what} ${of}`, text(left[of][what])]),
  );
  return { model, request: name, rows, ...Object.fromEntries(columns) };
}
