import type { Operations, Workspace } from "../engine";
import type { BlockVector, LinearSystem } from "./conjugate-gradient";
import type { LocalRows } from "./local-rows";
import type { Selection } from "./selection";

export interface InfluenceSystemOptions {
  /**
   * `"gauss-newton"` over the rows that stay, positive semi-definite (equation 8); `"exact"` is the Hessian over all rows, which
   * is not (equation 4).
   */
  readonly curvature: "gauss-newton" | "exact";
  /** Added to the diagonal: n lambda, since sums over rows stand here, not means. */
  readonly ridge: number;
}

/**
 * The influence system of one request over the selected embeddings: A = sum over incident rows of the rows' curvature, plus a
 * ridge; right-hand side = gradient of the forgotten rows' summed loss. Its solution is the change of the parameters
 * (`README.md`, equations 3 to 8). Vectors are `[user block, item block]` with lengths `[selected * width]`.
 */
export class InfluenceSystem implements LinearSystem {
  /** How many Hessian-vector products have been computed. */
  products = 0;
  readonly rightHandSide: BlockVector;
  private readonly lengths: readonly [number, number];
  private readonly residual: Float32Array;
  private readonly curvature: Float32Array;
  /** Directions and products over all local embeddings; beyond the selected ones the direction is always zero. */
  private readonly direction: BlockVector;
  private readonly product: BlockVector;
  /** Jacobi's preconditioner: one over the diagonal of the Gauss-Newton matrix and ridge. */
  private readonly inverseDiagonal: BlockVector;

  /**
   * @param isForgotten whether a row number of the training set is to be forgotten
   */
  constructor(
    private readonly local: LocalRows,
    selection: Selection,
    isForgotten: (row: number) => boolean,
    private readonly options: InfluenceSystemOptions,
    private readonly operations: Operations,
    private readonly workspace: Workspace,
  ) {
    const { p, q, user, item, label, width, rows } = local;
    this.lengths = [selection.users.length * width, selection.items.length * width];
    this.residual = workspace.float32(rows.length);
    this.curvature = workspace.float32(rows.length);
    operations.mfDerivatives(p, q, user, item, label, width, this.residual, this.curvature);
    this.direction = [workspace.float32(p.length), workspace.float32(q.length)];
    this.product = [workspace.float32(p.length), workspace.float32(q.length)];
    this.rightHandSide = this.forgetGradient(isForgotten);
    if (options.curvature === "gauss-newton") this.dropCurvature(isForgotten);
    this.inverseDiagonal = this.invertDiagonal();
  }

  multiply(direction: BlockVector, out: BlockVector): void {
    this.products++;
    this.direction.forEach((block, k) => block.set(direction[k]));
    const residual = this.options.curvature === "exact" ? this.residual : null;
    const problem = { ...this.local, residual, curvature: this.curvature };
    const [outP, outQ] = this.product;
    this.operations.mfHessianVectorProduct(problem, this.direction[0], this.direction[1], outP, outQ);
    this.takeSelected(out);
    if (this.options.ridge > 0) this.axpy(this.options.ridge, direction, out);
  }

  precondition(residual: BlockVector, out: BlockVector): void {
    out.forEach((block, k) => this.operations.hadamard(residual[k], this.inverseDiagonal[k], block));
  }

  allocate(): BlockVector {
    return this.lengths.map((length) => this.workspace.float32(length));
  }

  dot(a: BlockVector, b: BlockVector): number {
    return this.operations.dot(a[0], b[0]) + this.operations.dot(a[1], b[1]);
  }

  axpy(alpha: number, x: BlockVector, y: BlockVector): void {
    y.forEach((block, k) => this.operations.axpy(alpha, x[k], block));
  }

  xpby(x: BlockVector, beta: number, y: BlockVector): void {
    y.forEach((block, k) => this.operations.xpby(x[k], beta, block));
  }

  /** The part of the last product that belongs to the selected embeddings. */
  private takeSelected(out: BlockVector): void {
    out.forEach((block, k) => block.set(this.product[k].subarray(0, this.lengths[k])));
  }

  /** Equation 3: the gradient of the summed loss of the forgotten rows, restricted to the selected embeddings. */
  private forgetGradient(isForgotten: (row: number) => boolean): BlockVector {
    const residual = this.workspace.copyOf(this.residual);
    this.local.rows.forEach((row, k) => {
      if (!isForgotten(row)) residual[k] = 0;
    });
    const [outP, outQ] = this.product;
    this.operations.mfGradient({ ...this.local, residual, curvature: this.curvature }, outP, outQ);
    const gradient = this.allocate();
    this.takeSelected(gradient);
    return gradient;
  }

  /** Leaves the forgotten rows out of the matrix: what remains is the objective whose optimum is sought. */
  private dropCurvature(isForgotten: (row: number) => boolean): void {
    this.local.rows.forEach((row, k) => {
      if (isForgotten(row)) this.curvature[k] = 0;
    });
  }

  private invertDiagonal(): BlockVector {
    const [outP, outQ] = this.product;
    this.operations.mfCurvatureDiagonal({ ...this.local, residual: null, curvature: this.curvature }, outP, outQ);
    const inverse = this.allocate();
    this.takeSelected(inverse);
    for (const block of inverse) block.forEach((value, i) => (block[i] = 1 / (value + this.options.ridge)));
    return inverse;
  }
}
