import { Random } from "../../../lib/core";
import { type Interactions, retainedRows, rowCount, selectRows } from "../../../lib/data";
import { explain, ifru, type IfruPrepared, selfInfluence } from "../../../lib/ifru";
import { auc, logLosses } from "../../../lib/metrics";
import type { Mf } from "../../../lib/models";
import { fitMf, type FitMfOptions, type MfFit, refitMf } from "../../../lib/training";

/** The rows to learn from, those that early stopping watches, and how a model is trained. */
export interface Task {
  readonly train: Interactions;
  readonly valid: Interactions;
  readonly training: Partial<FitMfOptions>;
}

/** One pair's score: how forgetting some rows was predicted to change it, and what retraining without them did. */
export interface Removal {
  /** `random`: as many rows drawn of all, the same for all pairs of a seed. */
  readonly rows: "supporting" | "random";
  readonly count: number;
  /** The sum of the rows' own changes, and the change of all at once. */
  readonly sum: number;
  readonly together: number;
  readonly retrained: number;
}

interface Prepared {
  readonly fit: MfFit;
  /** Trained for the epochs of the original, like everything it is compared with. */
  readonly model: Mf;
  readonly prepared: IfruPrepared;
}

async function prepare({ train, valid, training }: Task): Promise<Prepared> {
  const fit = await fitMf(train, valid, training);
  const model = await refitMf(fit, train);
  return { fit, model, prepared: await ifru.prepare(model, train, { retrain: (rows) => refitMf(fit, rows) }) };
}

/** Predicted and actual changes, for pairs drawn among those whose score enough rows support. */
export async function measureRemovals(task: Task, pairCount: number, counts: readonly number[]): Promise<Removal[]> {
  const { fit, model, prepared } = await prepare(task);
  const { train } = task;
  const random = Random.derive(task.training.seed ?? 1, "explained pairs");
  const without = (rows: Int32Array) => refitMf(fit, selectRows(train, retainedRows(train, rows)));
  const drawn = counts.map((count) => random.sample(rowCount(train), count));
  const others: Mf[] = [];
  for (const rows of drawn) others.push(await without(rows));
  const found: Removal[] = [];
  for (let pairs = 0; pairs < pairCount;) {
    const of = { train, user: random.integer(train.userCount), item: random.integer(train.itemCount) };
    const most = Math.max(...counts);
    const { supporting, rows, changes, score } = await explain(model, prepared, of, { top: most });
    if (supporting.count < most) continue;
    pairs++;
    const change = (other: Mf) => other.score(Int32Array.of(of.user), Int32Array.of(of.item))[0] - score;
    for (const [k, count] of counts.entries()) {
      const top = (await explain(model, prepared, of, { top: count })).supporting;
      const sum = top.rows.reduce((total, row) => total + row.change, 0);
      const retrained = change(await without(Int32Array.from(top.rows, ({ row }) => row)));
      found.push({ rows: "supporting", count, sum, together: top.together, retrained });
      const theirs = new Set(drawn[k]);
      const expected = rows.reduce((total, row, at) => total + (theirs.has(row) ? changes[at] : 0), 0);
      found.push({ rows: "random", count, sum: expected, together: expected, retrained: change(others[k]) });
    }
  }
  return found;
}

/** How well rows with a flipped label are told from others: areas under the ROC curve. */
export interface Detection {
  readonly selfInfluence: number;
  readonly loss: number;
}

/** Flips a share of the labels, trains on them, and ranks all rows. */
export async function measureDetection(task: Task, share: number): Promise<Detection> {
  const random = Random.derive(task.training.seed ?? 1, "flipped labels");
  const flipped = new Float32Array(rowCount(task.train));
  for (const row of random.sample(flipped.length, Math.round(share * flipped.length))) flipped[row] = 1;
  const train = { ...task.train, label: task.train.label.map((label, row) => Math.abs(label - flipped[row])) };
  const { model, prepared } = await prepare({ ...task, train });
  const { influence } = await selfInfluence(model, prepared, train);
  const losses = logLosses(model.score(train.user, train.item), train.label);
  return {
    selfInfluence: auc(Float32Array.from(influence), flipped) ?? NaN,
    loss: auc(Float32Array.from(losses), flipped) ?? NaN,
  };
}

/** Pearson's correlation of what was predicted with what retraining did. */
export function correlation(pairs: readonly (readonly [number, number])[]): number {
  const mean = (k: 0 | 1) => pairs.reduce((sum, pair) => sum + pair[k], 0) / pairs.length;
  const [a, b] = [mean(0), mean(1)];
  const moment = (f: (x: number, y: number) => number) => pairs.reduce((sum, [x, y]) => sum + f(x - a, y - b), 0);
  return moment((x, y) => x * y) / Math.sqrt(moment((x) => x * x) * moment((_, y) => y * y));
}
