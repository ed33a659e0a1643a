import { type Breather, InvalidOptionError, NumericalError, ProgressTask } from "../core";
import type { Interactions } from "../data";
import { operations, type Workspace } from "../engine";
import { auc } from "../metrics";
import { type InteractionGraph, Propagation } from "../models";
import { adamSolve } from "./adam-solver";
import type { BlockVector } from "./block-system";
import type { InfluenceSystem } from "./influence-system";
import type { NodeSelection } from "./selection";
import type { Solution } from "./solve";

/** What is moved: the embeddings of MF, or layer 0 of LightGCN with the graph its scores aggregate over. */
export interface MovedModel {
  readonly userEmbedding: Float32Array;
  readonly itemEmbedding: Float32Array;
  readonly embeddingSize: number;
  readonly graph?: InteractionGraph;
  readonly layerCount?: number;
}

/** The options of the released recipe. */
export interface PaperOptions {
  readonly stepSize: number;
  readonly steps: number;
  readonly patience: number;
  readonly validation: Interactions | null;
}

/** Adds the change of some embeddings to a copy of the table. */
function writeChange(
  table: Float32Array,
  original: Float32Array,
  ids: Int32Array,
  change: Float32Array,
  width: number,
) {
  ids.forEach((id, number) => {
    for (let j = 0; j < width; j++) table[id * width + j] = original[id * width + j] + change[number * width + j];
  });
}

/**
 * The released recipe: Adam on the undamped exact system, the validation AUC of the whole updated model after every
 * step, the best iterate kept (`README.md`, paper mode).
 *
 * @throws InvalidOptionError without validation rows, or when they hold one class only
 * @throws NumericalError when the steps run away, so that a score is NaN
 * @example
 * const [{ index, axes }, workspace] = [prepared, createWorkspace()];
 * const selection = selectNodes(train, index, forgetRows, { hops: 1, pruningRatio: 0.5 });
 * const local = gatherLocalRows(model, train, index, selection, forgetRows, workspace);
 * const system = new InfluenceSystem(local, { curvature: "exact", ridge: 0, axes }, operations(), workspace);
 * const recipe = { stepSize: 1e-3, steps: 100, patience: 10, validation: valid };
 * const { change } = await solveAsPaper(model, system, selection, recipe, workspace, new Breather("my method"));
 */
export async function solveAsPaper(
  original: MovedModel,
  system: InfluenceSystem,
  selection: NodeSelection,
  options: PaperOptions,
  workspace: Workspace,
  breather: Breather,
): Promise<Solution> {
  const score = validationScore(original, selection, options, workspace);
  const task = new ProgressTask("IFRU, paper mode", null, "steps");
  try {
    const { solution, steps, bestStep } = await adamSolve(system, {
      ...options,
      score,
      breathe: async (step, auc) => {
        task.update(step, `validation AUC ${auc.toFixed(4)}`);
        await breather.breathe();
      },
    });
    return {
      change: solution,
      iterations: steps,
      relativeResidual: relativeResidual(system, solution),
      converged: false,
      bestStep,
    };
  } finally {
    task.finish();
  }
}

function validationScore(
  original: MovedModel,
  selection: NodeSelection,
  options: PaperOptions,
  workspace: Workspace,
): (p: BlockVector) => number {
  const { validation } = options;
  if (validation === null)
    throw new InvalidOptionError("paper mode picks its iterate by validation AUC, and there are no validation rows", {
      where: "ifru",
      remedy: "pass { validation }, or use the principled mode",
    });
  const { userEmbedding, itemEmbedding, embeddingSize: width } = original;
  const moved = workspace.float32(userEmbedding.length + itemEmbedding.length);
  const [p, q] = [moved.subarray(0, userEmbedding.length), moved.subarray(userEmbedding.length)];
  p.set(userEmbedding);
  q.set(itemEmbedding);
  const scored = scoredEmbeddings(original, moved, workspace);
  const [user, item] = [workspace.copyOf(validation.user), workspace.copyOf(validation.item)];
  const scores = workspace.float32(user.length);
  return (change) => {
    writeChange(p, userEmbedding, selection.users, change[0], width);
    writeChange(q, itemEmbedding, selection.items, change[1], width);
    const all = scored();
    operations().mfScores(all.subarray(0, p.length), all.subarray(p.length), user, item, width, scores);
    const value = auc(scores, validation.label);
    return value ?? refuseUndefined(validation, scores);
  };
}

/** Why there is no AUC: scores that are NaN, or labels of one class. */
function refuseUndefined({ label }: Interactions, scores: Float32Array): never {
  const row = scores.findIndex(Number.isNaN);
  if (row >= 0)
    throw new NumericalError("paper mode diverged: a score of the validation rows is NaN", {
      where: `validation row ${row}`,
      remedy: "use a smaller stepSize, or the principled mode",
    });
  throw new InvalidOptionError(`the validation rows hold one class only, label ${label[0]}, so they have no AUC`, {
    where: "ifru",
    remedy: "give validation rows with labels 0 and 1, or use the principled mode",
  });
}

/** The embeddings whose dot products are the scores: those that are moved, or what they propagate to. */
function scoredEmbeddings(model: MovedModel, moved: Float32Array, workspace: Workspace): () => Float32Array {
  const { graph, layerCount, embeddingSize } = model;
  if (graph === undefined || layerCount === undefined) return () => moved;
  const propagation = new Propagation(workspace, graph.adjacency(), layerCount, embeddingSize);
  const out = workspace.float32(moved.length);
  return () => {
    propagation.apply(moved, out);
    return out;
  };
}

function relativeResidual(system: InfluenceSystem, solution: BlockVector): number {
  const residual = system.allocate();
  system.multiply(solution, residual);
  system.xpby(system.rightHandSide, -1, residual);
  const norm = system.dot(system.rightHandSide, system.rightHandSide);
  return norm === 0 ? 0 : Math.sqrt(system.dot(residual, residual) / norm);
}
