import { Breather } from "../../core";
import { createWorkspace, operations, type SparseRows, type Workspace } from "../../engine";
import { type LightGcn, type Mf, Propagation } from "../../models";
import type { BlockVector } from "../block-system";
import type { IfruLightGcnPrepared } from "../ifru-lightgcn";
import type { LocalRows } from "../local-rows";
import type { IfruPrepared } from "../prepare";
import { PropagatedSystem } from "../propagated-system";
import { RowSums } from "../row-sums";
import { solveWithProgress } from "../solve";
import { EdgeAdjoint } from "./edge-adjoint";
import type { ExplainOptions, RowChanges, ScoreOf } from "./explanation";
import { dot } from "./node-block";

/**
 * The first-order change of a LightGCN score for every training row. All embeddings are free; x solves (11) against the
 * score's gradient once. A row's change is x · ∇ℓ, and where its label is 1, what its edge carries: to the score itself
 * and, by way of x, to the loss of all rows (`README.md`, equation 19).
 */
export async function lightGcnChanges(
  model: LightGcn,
  prepared: IfruPrepared | IfruLightGcnPrepared,
  of: ScoreOf,
  ridge: number,
  options: ExplainOptions,
): Promise<RowChanges> {
  const scored = "propagated" in prepared ? prepared.propagated : model.propagated();
  const workspace = createWorkspace();
  try {
    const table = new WholeGraph(model, workspace);
    const target = scoreGradient(scored, of, workspace);
    const system = new PropagatedSystem(
      {
        ...{ train: of.train, index: prepared.index, axes: prepared.axes, forgetRows: new Int32Array(0), ridge },
        ...{ state: { graph: model.graph, scored }, layerCount: model.layerCount, selection: allNodes(model) },
        rightHandSide: table.blocks(table.propagate(target)),
      },
      workspace,
    );
    const { solution } = await solveWithProgress(system, options, new Breather("explaining a score"));
    const solved = table.join(solution);
    const changes = rowChanges(of, table, system.local, { target, solved });
    const rows = Int32Array.from(changes.keys());
    const score = scored.score(Int32Array.of(of.user), Int32Array.of(of.item))[0];
    return { score, rows, changes, together: (some) => some.reduce((sum, row) => sum + changes[row], 0) };
  } finally {
    workspace.dispose();
  }
}

/** Tables over all nodes, users first, as wide as the embeddings. */
class WholeGraph {
  readonly adjacency: SparseRows;
  readonly embedding: Float32Array;
  private readonly propagation: Propagation;

  constructor(
    readonly model: LightGcn,
    readonly workspace: Workspace,
  ) {
    const { pointers, columns, values } = model.graph.adjacency();
    const [copied, at, factors] = [workspace.copyOf(pointers), workspace.copyOf(columns), workspace.copyOf(values)];
    this.adjacency = { pointers: copied, columns: at, values: factors };
    this.embedding = workspace.copyOf(model.nodeEmbedding);
    this.propagation = new Propagation(workspace, this.adjacency, model.layerCount, model.embeddingSize);
  }

  /** B x */
  propagate(x: Float32Array): Float32Array {
    const out = this.workspace.float32(x.length);
    this.propagation.apply(x, out);
    return out;
  }

  blocks(x: Float32Array): BlockVector {
    const split = this.model.userEmbedding.length;
    return [x.subarray(0, split), x.subarray(split)];
  }

  join([users, items]: BlockVector): Float32Array {
    const joined = this.workspace.float32(users.length + items.length);
    joined.set(users);
    joined.set(items, users.length);
    return joined;
  }

  adjoint(gradient: Float32Array, embedding: Float32Array): EdgeAdjoint {
    const { layerCount, embeddingSize } = this.model;
    return new EdgeAdjoint(this.adjacency, gradient, embedding, layerCount, embeddingSize, this.workspace);
  }
}

/** The change of each training row, `[rows]`. */
function rowChanges(
  { train }: ScoreOf,
  table: WholeGraph,
  local: LocalRows,
  { target, solved }: { readonly target: Float32Array; readonly solved: Float32Array },
): Float64Array {
  const { workspace, model } = table;
  const { p, q, user, item, label, width, rows } = local;
  const [residual, curvature] = [workspace.float32(rows.length), workspace.float32(rows.length)];
  operations().mfDerivatives(p, q, user, item, label, width, residual, curvature);
  const along = table.blocks(table.propagate(solved));

  const sums = new RowSums(local, operations(), workspace);
  const [bent, slope] = [workspace.float32(solved.length), workspace.float32(solved.length)];
  sums.multiply(sums.curvatureOf(curvature, residual), along, table.blocks(bent));
  sums.gradient(residual, table.blocks(slope));
  operations().axpy(-1, target, bent); // now what is to be taken away: the loss's part less the score's own
  const ofEmbedding = table.adjoint(bent, table.embedding);
  const ofSolution = table.adjoint(slope, solved);

  const changes = new Float64Array(rows.length);
  const part = (of: Float32Array, id: number) => of.subarray(id * width, (id + 1) * width);
  for (let k = 0; k < rows.length; k++) {
    const [u, i] = [user[k], item[k]];
    changes[rows[k]] = residual[k] * (dot(part(along[0], u), part(q, i)) + dot(part(p, u), part(along[1], i)));
    if (train.label[rows[k]] !== 1) continue;
    const node = model.userCount + i;
    const ends = [u, node, model.graph.degree(u), model.graph.degree(node)] as const;
    changes[rows[k]] -= ofEmbedding.without(...ends) + ofSolution.without(...ends);
  }
  return changes;
}

/** The score's derivative at the scored embeddings: q at the user, p at the item. */
function scoreGradient(scored: Mf, { user, item }: ScoreOf, workspace: Workspace): Float32Array {
  const { userEmbedding: p, itemEmbedding: q, embeddingSize: width } = scored;
  const gradient = workspace.float32(p.length + q.length);
  gradient.set(q.subarray(item * width, (item + 1) * width), user * width);
  gradient.set(p.subarray(user * width, (user + 1) * width), p.length + item * width);
  return gradient;
}

function allNodes({ userCount, itemCount }: LightGcn) {
  const first = (count: number) => Int32Array.from({ length: count }, (_, id) => id);
  return { users: first(userCount), items: first(itemCount) };
}
