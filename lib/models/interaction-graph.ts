import type { Interactions } from "../data";
import type { SparseRows } from "../engine";
import { InvalidArgumentError } from "../core";

interface EdgeColumns {
  readonly user: Int32Array;
  readonly item: Int32Array;
}

/** What a graph lost to become another. */
interface Reduction {
  /** The graph that all began with. */
  readonly root: InteractionGraph;
  /** The neighbours of every node that lost some. */
  readonly columns: ReadonlyMap<number, Int32Array>;
  /** How many edges each pair lost, by `user * itemCount + item`. */
  readonly lost: ReadonlyMap<number, number>;
}

const noEdges = new Int32Array(0);

/**
 * The bipartite graph of users and items that graph models aggregate over: one edge for every interaction with a
 * positive label (a pair that is repeated is an edge each time). Nodes are numbered users first: user u is node u, item
 * i is `userCount + i`.
 */
export class InteractionGraph {
  readonly nodeCount: number;
  private edges: EdgeColumns | undefined;
  private built: SparseRows | undefined;
  private reduction: Reduction | undefined;

  /**
   * @param edgeUser dense user ids, `[edges]`; kept, not copied
   * @param edgeItem dense item ids, `[edges]`; kept, not copied
   * @throws InvalidArgumentError for columns of different lengths and ids out of range
   */
  constructor(
    readonly userCount: number,
    readonly itemCount: number,
    edgeUser: Int32Array,
    edgeItem: Int32Array,
  ) {
    this.nodeCount = userCount + itemCount;
    this.edges = { user: edgeUser, item: edgeItem };
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

  /** The user of each edge, `[edges]`. */
  get edgeUser(): Int32Array {
    return this.columns().user;
  }

  /** The item of each edge, `[edges]`. */
  get edgeItem(): Int32Array {
    return this.columns().item;
  }

  /** The nodes at the other ends of a node's edges, once per edge. A view: not to be written to. */
  neighbours(node: number): Int32Array {
    const { pointers, columns } = this.root().adjacency();
    return this.reduction?.columns.get(node) ?? columns.subarray(pointers[node], pointers[node + 1]);
  }

  /** The number of a node's edges. */
  degree(node: number): number {
    const { pointers } = this.root().adjacency();
    return this.reduction?.columns.get(node)?.length ?? pointers[node + 1] - pointers[node];
  }

  /** Edges at each node, `[nodeCount]`. */
  degrees(): Int32Array {
    return Int32Array.from({ length: this.nodeCount }, (_, node) => this.degree(node));
  }

  /**
   * D^(-1/2) A D^(-1/2), symmetric, without self-loops; a node without edges has an empty row.
   * `[nodeCount, nodeCount]`. Made at the first call and kept.
   */
  adjacency(): SparseRows {
    return (this.built ??= this.reduction === undefined ? this.normalised() : this.reduced());
  }

  /**
   * The graph without the edges of some rows: each row with a positive label takes away one edge of its pair, where
   * there is one. Takes time for the edges of these rows' users and items alone; the rest is shared with this graph.
   */
  without({ user, item, label }: Interactions): InteractionGraph {
    const root = this.root();
    const graph = new InteractionGraph(this.userCount, this.itemCount, noEdges, noEdges);
    const columns = new Map(this.reduction?.columns);
    const lost = new Map(this.reduction?.lost);
    const take = (node: number, neighbour: number): boolean => {
      const before = columns.get(node) ?? root.neighbours(node);
      const at = before.indexOf(neighbour);
      if (at >= 0)
        columns.set(
          node,
          before.filter((_, k) => k !== at),
        );
      return at >= 0;
    };
    for (let row = 0; row < user.length; row++) {
      const itemNode = this.userCount + item[row];
      if (!(label[row] > 0) || !take(user[row], itemNode)) continue;
      take(itemNode, user[row]);
      const pair = user[row] * this.itemCount + item[row];
      lost.set(pair, 1 + (lost.get(pair) ?? 0));
    }
    graph.edges = undefined;
    graph.reduction = { root, columns, lost };
    return graph;
  }

  private root(): InteractionGraph {
    return this.reduction?.root ?? this;
  }

  private columns(): EdgeColumns {
    return (this.edges ??= this.keptEdges());
  }

  /** The root's edges without those that are lost, the first of a pair first. */
  private keptEdges(): EdgeColumns {
    const { user, item } = this.root().columns();
    const left = new Map(this.reduction?.lost);
    const stays = Uint8Array.from(user, (u, edge) => {
      const pair = u * this.itemCount + item[edge];
      const lost = left.get(pair) ?? 0;
      if (lost > 0) left.set(pair, lost - 1);
      return lost > 0 ? 0 : 1;
    });
    const kept = (ids: Int32Array) => ids.filter((_, edge) => stays[edge] === 1);
    return { user: kept(user), item: kept(item) };
  }

  private normalised(): SparseRows {
    const { user, item } = this.columns();
    const pointers = new Int32Array(this.nodeCount + 1);
    for (const id of user) pointers[id + 1]++;
    for (const id of item) pointers[this.userCount + id + 1]++;
    for (let node = 0; node < this.nodeCount; node++) pointers[node + 1] += pointers[node];
    const next = pointers.slice(0, this.nodeCount);
    const columns = new Int32Array(pointers[this.nodeCount]);
    for (let edge = 0; edge < user.length; edge++) {
      const itemNode = this.userCount + item[edge];
      columns[next[user[edge]]++] = itemNode;
      columns[next[itemNode]++] = user[edge];
    }
    return { pointers, columns, values: normalisedValues(pointers, columns) };
  }

  /** The adjacency of a graph that another lost edges to become. */
  private reduced(): SparseRows {
    const pointers = new Int32Array(this.nodeCount + 1);
    for (let node = 0; node < this.nodeCount; node++) pointers[node + 1] = pointers[node] + this.degree(node);
    const columns = new Int32Array(pointers[this.nodeCount]);
    for (let node = 0; node < this.nodeCount; node++) columns.set(this.neighbours(node), pointers[node]);
    return { pointers, columns, values: normalisedValues(pointers, columns) };
  }
}

/** 1 / √(degree x degree) for each entry. */
function normalisedValues(pointers: Int32Array, columns: Int32Array): Float32Array {
  const values = new Float32Array(columns.length);
  for (let node = 0; node + 1 < pointers.length; node++)
    for (let k = pointers[node]; k < pointers[node + 1]; k++) {
      const other = columns[k];
      values[k] = 1 / Math.sqrt((pointers[node + 1] - pointers[node]) * (pointers[other + 1] - pointers[other]));
    }
  return values;
}
