import { Random } from "../core";
import { indexInteractions, type InteractionIndex, type Interactions } from "../data";
import type { Workspace } from "../engine";
import type { Mf } from "../models";

/** Rows that one loss looks at, grouped by the forgotten row they belong to. */
export interface LossRows {
  /** Local ids, `[rows]`. */
  readonly user: Int32Array;
  readonly item: Int32Array;
  /** What binary cross-entropy holds them to, in [0, 1], `[rows]`. */
  readonly label: Float32Array;
  /** Forgotten row k has the rows from `pointers[k]` to `pointers[k + 1]`, `[forgotten + 1]`. */
  readonly pointers: Int32Array;
}

/**
 * Matrix factorisation as CAU sees a request: what may move, and what each loss looks at (README, "Matrix
 * factorisation").
 */
export interface CauMfProblem {
  /** The users and items of the forgotten rows, dense ids, ascending: their embeddings move. */
  readonly users: Int32Array;
  readonly items: Int32Array;
  /** Embeddings of local users and items, those that move first, `[local, width]`. */
  readonly p: Float32Array;
  readonly q: Float32Array;
  readonly width: number;
  /** Of the unlearning, recommendation and KL loss, in the order of `lossNames`. */
  readonly losses: readonly [LossRows, LossRows, LossRows];
}

export interface CauMfProblemOptions {
  /** Retained rows per forgotten one, half of its user and half of its item. */
  readonly companions: number;
  /** Pairs per forgotten row at which predictions are held, half of its user and half of its item. */
  readonly anchors: number;
  readonly seed: number;
}

/** @param forgetRows row numbers of `train`, ascending */
export function mfProblem(
  model: Mf,
  train: Interactions,
  forgetRows: Int32Array,
  { companions, anchors, seed }: CauMfProblemOptions,
  workspace: Workspace,
): CauMfProblem {
  const index = indexInteractions(train);
  const [users, items] = [new LocalIds(train.user, forgetRows), new LocalIds(train.item, forgetRows)];
  const [moving, movingItems] = [users.ids.length, items.ids.length];
  const local = (pairs: Pairs): LossRows => ({
    user: pairs.user.map((id) => users.of(id)),
    item: pairs.item.map((id) => items.of(id)),
    label: pairs.label,
    pointers: pairs.pointers,
  });
  const asked = ownRows(train, forgetRows);
  const random = Random.derive(seed, "cau mf");
  const losses = [
    local(asked),
    local(companionRows(train, index, forgetRows, companions, random)),
    local(anchorPairs(model, asked, anchors, random)),
  ] as const;
  const { embeddingSize: width } = model;
  return {
    users: Int32Array.from(users.ids.slice(0, moving)),
    items: Int32Array.from(items.ids.slice(0, movingItems)),
    p: gather(model.userEmbedding, users.ids, width, workspace),
    q: gather(model.itemEmbedding, items.ids, width, workspace),
    width,
    losses: [...losses],
  };
}

/** Users or items numbered from 0: those of the forgotten rows in ascending order, then others as they come. */
class LocalIds {
  readonly ids: number[];
  private readonly numbers: Map<number, number>;

  constructor(column: Int32Array, forgetRows: Int32Array) {
    this.ids = [...new Set(Array.from(forgetRows, (row) => column[row]))].sort((a, b) => a - b);
    this.numbers = new Map(this.ids.map((id, number) => [id, number]));
  }

  of(id: number): number {
    const known = this.numbers.get(id);
    if (known !== undefined) return known;
    this.numbers.set(id, this.ids.length);
    return this.ids.push(id) - 1;
  }
}

/** The same with the model's own ids. */
type Pairs = LossRows;

function ownRows({ user, item, label }: Interactions, rows: Int32Array): Pairs {
  return {
    user: rows.map((row) => user[row]),
    item: rows.map((row) => item[row]),
    label: Float32Array.from(rows, (row) => label[row]),
    pointers: Int32Array.from({ length: rows.length + 1 }, (_, k) => k),
  };
}

/** Rows that stay of each forgotten row's user, and of its item, drawn without replacement. */
function companionRows(
  train: Interactions,
  { userPointers, userRows, itemPointers, itemRows }: InteractionIndex,
  forgetRows: Int32Array,
  count: number,
  random: Random,
): Pairs {
  const forgotten = new Set(forgetRows);
  const drawn = (rows: Int32Array, most: number) => {
    const staying = rows.filter((row) => !forgotten.has(row));
    return Array.from(random.sample(staying.length, Math.min(most, staying.length)), (at) => staying[at]);
  };
  const chosen: number[] = [];
  const pointers = new Int32Array(forgetRows.length + 1);
  forgetRows.forEach((row, k) => {
    const [user, item] = [train.user[row], train.item[row]];
    chosen.push(...drawn(userRows.subarray(userPointers[user], userPointers[user + 1]), Math.ceil(count / 2)));
    chosen.push(...drawn(itemRows.subarray(itemPointers[item], itemPointers[item + 1]), Math.floor(count / 2)));
    pointers[k + 1] = chosen.length;
  });
  return { ...ownRows(train, Int32Array.from(chosen)), pointers };
}

/**
 * Each forgotten row's user beside items drawn from the catalogue, its item beside users: with what the model now
 * predicts.
 */
function anchorPairs(model: Mf, asked: Pairs, count: number, random: Random): Pairs {
  const rows = asked.user.length;
  const ofUser = Math.ceil(count / 2);
  const [user, item] = [new Int32Array(rows * count), new Int32Array(rows * count)];
  for (let k = 0; k < user.length; k++) {
    const row = Math.floor(k / count);
    const fixesUser = k % count < ofUser;
    user[k] = fixesUser ? asked.user[row] : random.integer(model.userCount);
    item[k] = fixesUser ? random.integer(model.itemCount) : asked.item[row];
  }
  const label = model.score(user, item).map((score) => 1 / (1 + Math.exp(-score)));
  return { user, item, label, pointers: Int32Array.from({ length: rows + 1 }, (_, k) => k * count) };
}

function gather(table: Float32Array, ids: readonly number[], width: number, workspace: Workspace): Float32Array {
  const rows = workspace.float32(ids.length * width);
  ids.forEach((id, number) => rows.set(table.subarray(id * width, (id + 1) * width), number * width));
  return rows;
}
