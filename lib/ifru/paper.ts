import { type Breather, InvalidOptionError, ProgressTask } from "../core";
import { operations, type Workspace } from "../engine";
import { auc } from "../metrics";
import type { Mf } from "../models";
import { adamSolve } from "./adam-solver";
import type { BlockVector } from "./conjugate-gradient";
import type { Solution } from "./ifru";
import type { InfluenceSystem } from "./influence-system";
import type { IfruOptions } from "./options";
import type { Selection } from "./selection";

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
 * The released recipe: Adam on the undamped exact system, the validation AUC of the whole updated model after every step, the
 * best iterate kept (`README.md`, paper mode).
 *
 * @throws InvalidOptionError without validation rows, or when they hold one class only
 */
export async function solveAsPaper(
  original: Mf,
  system: InfluenceSystem,
  selection: Selection,
  options: IfruOptions,
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
  original: Mf,
  selection: Selection,
  options: IfruOptions,
  workspace: Workspace,
): (p: BlockVector) => number {
  const { validation } = options;
  if (validation === null)
    throw new InvalidOptionError("paper mode picks its iterate by validation AUC, and there are no validation rows", {
      where: "ifru",
      remedy: "pass { validation }, or use the principled mode",
    });
  const { userEmbedding, itemEmbedding, embeddingSize: width } = original;
  const [p, q] = [workspace.copyOf(userEmbedding), workspace.copyOf(itemEmbedding)];
  const [user, item] = [workspace.copyOf(validation.user), workspace.copyOf(validation.item)];
  const scores = workspace.float32(user.length);
  return (change) => {
    writeChange(p, userEmbedding, selection.users, change[0], width);
    writeChange(q, itemEmbedding, selection.items, change[1], width);
    operations().mfScores(p, q, user, item, width, scores);
    const value = auc(scores, validation.label);
    if (value !== null) return value;
    throw new InvalidOptionError("the validation rows hold one class only, so they have no AUC", { where: "ifru" });
  };
}

function relativeResidual(system: InfluenceSystem, solution: BlockVector): number {
  const residual = system.allocate();
  system.multiply(solution, residual);
  system.xpby(system.rightHandSide, -1, residual);
  const norm = system.dot(system.rightHandSide, system.rightHandSide);
  return norm === 0 ? 0 : Math.sqrt(system.dot(residual, residual) / norm);
}
