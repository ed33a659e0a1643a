import type { InteractionIndex, Interactions } from "../data";
import { operations, type SparseRows, type Workspace } from "../engine";
import { type InteractionGraph, Propagation } from "../models";
import { BlockSpace, type BlockVector, invertDiagonal } from "./block-system";
import type { LinearSystem } from "./conjugate-gradient";
import type { GraphState } from "./graph-influence";
import { gatherLocalRows, type LocalRows } from "./local-rows";
import { incidentRows, type Selection } from "./selection";

/** What a propagated influence system is made of. */
export interface PropagatedProblem {
  readonly train: Interactions;
  readonly index: InteractionIndex;
  readonly forgetRows: Int32Array;
  /** The graph the curvature is taken on, and the embeddings scored there. */
  readonly state: GraphState;
  readonly layerCount: number;
  readonly selection: Selection;
  readonly rightHandSide: BlockVector;
  /** Added to the diagonal: n lambda, since sums over rows stand here, not means. */
  readonly ridge: number;
}

/**
 * The influence system of LightGCN over the selected layer-0 embeddings: A = B C B plus a ridge, with C the Gauss-Newton matrix of
 * matrix factorisation at the scored embeddings over the rows that stay (`README.md`, equation 11). A change of the selected
 * nodes reaches only nodes within `layerCount` edges of them, so the products run on that part of the graph and the rows at it:
 * exactly the same numbers as over everything.
 */
export class PropagatedSystem extends BlockSpace implements LinearSystem {
  /** How many Hessian-vector products have been computed. */
  products = 0;
  readonly rightHandSide: BlockVector;
  /** The rows that take part. */
  readonly local: LocalRows;
  private readonly ridge: number;
  private readonly curvature: Float32Array;
  private readonly propagation: Propagation;
  /** Reached nodes, the selected ones first among the users and among the items. */
  private readonly reached: NodeTables;
  /** The same nodes and, after them, the other ends of the rows, where directions are zero. */
  private readonly direction: BlockVector;
  private readonly product: BlockVector;
  private readonly inverseDiagonal: BlockVector;

  constructor(problem: PropagatedProblem, workspace: Workspace) {
    const { train, index, state, layerCount, selection } = problem;
    const width = state.scored.embeddingSize;
    super([selection.users.length * width, selection.items.length * width], operations(), workspace);
    this.rightHandSide = problem.rightHandSide;
    this.ridge = problem.ridge;

    const reach = reachedNodes(state.graph, selection, layerCount);
    const forgotten = new Set(problem.forgetRows);
    const rows = incidentRows(train, index, reach).filter((row) => !forgotten.has(row));
    this.local = gatherLocalRows(state.scored, train, rows, reach, workspace);
    const { p, q, user, item, label } = this.local;
    this.curvature = workspace.float32(rows.length);
    operations().mfDerivatives(p, q, user, item, label, width, workspace.float32(rows.length), this.curvature);
    this.direction = [workspace.float32(p.length), workspace.float32(q.length)];
    this.product = [workspace.float32(p.length), workspace.float32(q.length)];

    const adjacency = inducedAdjacency(state.graph, reach);
    this.propagation = new Propagation(workspace, adjacency, layerCount, width);
    this.reached = new NodeTables(workspace, reach, width);
    this.inverseDiagonal = invertDiagonal(this.diagonal(adjacency, layerCount, width), this.ridge);
  }

  multiply(direction: BlockVector, out: BlockVector): void {
    this.products++;
    const { reached, product } = this;
    reached.put(direction);
    this.propagation.apply(reached.before, reached.after);
    reached.take(reached.after, this.direction);
    const problem = { ...this.local, residual: null, curvature: this.curvature };
    operations().mfHessianVectorProduct(problem, this.direction[0], this.direction[1], product[0], product[1]);
    reached.put(product);
    this.propagation.apply(reached.before, reached.after);
    reached.take(reached.after, out);
    this.axpy(this.ridge, direction, out);
  }

  precondition(residual: BlockVector, out: BlockVector): void {
    this.hadamard(residual, this.inverseDiagonal, out);
  }

  /**
   * About the diagonal of B C B, without what couples two nodes: the sum over nodes m of B[n, m]² C[m, m], where B² element by
   * element is taken as the sum of the squared layers (exact for one layer).
   */
  private diagonal({ values, ...pattern }: SparseRows, layerCount: number, width: number): BlockVector {
    const { reached, product } = this;
    operations().mfCurvatureDiagonal(
      { ...this.local, residual: null, curvature: this.curvature },
      product[0],
      product[1],
    );
    const squared = { ...pattern, values: values.map((value) => value * value) };
    reached.put(product);
    new Propagation(this.workspace, squared, layerCount, width).apply(reached.before, reached.after);
    const diagonal = this.allocate();
    reached.take(reached.after, diagonal);
    for (const block of diagonal) block.forEach((value, k) => (block[k] = value / (layerCount + 1)));
    return diagonal;
  }
}

/** Two tables over the reached nodes, users first, and the way between them and `[user block, item block]`. */
class NodeTables {
  readonly before: Float32Array;
  readonly after: Float32Array;
  private readonly split: number;

  constructor(workspace: Workspace, { users, items }: Selection, width: number) {
    this.before = workspace.float32((users.length + items.length) * width);
    this.after = workspace.float32(this.before.length);
    this.split = users.length * width;
  }

  /** Writes blocks to `before`, as much of each as there is on either side, and zero beyond. */
  put([users, items]: BlockVector): void {
    this.before.fill(0);
    const itemRoom = this.before.length - this.split;
    this.before.set(users.subarray(0, this.split));
    this.before.set(items.subarray(0, itemRoom), this.split);
  }

  /** Reads blocks from one of the tables, as much of each as there is on either side. */
  take(table: Float32Array, [users, items]: BlockVector): void {
    users.set(table.subarray(0, Math.min(this.split, users.length)));
    items.set(table.subarray(this.split, Math.min(table.length, this.split + items.length)));
  }
}

/** The nodes within `hops` edges of the selected ones, which come first. */
function reachedNodes(graph: InteractionGraph, selection: Selection, hops: number): Selection {
  const { pointers, columns } = graph.adjacency();
  const { userCount } = graph;
  const known = new Uint8Array(graph.nodeCount);
  const nodes = [...selection.users, ...selection.items.map((item) => userCount + item)];
  for (const node of nodes) known[node] = 1;
  for (let hop = 0, start = 0; hop < hops; hop++) {
    const end = nodes.length;
    for (; start < end; start++)
      for (let k = pointers[nodes[start]]; k < pointers[nodes[start] + 1]; k++)
        if (known[columns[k]] === 0) known[nodes[nodes.push(columns[k]) - 1]] = 1;
  }
  const all = Int32Array.from(nodes);
  return {
    users: all.filter((node) => node < userCount),
    items: all.filter((node) => node >= userCount).map((node) => node - userCount),
  };
}

/** The part of the adjacency between some nodes, numbered as they are listed, users first. */
function inducedAdjacency(graph: InteractionGraph, { users, items }: Selection): SparseRows {
  const { pointers, columns, values } = graph.adjacency();
  const nodes = [...users, ...items.map((item) => graph.userCount + item)];
  const number = new Int32Array(graph.nodeCount).fill(-1);
  nodes.forEach((node, k) => (number[node] = k));
  const part = { pointers: new Int32Array(nodes.length + 1), columns: [] as number[], values: [] as number[] };
  nodes.forEach((node, row) => {
    for (let k = pointers[node]; k < pointers[node + 1]; k++) {
      if (number[columns[k]] < 0) continue;
      part.columns.push(number[columns[k]]);
      part.values.push(values[k]);
    }
    part.pointers[row + 1] = part.columns.length;
  });
  return { pointers: part.pointers, columns: Int32Array.from(part.columns), values: Float32Array.from(part.values) };
}
