import type { Operations, Workspace } from "../engine";
import { BlockSpace, type BlockVector } from "./block-system";
import type { LinearSystem } from "./conjugate-gradient";
import type { LocalRows } from "./local-rows";
import { AxesPreconditioner, type PrincipalAxes } from "./principal-axes";
import { type Curvature, RowSums } from "./row-sums";

export interface InfluenceSystemOptions {
  /**
   * `"gauss-newton"` over the rows that stay, positive semi-definite (equation 8); `"exact"` is the Hessian over all
   * rows, which is not (equation 4).
   */
  readonly curvature: "gauss-newton" | "exact";
  /** Added to the diagonal: n lambda, since sums over rows stand here, not means. */
  readonly ridge: number;
  /** What the preconditioner is built on. */
  readonly axes: PrincipalAxes;
  /** By default the forgotten rows' gradient (equation 3). */
  readonly rightHandSide?: BlockVector;
}

/**
 * The influence system of one request over the selected embeddings: A = sum over incident rows of the rows' curvature,
 * plus a ridge; right-hand side = gradient of the forgotten rows' summed loss. Its solution is the change of the
 * parameters (`README.md`, equations 3 to 8). Vectors are `[user block, item block]` with lengths `[selected * width]`.
 */
export class InfluenceSystem extends BlockSpace implements LinearSystem {
  /** How many Hessian-vector products have been computed. */
  products = 0;
  readonly rightHandSide: BlockVector;
  private readonly ridge: number;
  private readonly sums: RowSums;
  private readonly curvature: Curvature;
  private readonly preconditioner: AxesPreconditioner;

  constructor(
    readonly local: LocalRows,
    { curvature: form, ridge, axes, rightHandSide }: InfluenceSystemOptions,
    operations: Operations,
    workspace: Workspace,
  ) {
    const { p, q, user, item, label, width, rows, pointers, forgotten } = local;
    super([(pointers.user.length - 1) * width, (pointers.item.length - 1) * width], operations, workspace);
    this.ridge = ridge;
    this.sums = new RowSums(local, operations, workspace);
    const [residual, curvature] = [workspace.float32(rows.length), workspace.float32(rows.length)];
    operations.mfDerivatives(p, q, user, item, label, width, residual, curvature);
    this.rightHandSide = rightHandSide ?? this.forgetGradient(residual);
    if (form === "gauss-newton") dropForgotten(curvature, forgotten);
    this.curvature = this.sums.curvatureOf(curvature, form === "exact" ? residual : null);
    this.preconditioner = new AxesPreconditioner(axes, this.sums.traces(curvature), ridge, operations, workspace);
  }

  multiply(direction: BlockVector, out: BlockVector): void {
    this.products++;
    this.sums.multiply(this.curvature, direction, out);
    if (this.ridge > 0) this.axpy(this.ridge, direction, out);
  }

  precondition(residual: BlockVector, out: BlockVector): void {
    this.preconditioner.apply(residual, out);
  }

  /** Equation 3: the gradient of the summed loss of the forgotten rows, restricted to the selected embeddings. */
  private forgetGradient(residual: Float32Array): BlockVector {
    const { forgotten } = this.local;
    const slope = this.workspace.float32(residual.length);
    for (let k = 0; k < slope.length; k++) slope[k] = forgotten[k] * residual[k];
    const gradient = this.allocate();
    this.sums.gradient(slope, gradient);
    return gradient;
  }
}

/** Leaves the forgotten rows out of the matrix: what remains is the objective whose optimum is sought. */
export function dropForgotten(curvature: Float32Array, forgotten: Uint8Array): void {
  for (let k = 0; k < curvature.length; k++) if (forgotten[k] === 1) curvature[k] = 0;
}
