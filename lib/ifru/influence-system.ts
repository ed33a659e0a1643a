import type { Operations, Workspace } from "../engine";
import { BlockSpace, type BlockVector, invertDiagonal } from "./block-system";
import type { LinearSystem } from "./conjugate-gradient";
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
export class InfluenceSystem extends BlockSpace implements LinearSystem {
  /** How many Hessian-vector products have been computed. */
  products = 0;
  readonly rightHandSide: BlockVector;
  private readonly residual: Float32Array;
  private readonly curvature: Float32Array;
  /** Directions and products over all local embeddings; beyond the selected ones the direction is always zero. */
  private readonly direction: BlockVector;
  private readonly product: BlockVector;
  private readonly inverseDiagonal: BlockVector;

  /**
   * @param isForgotten whether a row number of the training set is to be forgotten
   * @param rightHandSide by default the forgotten rows' gradient (equation 3)
   */
  constructor(
    readonly local: LocalRows,
    selection: Selection,
    isForgotten: (row: number) => boolean,
    private readonly options: InfluenceSystemOptions,
    operations: Operations,
    workspace: Workspace,
    rightHandSide?: BlockVector,
  ) {
    const { p, q, user, item, label, width, rows } = local;
    super([selection.users.length * width, selection.items.length * width], operations, workspace);
    this.residual = workspace.float32(rows.length);
    this.curvature = workspace.float32(rows.length);
    operations.mfDerivatives(p, q, user, item, label, width, this.residual, this.curvature);
    this.direction = [workspace.float32(p.length), workspace.float32(q.length)];
    this.product = [workspace.float32(p.length), workspace.float32(q.length)];
    this.rightHandSide = rightHandSide ?? this.forgetGradient(isForgotten);
    if (options.curvature === "gauss-newton") this.dropCurvature(isForgotten);
    this.inverseDiagonal = invertDiagonal(this.diagonal(), options.ridge);
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
    this.hadamard(residual, this.inverseDiagonal, out);
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

  /** The diagonal of the Gauss-Newton matrix. */
  private diagonal(): BlockVector {
    const [outP, outQ] = this.product;
    this.operations.mfCurvatureDiagonal({ ...this.local, residual: null, curvature: this.curvature }, outP, outQ);
    const diagonal = this.allocate();
    this.takeSelected(diagonal);
    return diagonal;
  }
}
