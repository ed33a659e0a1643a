import type { InteractionIndex, Interactions } from "../data";
import { operations, type SparseRows, type Workspace } from "../engine";
import { type InteractionGraph, Propagation } from "../models";
import { BlockSpace, type BlockVector } from "./block-system";
import type { LinearSystem } from "./conjugate-gradient";
import { type GraphState, nodesWithin } from "./graph-influence";
import { dropForgotten } from "./influence-system";
import { gatherLocalRows, type LocalRows } from "./local-rows";
import { AxesPreconditioner, type PrincipalAxes } from "./principal-axes";
import { type Curvature, RowSums } from "./row-sums";
import type { NodeSelection } from "./selection";

/** What a propagated influence system is made of. */
export interface PropagatedProblem {
  readonly train: Interactions;
  readonly index: InteractionIndex;
  readonly forgetRows: Int32Array;
  /** The graph the curvature is taken on, and the embeddings scored there. */
  readonly state: GraphState;
  /** Of the scored embeddings, for the preconditioner. */
  readonly axes: PrincipalAxes;
  readonly layerCount: number;
  readonly selection: NodeSelection;
  readonly rightHandSide: BlockVector;
  /** Added to the diagonal: n lambda, since sums over rows stand here, not means. */
  readonly ridge: number;
}

/**
 * The influence system of LightGCN over the selected layer-0 embeddings: A = B C B plus a ridge, with C the
 * Gauss-Newton matrix of matrix factorisation at the scored embeddings over the rows that stay (`README.md`, equation
 * 11). A change of the selected nodes reaches only nodes within `layerCount` edges of them, so the products run on that
 * part of the graph and the rows at it: exactly the same numbers as over everything.
 */
export class PropagatedSystem extends BlockSpace implements LinearSystem {
  /** How many Hessian-vector products have been computed. */
  products = 0;
  readonly rightHandSide: BlockVector;
  /** The rows that take part. */
  readonly local: LocalRows;
  private readonly ridge: number;
  private readonly curvature: Curvature;
  private readonly sums: RowSums;
  private readonly propagation: Propagation;
  /** Two tables over the reached nodes. */
  private readonly before: NodeTable;
  private readonly after: NodeTable;
  private readonly preconditioner: AxesPreconditioner;

  constructor(
    { train, index, forgetRows, state, axes, layerCount, ...problem }: PropagatedProblem,
    workspace: Workspace,
  ) {
    const { selection } = problem;
    const width = state.scored.embeddingSize;
    super([selection.users.length * width, selection.items.length * width], operations(), workspace);
    this.rightHandSide = problem.rightHandSide;
    this.ridge = problem.ridge;

    const reach = reachedNodes(state.graph, selection, layerCount);
    this.local = gatherLocalRows(state.scored, train, index, reach, forgetRows, workspace);
    const { p, q, user, item, label, rows, forgotten } = this.local;
    const curvature = workspace.float32(rows.length);
    operations().mfDerivatives(p, q, user, item, label, width, workspace.float32(rows.length), curvature);
    dropForgotten(curvature, forgotten);
    this.sums = new RowSums(this.local, operations(), workspace);
    this.curvature = this.sums.curvatureOf(curvature, null);

    const adjacency = inducedAdjacency(state.graph, reach);
    this.propagation = new Propagation(workspace, adjacency, layerCount, width);
    this.before = new NodeTable(workspace, reach, width);
    this.after = new NodeTable(workspace, reach, width);
    const selected = [selection.users.length, selection.items.length] as const;
    const traces = this.propagatedTraces(this.sums.traces(curvature), adjacency, reach, layerCount, selected);
    this.preconditioner = new AxesPreconditioner(axes, traces, this.ridge, operations(), workspace);
  }

  multiply(direction: BlockVector, out: BlockVector): void {
    this.products++;
    const { before, after } = this;
    before.put(direction);
    this.propagation.apply(before.all, after.all);
    this.sums.multiply(this.curvature, after.blocks, before.blocks);
    this.propagation.apply(before.all, after.all);
    after.take(out);
    this.axpy(this.ridge, direction, out);
  }

  precondition(residual: BlockVector, out: BlockVector): void {
    this.preconditioner.apply(residual, out);
  }

  /**
   * About the traces of the selected nodes' blocks of B C B, without what couples two nodes: the sum over nodes m of
   * B[n, m]² tr C_m, where B² element by element is taken as the sum of the squared layers (exact for one layer).
   */
  private propagatedTraces(
    traces: readonly [Float64Array, Float64Array],
    { values, ...pattern }: SparseRows,
    reach: NodeSelection,
    layerCount: number,
    [users, items]: readonly [number, number],
  ): [Float64Array, Float64Array] {
    const [own, spread] = [new NodeTable(this.workspace, reach, 1), new NodeTable(this.workspace, reach, 1)];
    traces.forEach((block, k) => own.blocks[k].set(block));
    const squared = { ...pattern, values: values.map((value) => value * value) };
    new Propagation(this.workspace, squared, layerCount, 1).apply(own.all, spread.all);
    const mean = (sums: Float32Array, count: number) =>
      Float64Array.from(sums.subarray(0, count), (trace) => trace / (layerCount + 1));
    return [mean(spread.blocks[0], users), mean(spread.blocks[1], items)];
  }
}

/** A table over the reached nodes, users first. Selected nodes come first among the users and among the items. */
class NodeTable {
  readonly all: Float32Array;
  /** Its users and its items. */
  readonly blocks: BlockVector;

  constructor(workspace: Workspace, { users, items }: NodeSelection, width: number) {
    this.all = workspace.float32((users.length + items.length) * width);
    this.blocks = [this.all.subarray(0, users.length * width), this.all.subarray(users.length * width)];
  }

  /** Writes the selected nodes' rows, and zero beyond. */
  put(selected: BlockVector): void {
    this.all.fill(0);
    this.blocks.forEach((block, k) => block.set(selected[k]));
  }

  /** Reads the selected nodes' rows. */
  take(selected: BlockVector): void {
    selected.forEach((block, k) => block.set(this.blocks[k].subarray(0, block.length)));
  }
}

/** The nodes within `hops` edges of the selected ones, which come first. */
function reachedNodes(graph: InteractionGraph, { users, items }: NodeSelection, hops: number): NodeSelection {
  const { userCount } = graph;
  const nodes = nodesWithin(graph, [...users, ...items.map((item) => userCount + item)], hops);
  return {
    users: nodes.filter((node) => node < userCount),
    items: nodes.filter((node) => node >= userCount).map((node) => node - userCount),
  };
}

/** The part of the adjacency between some nodes, numbered as they are listed, users first. */
function inducedAdjacency(graph: InteractionGraph, { users, items }: NodeSelection): SparseRows {
  const nodes = [...users, ...items.map((item) => graph.userCount + item)];
  const numbers = new Map(nodes.map((node, number) => [node, number]));
  const part = { pointers: new Int32Array(nodes.length + 1), columns: [] as number[], values: [] as number[] };
  nodes.forEach((node, row) => {
    const degree = graph.degree(node);
    for (const neighbour of graph.neighbours(node)) {
      const number = numbers.get(neighbour);
      if (number === undefined) continue;
      part.columns.push(number);
      part.values.push(1 / Math.sqrt(degree * graph.degree(neighbour)));
    }
    part.pointers[row + 1] = part.columns.length;
  });
  return { pointers: part.pointers, columns: Int32Array.from(part.columns), values: Float32Array.from(part.values) };
}
