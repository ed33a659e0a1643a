import type { Scalar, Tensor } from "@tensorflow/tfjs-core";
import { InvalidArgumentError } from "../core";
import type { Operations, TensorEngine, Workspace } from "../engine";
import { BlockSpace, type BlockVector } from "./block-system";
import type { LinearSystem } from "./conjugate-gradient";

/** A parameter that may move, and where it stands. */
export interface MovableParameter {
  /** `values` is row-major in this shape. */
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/**
 * All that is asked of a model: its summed loss on some rows, as a function of the parameters that may move. It must be
 * made of differentiable tensor operations; whatever else the model has is constant inside it.
 *
 * @param parameters in the order of the problem's
 * @param rows row numbers, as the model's owner numbers them
 */
export type RowLoss = (parameters: readonly Tensor[], rows: Int32Array) => Scalar;

/** An influence problem for any differentiable model. */
export interface DifferentiableProblem {
  readonly parameters: readonly MovableParameter[];
  readonly loss: RowLoss;
  /** Rows that stay: their curvature is the matrix. */
  readonly retainedRows: Int32Array;
  /** Rows to forget: their gradient is the right-hand side. */
  readonly forgottenRows: Int32Array;
}

/** Rows in one pass, so that intermediate tensors stay small. */
const batchRows = 4096;

/**
 * The influence system of any model that can compute `loss(parameters, rows)` (`README.md`, equation 4 over the rows
 * that stay): products with the exact Hessian by nested gradients, plus a ridge. Slower than the closed forms by orders
 * of magnitude, and indefinite where the loss is not convex: the ridge has to make up for it.
 */
export class DifferentiableSystem extends BlockSpace implements LinearSystem {
  /** How many Hessian-vector products have been computed. */
  products = 0;
  readonly rightHandSide: BlockVector;

  /**
   * @param ridge added to the diagonal: n lambda, since sums over rows stand here
   * @throws InvalidArgumentError when a parameter's values do not fit its shape
   */
  constructor(
    private readonly problem: DifferentiableProblem,
    private readonly ridge: number,
    private readonly engine: TensorEngine,
    operations: Operations,
    workspace: Workspace,
  ) {
    super(
      problem.parameters.map(({ values }) => values.length),
      operations,
      workspace,
    );
    problem.parameters.forEach(({ shape, values }, n) => {
      const size = shape.reduce((product, length) => product * length, 1);
      if (values.length !== size)
        throw new InvalidArgumentError(`parameter ${n} has ${values.length} values`, {
          remedy: `its shape asks for ${size}`,
        });
    });
    this.rightHandSide = this.allocate();
    this.sumOverBatches(problem.forgottenRows, this.rightHandSide, (parameters, rows) =>
      this.gradient(parameters, rows),
    );
  }

  multiply(direction: BlockVector, out: BlockVector): void {
    this.products++;
    for (const block of out) block.fill(0);
    const { tf } = this.engine;
    const along = direction.map((block, n) => tf.tensor(block, [...this.problem.parameters[n].shape]));
    this.sumOverBatches(this.problem.retainedRows, out, (parameters, rows) => {
      const slope = (...moved: Tensor[]): Scalar => {
        const terms = this.gradient(moved, rows).map((gradient, n) => tf.sum(tf.mul(gradient, along[n])));
        return tf.addN(terms) as Scalar;
      };
      return tf.grads(slope)([...parameters]);
    });
    tf.dispose(along);
    this.axpy(this.ridge, direction, out);
  }

  /**
   * No preconditioner: the diagonal of a Hessian known by its products alone costs as many products as there are
   * parameters.
   */
  precondition(residual: BlockVector, out: BlockVector): void {
    out.forEach((block, n) => block.set(residual[n]));
  }

  private gradient(parameters: readonly Tensor[], rows: Int32Array): Tensor[] {
    return this.engine.tf.grads((...moved: Tensor[]) => this.problem.loss(moved, rows))([...parameters]);
  }

  /** out += sum over batches of what `compute` gives, one tensor for each parameter. */
  private sumOverBatches(
    rows: Int32Array,
    out: BlockVector,
    compute: (parameters: readonly Tensor[], rows: Int32Array) => Tensor[],
  ): void {
    const { tf } = this.engine;
    for (let from = 0; from < rows.length; from += batchRows) {
      const computed = tf.tidy(() => {
        const parameters = this.problem.parameters.map(({ values, shape }) => tf.tensor(values, [...shape]));
        return compute(parameters, rows.subarray(from, from + batchRows));
      });
      computed.forEach((tensor, n) => {
        const values = tensor.dataSync();
        for (let i = 0; i < values.length; i++) out[n][i] += values[i];
      });
      tf.dispose(computed);
    }
  }
}
