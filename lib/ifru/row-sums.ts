import type { MfCurvatureRows, Operations, SparseRows, Workspace } from "../engine";
import type { BlockVector } from "./block-system";
import type { LocalRows } from "./local-rows";

/** A group of local rows with a single end selected, as a sparse matrix from the other ends to the selected ones. */
interface OneEnd extends SparseRows {
  readonly user: Int32Array;
  readonly item: Int32Array;
  /** Where the group's rows begin and end. */
  readonly range: readonly [number, number];
  /** Room for what is summed. */
  readonly sum: Float32Array;
}

/** Derivatives of rows, cut by group. */
export interface Curvature {
  readonly both: MfCurvatureRows;
  readonly user: Float32Array;
  readonly item: Float32Array;
}

/**
 * Sums over local rows, as blocks of the selected embeddings (`README.md`, equations 7 and 8). A row with one end
 * selected needs half of each formula: the direction at its other end is zero, and what would be added there is not
 * asked for.
 */
export class RowSums {
  private readonly selected: { readonly p: Float32Array; readonly q: Float32Array };
  private readonly userEnds: OneEnd;
  private readonly itemEnds: OneEnd;
  private readonly both: number;

  constructor(
    private readonly local: LocalRows,
    private readonly operations: Operations,
    workspace: Workspace,
  ) {
    const { user, item, p, q, width, pointers } = local;
    const [users, items] = [pointers.user.length - 1, pointers.item.length - 1];
    this.selected = { p: p.subarray(0, users * width), q: q.subarray(0, items * width) };
    this.both = pointers.both[users];
    const begin = this.both + pointers.user[users];
    const oneEnd = (from: number, to: number, starts: Int32Array, others: Int32Array): OneEnd => ({
      user: user.subarray(from, to),
      item: item.subarray(from, to),
      range: [from, to],
      pointers: starts,
      columns: others.subarray(from, to),
      values: workspace.float32(to - from),
      sum: workspace.float32(to > from ? (starts.length - 1) * width : 0),
    });
    this.userEnds = oneEnd(this.both, begin, pointers.user, item);
    this.itemEnds = oneEnd(begin, user.length, pointers.item, user);
  }

  /**
   * The gradient of what has the derivative `slope` with respect to each row's score: out_u = Σ slope q_i, out_i = Σ
   * slope p_u.
   */
  gradient(slope: Float32Array, [outP, outQ]: BlockVector): void {
    const { userEnds, itemEnds, local } = this;
    const { both, user, item } = this.curvatureOf(slope, slope);
    this.operations.mfGradient(both, outP, outQ);
    this.add({ ...userEnds, values: user }, local.q, outP);
    this.add({ ...itemEnds, values: item }, local.p, outQ);
  }

  /**
   * What `multiply` needs to know of the rows.
   *
   * @param curvature w of each row, `[rows]`; kept, not copied
   * @param residual r of each row, or `null` for the Gauss-Newton matrix; kept, not copied
   */
  curvatureOf(curvature: Float32Array, residual: Float32Array | null): Curvature {
    const { pointers, item, width } = this.local;
    const both = {
      userPointers: pointers.both,
      item: item.subarray(0, this.both),
      curvature: curvature.subarray(0, this.both),
      residual: residual === null ? null : residual.subarray(0, this.both),
      ...this.selected,
      width,
    };
    const [user, items] = [this.userEnds, this.itemEnds].map(({ range }) => curvature.subarray(...range));
    return { both, user, item: items };
  }

  /** The Hessian of the summed loss times a direction. */
  multiply({ both, user, item }: Curvature, [a, b]: BlockVector, [outP, outQ]: BlockVector): void {
    const { operations, userEnds, itemEnds } = this;
    const { p, q, width } = this.local;
    operations.mfHessianVectorProduct(both, a, b, outP, outQ);
    operations.mfScores(a, q, userEnds.user, userEnds.item, width, userEnds.values);
    operations.hadamard(userEnds.values, user, userEnds.values);
    this.add(userEnds, q, outP);
    operations.mfScores(p, b, itemEnds.user, itemEnds.item, width, itemEnds.values);
    operations.hadamard(itemEnds.values, item, itemEnds.values);
    this.add(itemEnds, p, outQ);
  }

  /** Each selected user's and item's trace of its own block of the Gauss-Newton matrix: Σ w |q_i|², Σ w |p_u|². */
  traces(curvature: Float32Array): readonly [Float64Array, Float64Array] {
    const { user, item, p, q, width, pointers } = this.local;
    const [users, items] = [new Float64Array(pointers.user.length - 1), new Float64Array(pointers.item.length - 1)];
    const [ofP, ofQ] = [squaredNorms(p, width), squaredNorms(q, width)];
    for (let k = 0; k < curvature.length; k++) {
      if (user[k] < users.length) users[user[k]] += curvature[k] * ofQ[item[k]];
      if (item[k] < items.length) items[item[k]] += curvature[k] * ofP[user[k]];
    }
    return [users, items];
  }

  /** out += Σ value x other end. */
  private add(end: OneEnd, others: Float32Array, out: Float32Array): void {
    if (end.columns.length === 0) return;
    this.operations.spmm(end, others, this.local.width, end.sum);
    this.operations.axpy(1, end.sum, out);
  }
}

function squaredNorms(table: Float32Array, width: number): Float64Array {
  const norms = new Float64Array(table.length / width);
  for (let k = 0, j = 0; k < norms.length; k++) {
    let sum = 0;
    for (const end = j + width; j < end; j++) sum += table[j] * table[j];
    norms[k] = sum;
  }
  return norms;
}
