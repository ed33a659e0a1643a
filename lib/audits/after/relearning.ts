import { InvalidArgumentError } from "../../core";
import { logLosses, mean } from "../../metrics";
import { type Interactions, selectRows } from "../../data";
import { Mf } from "../../models";
import type { UnlearningRequest } from "../../training";

/** How fast two models learn again what was forgotten. */
export interface Relearning {
  /** How many steps, from 0. */
  readonly steps: readonly number[];
  /** Mean log loss on the forgotten rows after so many steps. */
  readonly answer: readonly number[];
  readonly retrained: readonly number[];
  /** After so many steps the answer knows the rows as well as Retrain after all; `null` where it never does. */
  readonly reaches: number | null;
  /** The first number of steps at which the answer is on the other side of Retrain; `null` where they do not cross. */
  readonly crosses: number | null;
}

/** Trains a model on rows, some steps further; the model given stays as it is. */
export type Relearn<M> = (model: M, rows: Interactions, steps: number) => Promise<M> | M;

/**
 * How few steps bring the forgotten back, against a retrained model: knowledge that was hidden and not removed comes
 * back at once.
 *
 * @param answer the model that forgot
 * @param retrained one that never saw the rows
 * @param request whose rows were forgotten
 * @param relearn trains a model further, such as `gradientSteps(0.5)`
 * @param options `steps`: numbers of steps, ascending from 0; `given`: how many of the forgotten rows are learnt from,
 *   the first; default all
 * @throws InvalidArgumentError for no forgotten rows, steps that do not ascend from 0, or fewer rows given than one
 * @example
 * const { reaches, steps } = await relearning(answer, retrained, request, gradientSteps(0.5));
 * reaches; // fewer than the last of `steps`: what was forgotten comes back faster than it is learnt
 */
export async function relearning<M extends { score(users: Int32Array, items: Int32Array): Float32Array }>(
  answer: M,
  retrained: M,
  { train, forgetRows }: UnlearningRequest,
  relearn: Relearn<M>,
  { steps = [0, 1, 2, 4, 8, 16, 32], given = forgetRows.length }: { steps?: readonly number[]; given?: number } = {},
): Promise<Relearning> {
  const ascends = steps[0] === 0 && steps.every((step, k) => k === 0 || step > steps[k - 1]);
  if (!ascends || forgetRows.length === 0 || !(given >= 1 && given <= forgetRows.length))
    throw new InvalidArgumentError(`steps ${steps.join(", ")} with ${given} of ${forgetRows.length} rows`, {
      where: "relearning",
      remedy: "give steps that ascend from 0, forgotten rows, and learn from 1 of them or more",
    });
  const asked = selectRows(train, forgetRows);
  const learnt = selectRows(train, forgetRows.slice(0, given));
  const curve = async (start: M): Promise<number[]> => {
    const losses: number[] = [];
    let model = start;
    for (const [k, step] of steps.entries()) {
      if (k > 0) model = await relearn(model, learnt, step - steps[k - 1]);
      losses.push(mean(logLosses(model.score(asked.user, asked.item), asked.label)) ?? 0);
    }
    return losses;
  };
  const [own, known] = [await curve(answer), await curve(retrained)];
  const side = (k: number) => Math.sign(own[k] - known[k]);
  const goal = known[known.length - 1];
  const at = (found: number) => (found < 0 ? null : steps[found]);
  return {
    ...{ steps, answer: own, retrained: known },
    reaches: at(own.findIndex((loss) => loss <= goal)),
    crosses: at(steps.findIndex((_, k) => side(k) * side(0) < 0)),
  };
}

/**
 * Plain gradient steps for matrix factorisation, each over all rows given: no state that a model could be favoured by.
 *
 * @param learningRate of the sum over the rows of a user, or an item, of the log loss
 * @example
 * await relearning(answer, retrained, request, gradientSteps(0.1));
 */
export function gradientSteps(learningRate: number): Relearn<Mf> {
  return (model, { user, item, label }, steps) => {
    const [p, q, width] = [model.userEmbedding.slice(), model.itemEmbedding.slice(), model.embeddingSize];
    for (let step = 0; step < steps; step++) {
      const scores = new Mf(p, q, width).score(user, item);
      const [before, beforeItems] = [p.slice(), q.slice()];
      scores.forEach((logit, row) => {
        const slope = learningRate * (1 / (1 + Math.exp(-logit)) - label[row]);
        const [u, i] = [user[row] * width, item[row] * width];
        for (let j = 0; j < width; j++) {
          p[u + j] -= slope * beforeItems[i + j];
          q[i + j] -= slope * before[u + j];
        }
      });
    }
    return new Mf(p, q, width);
  };
}
