import { operations, type SparseRows, type Workspace } from "../engine";
import type { InteractionGraph } from "./interaction-graph";

/**
 * `Propagation` for some nodes alone: out = (B embedding) at the targets, exactly. Needs the embedding of the nodes
 * within `layerCount` edges of them, and costs the edges of those that are one edge nearer.
 */
export class LocalPropagation {
  /** The nodes whose embeddings are needed: the targets first, in their order, then the others by distance. */
  readonly nodes: Int32Array;
  /** Row k has the edges of `nodes[k]`, for all but the farthest. */
  private readonly adjacency: SparseRows;
  /** How many nodes lie within 0, 1, … `layerCount` edges. */
  private readonly within: readonly number[];
  private readonly layers: readonly [Float32Array, Float32Array];

  /** @param targets nodes, each once, `[targets]` */
  constructor(
    workspace: Workspace,
    graph: InteractionGraph,
    targets: Int32Array,
    private readonly layerCount: number,
    private readonly width: number,
  ) {
    const { nodes, within, ...adjacency } = surroundings(graph, targets, layerCount);
    this.nodes = Int32Array.from(nodes);
    this.within = within;
    this.adjacency = {
      pointers: workspace.copyOf(Int32Array.from(adjacency.pointers)),
      columns: workspace.copyOf(Int32Array.from(adjacency.columns)),
      values: workspace.copyOf(Float32Array.from(adjacency.values)),
    };
    const room = (this.adjacency.pointers.length - 1) * width;
    this.layers = [workspace.float32(room), workspace.float32(room)];
  }

  /**
   * @param embedding of `nodes`, row-major `[nodes, width]`, of the engine's memory
   * @param out overwritten, `[targets, width]`
   */
  apply(embedding: Float32Array, out: Float32Array): void {
    const weight = 1 / (this.layerCount + 1);
    out.fill(0);
    operations().axpy(weight, embedding.subarray(0, out.length), out);
    let layer = embedding;
    for (let depth = 1; depth <= this.layerCount; depth++) {
      const rows = this.within[this.layerCount - depth];
      const next = this.layers[depth % 2].subarray(0, rows * this.width);
      operations().spmm(this.rows(rows), layer, this.width, next);
      operations().axpy(weight, next.subarray(0, out.length), out);
      layer = next;
    }
  }

  /** The edges of the first nodes. */
  private rows(count: number): SparseRows {
    const pointers = this.adjacency.pointers.subarray(0, count + 1);
    const columns = this.adjacency.columns.subarray(0, pointers[count]);
    return { pointers, columns, values: this.adjacency.values.subarray(0, pointers[count]) };
  }
}

/** Walks outwards from the targets, and numbers nodes as they are met. */
function surroundings(graph: InteractionGraph, targets: Int32Array, layerCount: number) {
  const nodes = [...targets];
  const numbers = new Map(nodes.map((node, number) => [node, number]));
  const within = [nodes.length];
  const [pointers, columns, values] = [[0], [] as number[], [] as number[]];
  for (let hop = 0, next = 0; hop < layerCount; hop++) {
    for (const end = nodes.length; next < end; next++) {
      const degree = graph.degree(nodes[next]);
      for (const neighbour of graph.neighbours(nodes[next])) {
        let number = numbers.get(neighbour);
        if (number === undefined) numbers.set(neighbour, (number = nodes.push(neighbour) - 1));
        columns.push(number);
        values.push(1 / Math.sqrt(degree * graph.degree(neighbour)));
      }
      pointers.push(columns.length);
    }
    within.push(nodes.length);
  }
  return { nodes, within, pointers, columns, values };
}
