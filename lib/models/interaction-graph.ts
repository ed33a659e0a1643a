import type { Interactions } from "../data";
import type { SparseRows } from "../engine";
import { InvalidArgumentError } from "../core";

/**
 * The bipartite graph of users and items that graph models aggregate over: one edge for every interaction with a positive label
 * (a pair that is repeated is an edge each time). Nodes are numbered users first: user u is node u, item i is `userCount + i`.
 */
export class InteractionGraph {
  readonly nodeCount: number;
  private built: SparseRows | undefined;

  /**
   * @param edgeUser dense user ids, `[edges]`; kept, not copied
   * @param edgeItem dense item ids, `[edges]`; kept, not copied
   * @throws InvalidArgumentError for columns of different lengths and ids out of range
   */
  constructor(
    readonly userCount: number,
    readonly itemCount: number,
    readonly edgeUser: Int32Array,
    readonly edgeItem: Int32Array,
  ) {
    this.nodeCount = userCount + itemCount;
    const inRange = (ids: Int32Array, count: number) => ids.every((id) => id >= 0 && id < count);
    if (edgeUser.length !== edgeItem.length || !inRange(edgeUser, userCount) || !inRange(edgeItem, itemCount))
      throw new InvalidArgumentError("the edges do not fit the graph's users and items", {
        remedy: `give one user below ${userCount} and one item below ${itemCount} for each edge`,
      });
  }

  /** The graph of the rows with a positive label. */
  static of({ user, item, label, userCount, itemCount }: Interactions): InteractionGraph {
    const positive = (ids: Int32Array) => ids.filter((_, row) => label[row] > 0);
    return new InteractionGraph(userCount, itemCount, positive(user), positive(item));
  }

  /** Edges at each node, `[nodeCount]`. */
  degrees(): Int32Array {
    const degrees = new Int32Array(this.nodeCount);
    for (const user of this.edgeUser) degrees[user]++;
    for (const item of this.edgeItem) degrees[this.userCount + item]++;
    return degrees;
  }

  /**
   * D^(-1/2) A D^(-1/2), symmetric, without self-loops; a node without edges has an empty row. `[nodeCount, nodeCount]`. Made
   * at the first call and kept.
   */
  adjacency(): SparseRows {
    return (this.built ??= this.normalised());
  }

  /**
   * The graph without the edges of some rows: each row with a positive label takes away one edge of its pair, where there is one.
   */
  without({ user, item, label }: Interactions): InteractionGraph {
    const removals = new Map<number, number>();
    const pair = (u: number, i: number) => u * this.itemCount + i;
    for (let row = 0; row < user.length; row++)
      if (label[row] > 0) removals.set(pair(user[row], item[row]), 1 + (removals.get(pair(user[row], item[row])) ?? 0));
    const stays = Uint8Array.from(this.edgeUser, (u, edge) => {
      const left = removals.get(pair(u, this.edgeItem[edge])) ?? 0;
      if (left > 0) removals.set(pair(u, this.edgeItem[edge]), left - 1);
      return left > 0 ? 0 : 1;
    });
    const kept = (ids: Int32Array) => ids.filter((_, edge) => stays[edge] === 1);
    return new InteractionGraph(this.userCount, this.itemCount, kept(this.edgeUser), kept(this.edgeItem));
  }

  private normalised(): SparseRows {
    const degrees = this.degrees();
    const pointers = new Int32Array(this.nodeCount + 1);
    degrees.forEach((degree, node) => (pointers[node + 1] = pointers[node] + degree));
    const next = pointers.slice(0, this.nodeCount);
    const columns = new Int32Array(pointers[this.nodeCount]);
    const values = new Float32Array(columns.length);
    const put = (from: number, to: number) => {
      columns[next[from]] = to;
      values[next[from]++] = 1 / Math.sqrt(degrees[from] * degrees[to]);
    };
    for (let edge = 0; edge < this.edgeUser.length; edge++) {
      const item = this.userCount + this.edgeItem[edge];
      put(this.edgeUser[edge], item);
      put(item, this.edgeUser[edge]);
    }
    return { pointers, columns, values };
  }
}
