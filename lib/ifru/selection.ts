import type { InteractionIndex, Interactions } from "../data";

/** The users and items whose embeddings a request may change, with their importance. */
export interface Selection {
  /** Dense user ids, ascending, `[selectedUsers]`. */
  readonly users: Int32Array;
  /** Dense item ids, ascending, `[selectedItems]`. */
  readonly items: Int32Array;
}

export interface SelectionOptions {
  /** 0: the users and items of the forgotten rows. 1: their neighbours too; and so on. */
  readonly hops: number;
  /** Share of the scored users and items to leave out, the least important first, in [0, 1). */
  readonly pruningRatio: number;
  /** Whether the users and items of the forgotten rows are kept whatever their importance. Default false. */
  readonly keepDirect?: boolean;
}

/** Importance by node: users as u, items as `userCount + i`. Absent means zero. */
type Scores = Map<number, number>;

/** deg(j) of the README's equation 5: training rows of the node, and one for its self-loop. */
function degree(node: number, train: Interactions, index: InteractionIndex): number {
  const isUser = node < train.userCount;
  const pointers = isUser ? index.userPointers : index.itemPointers;
  const id = isUser ? node : node - train.userCount;
  return pointers[id + 1] - pointers[id] + 1;
}

/** The nodes on the other side of a node's training rows, once per row. */
function* neighbours(node: number, train: Interactions, index: InteractionIndex): Generator<number> {
  const isUser = node < train.userCount;
  const [pointers, rows] = isUser ? [index.userPointers, index.userRows] : [index.itemPointers, index.itemRows];
  const id = isUser ? node : node - train.userCount;
  for (let k = pointers[id]; k < pointers[id + 1]; k++)
    yield isUser ? train.userCount + train.item[rows[k]] : train.user[rows[k]];
}

function directScores(train: Interactions, index: InteractionIndex, forgetRows: Int32Array): Scores {
  const deleted: Scores = new Map();
  const count = (node: number): unknown => deleted.set(node, (deleted.get(node) ?? 0) + 1);
  for (const row of forgetRows) {
    count(train.user[row]);
    count(train.userCount + train.item[row]);
  }
  for (const [node, rows] of deleted) deleted.set(node, rows / degree(node, train, index));
  return deleted;
}

/** One hop further: every node gets the sum of its neighbours' scores and its own, over its degree. */
function spread(train: Interactions, index: InteractionIndex, scores: Scores): Scores {
  const sums: Scores = new Map(scores);
  for (const [node, score] of scores)
    for (const neighbour of neighbours(node, train, index)) sums.set(neighbour, (sums.get(neighbour) ?? 0) + score);
  for (const [node, sum] of sums) sums.set(node, sum / degree(node, train, index));
  return sums;
}

/** Leaves out the share `pruningRatio` of lowest scores; ties go by node number, so the result is the same everywhere. */
function prune(scores: Scores, pruningRatio: number): number[] {
  if (pruningRatio === 0) return [...scores.keys()];
  const ranked = [...scores].sort(([nodeA, a], [nodeB, b]) => b - a || nodeA - nodeB);
  return ranked.slice(0, Math.ceil(ranked.length * (1 - pruningRatio))).map(([node]) => node);
}

/**
 * Importance-based selection of the parameters to update (`README.md`, equation 5). Costs the degrees of the touched nodes, not
 * the size of the dataset.
 *
 * @param train the rows the original model was trained on
 * @param index of the same rows
 * @param forgetRows row numbers to forget, `[forgotten]`
 */
export function selectNodes(
  train: Interactions,
  index: InteractionIndex,
  forgetRows: Int32Array,
  options: SelectionOptions,
): Selection {
  const direct = directScores(train, index, forgetRows);
  let scores = direct;
  for (let hop = 0; hop < options.hops; hop++) scores = spread(train, index, scores);
  const important = prune(scores, options.pruningRatio);
  const kept = options.keepDirect === true ? [...new Set([...direct.keys(), ...important])] : important;
  const users = kept.filter((node) => node < train.userCount);
  const items = kept.filter((node) => node >= train.userCount).map((node) => node - train.userCount);
  return { users: Int32Array.from(users).sort(), items: Int32Array.from(items).sort() };
}

/** The training rows that share a selected user or item, ascending by user, then item's rows. */
export function incidentRows(train: Interactions, index: InteractionIndex, selection: Selection): Int32Array {
  const rows: number[] = [];
  const selectedUsers = new Set(selection.users);
  for (const user of selection.users)
    for (let k = index.userPointers[user]; k < index.userPointers[user + 1]; k++) rows.push(index.userRows[k]);
  for (const item of selection.items)
    for (let k = index.itemPointers[item]; k < index.itemPointers[item + 1]; k++)
      if (!selectedUsers.has(train.user[index.itemRows[k]])) rows.push(index.itemRows[k]);
  return Int32Array.from(rows);
}
