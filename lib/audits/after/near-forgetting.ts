import { InvalidArgumentError } from "../../core";
import { type Interactions, retainedRows, selectRows } from "../../data";
import { logLosses, mean } from "../../metrics";
import type { Mf } from "../../models";
import type { UnlearningRequest } from "../../training";
import { rowProduct } from "../attribution/estimates/pairs";

/** What forgetting did to rows that stay. */
export interface NearForgetting {
  /** Which rows: those of a forgotten row's user, of its item, nearest to one by embedding, and all others. */
  readonly where: "same user" | "same item" | "nearest" | "far";
  readonly rows: number;
  /** By how much the mean log loss rose since Original; `null` where there are no rows. */
  readonly answer: number | null;
  readonly retrained: number | null;
  /** The answer's rise minus Retrain's: above 0 more is forgotten than was asked for. */
  readonly excess: number | null;
}

/**
 * Over-forgetting: by how much the loss of rows that stay changed near the forgotten ones and far away, against what
 * retraining changes there.
 *
 * @param models *Original*, the model that forgot, and a retrained one; nearness is by Original's embeddings
 * @param nearest how many rows are nearest: those of no forgotten row's user or item whose own user and item are likest
 *   to those of a forgotten row (cosines added)
 * @throws InvalidArgumentError for no forgotten rows
 * @example
 * nearForgetting({ original: model, answer, retrained }, request).map(({ where, excess }) => [where, excess]);
 */
export function nearForgetting(
  { original, answer, retrained }: { readonly original: Mf; readonly answer: Mf; readonly retrained: Mf },
  { train, forgetRows }: UnlearningRequest,
  nearest = 500,
): readonly NearForgetting[] {
  if (forgetRows.length === 0)
    throw new InvalidArgumentError("there are no forgotten rows", {
      where: "nearForgetting",
      remedy: "give a request with one row or more",
    });
  const [users, items] = [train.user, train.item].map((ids) => new Set(Array.from(forgetRows, (row) => ids[row])));
  const kept = retainedRows(train, forgetRows);
  const others = kept.filter((row) => !users.has(train.user[row]) && !items.has(train.item[row]));
  const near = new Set(nearestOf(original, train, forgetRows, others, nearest));
  const groups: Readonly<Record<NearForgetting["where"], Int32Array>> = {
    "same user": kept.filter((row) => users.has(train.user[row])),
    "same item": kept.filter((row) => items.has(train.item[row])),
    nearest: others.filter((row) => near.has(row)),
    far: others.filter((row) => !near.has(row)),
  };
  return Object.entries(groups).map(([where, chosen]) => {
    const rows = selectRows(train, chosen);
    const loss = (model: Mf) => mean(logLosses(model.score(rows.user, rows.item), rows.label));
    const before = loss(original);
    const rise = (model: Mf) => (before === null ? null : (loss(model) ?? 0) - before);
    const [own, known] = [rise(answer), rise(retrained)];
    const excess = own === null || known === null ? null : own - known;
    return { where: where as NearForgetting["where"], rows: chosen.length, answer: own, retrained: known, excess };
  });
}

/** Some rows that are likest to one of the forgotten, each by the best likeness it has. */
function nearestOf(
  { userEmbedding, itemEmbedding, embeddingSize }: Mf,
  { user, item }: Interactions,
  forgetRows: Int32Array,
  others: Int32Array,
  count: number,
): number[] {
  const ofUser = cosinesTo(unitRows(userEmbedding, embeddingSize), embeddingSize, user, forgetRows);
  const ofItem = cosinesTo(unitRows(itemEmbedding, embeddingSize), embeddingSize, item, forgetRows);
  const likeness = Float64Array.from(others, (row) => {
    const [users, items] = [ofUser(user[row]), ofItem(item[row])];
    let best = -Infinity;
    for (let k = 0; k < users.length; k++) best = Math.max(best, users[k] + items[k]);
    return best;
  });
  const order = Array.from(others.keys()).sort((a, b) => likeness[b] - likeness[a] || a - b);
  return order.slice(0, count).map((k) => others[k]);
}

/** Cosines of an id with those of the forgotten rows, `[forgetRows]`; found once for each id. */
function cosinesTo(unit: Float32Array, width: number, ids: Int32Array, forgetRows: Int32Array) {
  const known = new Map<number, Float64Array>();
  return (id: number): Float64Array => {
    const found = known.get(id) ?? Float64Array.from(forgetRows, (row) => rowProduct(unit, id, unit, ids[row], width));
    known.set(id, found);
    return found;
  };
}

function unitRows(table: Float32Array, width: number): Float32Array {
  const result = table.slice();
  for (let start = 0; start < table.length; start += width) {
    const row = result.subarray(start, start + width);
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
    if (length > 0) row.forEach((value, j) => (row[j] = value / length));
  }
  return result;
}
