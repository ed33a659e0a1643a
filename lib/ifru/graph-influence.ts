import { type InteractionIndex, type Interactions, retainedRows, selectRows } from "../data";
import { operations, type Workspace } from "../engine";
import { type InteractionGraph, type LightGcn, type Mf, Propagation } from "../models";
import type { BlockVector } from "./block-system";
import type { IfruLightGcnOptions } from "./lightgcn-options";
import { incidentRows, type Selection } from "./selection";

/** A graph with the embeddings that are scored on it: layer 0 propagated. */
export interface GraphState {
  readonly graph: InteractionGraph;
  readonly scored: Mf;
}

/** The users and items that lose more than a share of their edges, ids ascending (`README.md`, equation 9). */
export function changedNodes(before: InteractionGraph, after: InteractionGraph, threshold: number): Selection {
  const [degrees, left] = [before.degrees(), after.degrees()];
  const changed = Int32Array.from(left.keys()).filter((node) => 1 - left[node] / degrees[node] > threshold);
  const { userCount } = before;
  return {
    users: changed.filter((node) => node < userCount),
    items: changed.filter((node) => node >= userCount).map((node) => node - userCount),
  };
}

/** The rows that stay and count for the spillover, ascending. */
export function spilloverRows(
  train: Interactions,
  index: InteractionIndex,
  forgetRows: Int32Array,
  before: InteractionGraph,
  after: InteractionGraph,
  { spillover, changeThreshold }: IfruLightGcnOptions,
): Int32Array {
  if (spillover === "none") return new Int32Array(0);
  if (spillover === "exact") return retainedRows(train, forgetRows);
  const forgotten = new Set(forgetRows);
  const touched = incidentRows(train, index, changedNodes(before, after, changeThreshold));
  return touched.filter((row) => !forgotten.has(row)).sort();
}

/**
 * Equation 10: the gradient with respect to layer 0 of the forgotten rows' loss, plus that of the spillover rows on the old graph,
 * less that of the same rows on the new one.
 *
 * @returns users first, `[nodes * width]`
 */
export function influenceGradient(
  model: LightGcn,
  before: GraphState,
  after: GraphState,
  train: Interactions,
  forgetRows: Int32Array,
  spillover: Int32Array,
  workspace: Workspace,
): Float32Array {
  const gone = selectRows(train, Int32Array.from([...forgetRows, ...spillover]));
  const gradient = lossGradient(model, before, gone, workspace);
  if (spillover.length > 0)
    operations().axpy(-1, lossGradient(model, after, selectRows(train, spillover), workspace), gradient);
  return gradient;
}

/** The gradient with respect to layer 0 of some rows' summed loss on a graph: B times MF's gradient at the scored embeddings. */
function lossGradient(
  { layerCount, embeddingSize: width }: LightGcn,
  { graph, scored }: GraphState,
  rows: Interactions,
  workspace: Workspace,
): Float32Array {
  const size = graph.nodeCount * width;
  const split = graph.userCount * width;
  const [gradient, back] = [workspace.float32(size), workspace.float32(size)];
  operations().mfLossGradient({
    ...{ p: workspace.copyOf(scored.userEmbedding), q: workspace.copyOf(scored.itemEmbedding), width },
    ...{ gradientP: gradient.subarray(0, split), gradientQ: gradient.subarray(split), scale: 1, penalty: 0 },
    ...{ user: workspace.copyOf(rows.user), item: workspace.copyOf(rows.item), label: workspace.copyOf(rows.label) },
    residual: workspace.float32(rows.user.length),
  });
  new Propagation(workspace, graph.adjacency(), layerCount, width).apply(gradient, back);
  return back;
}

/** The rows of a table of all nodes that belong to selected users and items, as a vector of their system. */
export function takeSelected(
  table: Float32Array,
  { users, items }: Selection,
  userCount: number,
  width: number,
  workspace: Workspace,
): BlockVector {
  const take = (ids: Int32Array, first: number) => {
    const block = workspace.float32(ids.length * width);
    ids.forEach((id, k) => block.set(table.subarray((first + id) * width, (first + id + 1) * width), k * width));
    return block;
  };
  return [take(users, 0), take(items, userCount)];
}
