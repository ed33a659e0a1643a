import { Adam, operations, type Workspace } from "../engine";
import type { RowUpdate } from "../models";
import type { LossRows, CauMfProblem } from "./mf-problem";
import { type ParetoOptions, paretoStep } from "./pareto";

/** The gradient of one loss by all local embeddings; those that move come first in each. */
interface LossGradient {
  readonly p: Float32Array;
  readonly q: Float32Array;
}

/** The columns of a batch, in the engine's memory. */
interface Columns {
  readonly user: Int32Array;
  readonly item: Int32Array;
  readonly label: Float32Array;
  readonly residual: Float32Array;
}

/** Which way each loss is followed: the unlearning loss is minus a cross-entropy. */
const signs = [-1, 1, 1];

/** Embeddings on their way along three losses at once. */
export class MfDescent {
  private readonly moving: { readonly p: number; readonly q: number };
  private readonly gradients: readonly LossGradient[];
  private readonly columns: readonly Columns[];
  private readonly optimizers: readonly [Adam, Adam];

  constructor(
    private readonly problem: CauMfProblem,
    private readonly options: ParetoOptions & { readonly learningRate: number },
    workspace: Workspace,
  ) {
    const { p, q, users, items, width, losses } = problem;
    this.moving = { p: users.length * width, q: items.length * width };
    this.gradients = losses.map(() => ({ p: workspace.float32(p.length), q: workspace.float32(q.length) }));
    this.columns = losses.map(({ user }) => ({
      user: workspace.int32(user.length),
      item: workspace.int32(user.length),
      label: workspace.float32(user.length),
      residual: workspace.float32(user.length),
    }));
    const { learningRate } = options;
    this.optimizers = [
      new Adam(workspace, p.subarray(0, this.moving.p), { learningRate }),
      new Adam(workspace, q.subarray(0, this.moving.q), { learningRate }),
    ];
  }

  /** The mean loss of the forgotten rows here and now, as they were labelled in training. */
  forgetLoss(): number {
    const every = Int32Array.from(this.problem.losses[0].user.keys());
    return this.gradient(0, every).loss;
  }

  /** One step on some forgotten rows. @returns the weights α of the losses */
  step(chosen: Int32Array): Float64Array {
    signs.forEach((_, task) => this.gradient(task, chosen));
    const { weights, gradientWeights } = paretoStep(this.gram(), this.options);
    this.optimizers.forEach((optimizer, side) => {
      this.gradients.forEach((gradient, task) =>
        operations().axpy(gradientWeights[task], this.movingPart(gradient)[side], optimizer.gradient),
      );
      optimizer.step();
    });
    return weights;
  }

  /** Inner products of the three gradients by what moves, row by row, `[9]`. */
  gram(): Float64Array {
    const parts = this.gradients.map((gradient) => this.movingPart(gradient));
    return Float64Array.from({ length: 9 }, (_, k) => {
      const [a, b] = [parts[Math.floor(k / 3)], parts[k % 3]];
      return operations().dot(a[0], b[0]) + operations().dot(a[1], b[1]);
    });
  }

  /** How many rows a step on some forgotten rows reads. */
  rowsOf(chosen: Int32Array): number {
    const count = ({ pointers }: LossRows) => chosen.reduce((sum, k) => sum + pointers[k + 1] - pointers[k], 0);
    return this.problem.losses.reduce((sum, loss) => sum + count(loss), 0);
  }

  updates(): RowUpdate[] {
    const { p, q, users, items } = this.problem;
    return [
      { parameter: "userEmbedding", rows: users, values: Float32Array.from(p.subarray(0, this.moving.p)) },
      { parameter: "itemEmbedding", rows: items, values: Float32Array.from(q.subarray(0, this.moving.q)) },
    ];
  }

  /** The mean gradient of one loss over the rows of some forgotten ones, left in `gradients`. */
  private gradient(task: number, chosen: Int32Array): { readonly loss: number } {
    const { p, q, width, losses } = this.problem;
    const count = fill(losses[task], chosen, this.columns[task]);
    const { user, item, label, residual } = this.columns[task];
    const { p: gradientP, q: gradientQ } = this.gradients[task];
    gradientP.fill(0);
    gradientQ.fill(0);
    if (count === 0) return { loss: 0 };
    const rows = { user: user.subarray(0, count), item: item.subarray(0, count), label: label.subarray(0, count) };
    const sum = operations().mfLossGradient({
      ...{ p, q, width, ...rows, residual: residual.subarray(0, count) },
      ...{ gradientP, gradientQ, scale: signs[task] / count, penalty: 0 },
    });
    return { loss: sum / count };
  }

  private movingPart({ p, q }: LossGradient): readonly [Float32Array, Float32Array] {
    return [p.subarray(0, this.moving.p), q.subarray(0, this.moving.q)];
  }
}

/** Copies the rows of some forgotten ones; returns how many there are. */
function fill({ user, item, label, pointers }: LossRows, chosen: Int32Array, to: Columns): number {
  let count = 0;
  for (const k of chosen)
    for (let row = pointers[k]; row < pointers[k + 1]; row++, count++) {
      to.user[count] = user[row];
      to.item[count] = item[row];
      to.label[count] = label[row];
    }
  return count;
}
