import type { InteractionIndex, Interactions } from "../data";
import { LocalNumbering } from "./local-numbering";

/** The users and items whose embeddings a request may change. */
export interface NodeSelection {
  /** Dense user ids, ascending, `[selectedUsers]`. */
  readonly users: Int32Array;
  /** Dense item ids, ascending, `[selectedItems]`. */
  readonly items: Int32Array;
}

export interface NodeSelectionOptions {
  /** 0: the users and items of the forgotten rows. 1: their neighbours too; and so on. */
  readonly hops: number;
  /** Share of the scored users and items to leave out, the least important first, in [0, 1). */
  readonly pruningRatio: number;
  /** Whether the users and items of the forgotten rows are kept whatever their importance. Default false. */
  readonly keepDirect?: boolean;
}

/** Importance of the nodes that have any, by their number. Nodes are users as u and items as `userCount + i`. */
class NodeScores {
  private readonly nodes: LocalNumbering;
  private scores: number[] = [];

  constructor(
    private readonly train: Interactions,
    private readonly index: InteractionIndex,
  ) {
    this.nodes = new LocalNumbering(index.scratch.nodes);
  }

  get count(): number {
    return this.scores.length;
  }

  node(number: number): number {
    return this.nodes.ids[number];
  }

  /** The importance of hop 0 (`README.md`, equation 5): the share of a node's rows that are forgotten. */
  direct(forgetRows: Int32Array): void {
    const { user, item, userCount } = this.train;
    for (const row of forgetRows) {
      this.add(this.scores, user[row], 1);
      this.add(this.scores, userCount + item[row], 1);
    }
    this.divideByDegree();
  }

  /** One hop further: every node gets the sum of its neighbours' scores and its own, over its degree. */
  spread(): void {
    const { user, item, userCount } = this.train;
    const { userPointers, userRows, itemPointers, itemRows } = this.index;
    const sums = this.scores.slice();
    for (let k = 0; k < this.scores.length; k++) {
      const node = this.node(k);
      const score = this.scores[k];
      if (node < userCount)
        for (let r = userPointers[node]; r < userPointers[node + 1]; r++)
          this.add(sums, userCount + item[userRows[r]], score);
      else
        for (let r = itemPointers[node - userCount]; r < itemPointers[node - userCount + 1]; r++)
          this.add(sums, user[itemRows[r]], score);
    }
    this.scores = sums;
    this.divideByDegree();
  }

  /**
   * Numbers of the most important share, in no order; equal ones go by node, so that the result is the same everywhere.
   */
  mostImportant(share: number): number[] {
    const numbers = Array.from(this.scores.keys());
    if (share === 1) return numbers;
    numbers.sort((a, b) => this.scores[b] - this.scores[a] || this.node(a) - this.node(b));
    return numbers.slice(0, Math.ceil(numbers.length * share));
  }

  clear(): void {
    this.nodes.clear();
  }

  private add(sums: number[], node: number, amount: number): void {
    const number = this.nodes.number(node);
    if (number === sums.length) sums.push(amount);
    else sums[number] += amount;
  }

  /** deg(j) of equation 5: training rows of the node, and one for its self-loop. */
  private divideByDegree(): void {
    const { userPointers, itemPointers } = this.index;
    const { userCount } = this.train;
    for (let k = 0; k < this.scores.length; k++) {
      const node = this.node(k);
      const [pointers, id] = node < userCount ? [userPointers, node] : [itemPointers, node - userCount];
      this.scores[k] /= pointers[id + 1] - pointers[id] + 1;
    }
  }
}

/**
 * Importance-based selection of the parameters to update (`README.md`, equation 5). Costs the degrees of the touched
 * nodes, not the size of the dataset.
 *
 * @param train the rows the original model was trained on
 * @param index of the same rows
 * @param forgetRows row numbers to forget, `[forgotten]`
 * @example
 * const { index } = indexModel(model, train);
 * const { users, items } = selectNodes(train, index, forgetRows, { hops: 1, pruningRatio: 0.5 });
 */
export function selectNodes(
  train: Interactions,
  index: InteractionIndex,
  forgetRows: Int32Array,
  { hops, pruningRatio, keepDirect = false }: NodeSelectionOptions,
): NodeSelection {
  const scores = new NodeScores(train, index);
  try {
    scores.direct(forgetRows);
    const direct = scores.count; // these have the lowest numbers
    for (let hop = 0; hop < hops; hop++) scores.spread();
    const important = scores.mostImportant(1 - pruningRatio);
    const kept = keepDirect ? [...important.filter((number) => number >= direct), ...Array(direct).keys()] : important;
    return selectionOf(
      kept.map((number) => scores.node(number)),
      train.userCount,
    );
  } finally {
    scores.clear();
  }
}

/** Nodes as users and items. */
function selectionOf(nodes: readonly number[], userCount: number): NodeSelection {
  const sorted = Int32Array.from(nodes).sort();
  const split = sorted.findIndex((node) => node >= userCount);
  const items = split < 0 ? sorted.subarray(sorted.length) : sorted.subarray(split);
  return { users: sorted.slice(0, sorted.length - items.length), items: items.map((node) => node - userCount) };
}

/**
 * The training rows that share a selected user or item, each once: by user, then what items add.
 *
 * @example
 * const { index } = indexModel(model, train);
 * const selection = selectNodes(train, index, forgetRows, { hops: 1, pruningRatio: 0 });
 * incidentRows(train, index, selection).length; // how many rows the request looks at
 */
export function incidentRows(train: Interactions, index: InteractionIndex, selection: NodeSelection): Int32Array {
  const { userPointers, userRows, itemPointers, itemRows } = index;
  const users = new LocalNumbering(index.scratch.nodes, selection.users);
  const rows: number[] = [];
  for (const user of selection.users)
    for (let k = userPointers[user]; k < userPointers[user + 1]; k++) rows.push(userRows[k]);
  for (const item of selection.items)
    for (let k = itemPointers[item]; k < itemPointers[item + 1]; k++)
      if (!users.has(train.user[itemRows[k]])) rows.push(itemRows[k]);
  users.clear();
  return Int32Array.from(rows);
}
