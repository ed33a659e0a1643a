import { type InteractionIndex, type Interactions, retainedRows, selectRows } from "../data";
import { createWorkspace, operations, type Workspace } from "../engine";
import { type InteractionGraph, type LightGcn, LocalPropagation, Mf } from "../models";
import type { BlockVector } from "./block-system";
import type { IfruLightGcnOptions } from "./lightgcn-options";
import { incidentRows, type NodeSelection } from "./selection";

/** A graph with the embeddings that are scored on it: layer 0 propagated. */
export interface GraphState {
  readonly graph: InteractionGraph;
  readonly scored: Mf;
}

/**
 * The graph without the edges of some rows, and what the embeddings propagate to there: only nodes within `layerCount`
 * edges of an end of a lost edge differ, so only they are propagated again.
 */
export function withoutEdges(model: LightGcn, before: GraphState, forgotten: Interactions): GraphState {
  const graph = before.graph.without(forgotten);
  const lost = [...endsOf(forgotten)].filter((node) => graph.degree(node) !== before.graph.degree(node));
  const affected = nodesWithin(before.graph, lost, model.layerCount);
  const { embeddingSize: width, userCount } = model;
  const workspace = createWorkspace();
  try {
    const propagation = new LocalPropagation(workspace, graph, affected, model.layerCount, width);
    const embedding = workspace.float32(propagation.nodes.length * width);
    propagation.nodes.forEach((node, k) => copyRow(model.nodeEmbedding, node, embedding, k, width));
    const out = workspace.float32(affected.length * width);
    propagation.apply(embedding, out);
    const [users, items] = [before.scored.userEmbedding.slice(), before.scored.itemEmbedding.slice()];
    affected.forEach((node, k) =>
      node < userCount ? copyRow(out, k, users, node, width) : copyRow(out, k, items, node - userCount, width),
    );
    return { graph, scored: new Mf(users, items, width) };
  } finally {
    workspace.dispose();
  }
}

/** The users and items of some rows as nodes, each once. */
function endsOf({ user, item, userCount }: Interactions): Set<number> {
  const ends = new Set<number>(user);
  for (const id of item) ends.add(userCount + id);
  return ends;
}

/** The nodes within so many edges of some, which come first. */
export function nodesWithin(graph: InteractionGraph, some: Iterable<number>, hops: number): Int32Array {
  const nodes = new Set(some);
  let farthest = [...nodes];
  for (let hop = 0; hop < hops; hop++) {
    const next: number[] = [];
    for (const node of farthest)
      for (const neighbour of graph.neighbours(node))
        if (!nodes.has(neighbour)) {
          nodes.add(neighbour);
          next.push(neighbour);
        }
    farthest = next;
  }
  return Int32Array.from(nodes);
}

/** Of some nodes those that lose more than a share of their edges, ids ascending (`README.md`, equation 9). */
export function changedNodes(
  before: InteractionGraph,
  after: InteractionGraph,
  some: Iterable<number>,
  threshold: number,
): NodeSelection {
  const changed = Int32Array.from(some)
    .filter((node) => 1 - after.degree(node) / before.degree(node) > threshold)
    .sort();
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
  const ends = endsOf(selectRows(train, forgetRows));
  const touched = incidentRows(train, index, changedNodes(before, after, ends, changeThreshold));
  return touched.filter((row) => !forgotten.has(row)).sort();
}

/**
 * Equation 10 at the selected nodes: the gradient with respect to layer 0 of the forgotten rows' loss, plus that of the
 * spillover rows on the old graph, less that of the same rows on the new one.
 */
export function influenceGradient(
  model: LightGcn,
  before: GraphState,
  after: GraphState,
  train: Interactions,
  forgetRows: Int32Array,
  spillover: Int32Array,
  selection: NodeSelection,
  workspace: Workspace,
): BlockVector {
  const gone = selectRows(train, Int32Array.from([...forgetRows, ...spillover]));
  const gradient = lossGradient(model, before, gone, selection, workspace);
  if (spillover.length > 0)
    operations().axpy(-1, lossGradient(model, after, selectRows(train, spillover), selection, workspace), gradient);
  const split = selection.users.length * model.embeddingSize;
  return [gradient.subarray(0, split), gradient.subarray(split)];
}

/**
 * The gradient with respect to the selected nodes' layer 0 of some rows' summed loss on a graph: B times MF's gradient
 * at the scored embeddings, at these nodes. Users first.
 */
function lossGradient(
  { layerCount, embeddingSize: width, userCount }: LightGcn,
  state: GraphState,
  rows: Interactions,
  { users, items }: NodeSelection,
  workspace: Workspace,
): Float32Array {
  const targets = Int32Array.from([...users, ...items.map((item) => userCount + item)]);
  const propagation = new LocalPropagation(workspace, state.graph, targets, layerCount, width);
  const [ends, gradient] = scoredGradient(state.scored, rows, workspace);
  const spread = workspace.float32(propagation.nodes.length * width);
  propagation.nodes.forEach((node, k) => {
    const end = ends.get(node);
    if (end !== undefined) copyRow(gradient, end, spread, k, width);
  });
  const back = workspace.float32(targets.length * width);
  propagation.apply(spread, back);
  return back;
}

/**
 * MF's gradient of some rows' summed loss at the scored embeddings: one row for each of their users and items, and
 * where it is.
 */
function scoredGradient(scored: Mf, rows: Interactions, workspace: Workspace): [Map<number, number>, Float32Array] {
  const { embeddingSize: width, userCount, userEmbedding, itemEmbedding } = scored;
  const nodes = [...endsOf(rows)];
  const ends = new Map(nodes.map((node, k) => [node, k]));
  const embedding = workspace.float32(nodes.length * width);
  nodes.forEach((node, k) =>
    node < userCount
      ? copyRow(userEmbedding, node, embedding, k, width)
      : copyRow(itemEmbedding, node - userCount, embedding, k, width),
  );
  const gradient = workspace.float32(embedding.length);
  operations().mfLossGradient({
    ...{ p: embedding, q: embedding, width, gradientP: gradient, gradientQ: gradient, scale: 1, penalty: 0 },
    user: workspace.copyOf(rows.user.map((user) => ends.get(user) ?? 0)),
    item: workspace.copyOf(rows.item.map((item) => ends.get(userCount + item) ?? 0)),
    label: workspace.copyOf(rows.label),
    residual: workspace.float32(rows.user.length),
  });
  return [ends, gradient];
}

function copyRow(from: Float32Array, row: number, to: Float32Array, target: number, width: number): void {
  for (let j = 0; j < width; j++) to[target * width + j] = from[row * width + j];
}
