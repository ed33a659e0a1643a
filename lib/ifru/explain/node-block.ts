import type { InteractionIndex, Interactions } from "../../data";
import type { Mf } from "../../models";
import { Cholesky } from "./cholesky";

/** One side of a factorisation: its own embeddings, and which rows end where. */
export interface Side {
  readonly own: Float32Array;
  readonly others: Float32Array;
  /** The other end of each training row, `[rows]`. */
  readonly otherOf: Int32Array;
  readonly label: Float32Array;
  /** Rows of id k are `rows[pointers[k] … pointers[k + 1])`. */
  readonly pointers: Int32Array;
  readonly rows: Int32Array;
  readonly width: number;
}

/** The users' side, then the items'. The same formulas serve both. */
export function sidesOf(scored: Mf, train: Interactions, index: InteractionIndex): { user: Side; item: Side } {
  const [p, q] = [scored.userEmbedding, scored.itemEmbedding];
  const shared = { label: train.label, width: scored.embeddingSize };
  return {
    user: { ...shared, own: p, others: q, otherOf: train.item, pointers: index.userPointers, rows: index.userRows },
    item: { ...shared, own: q, others: p, otherOf: train.user, pointers: index.itemPointers, rows: index.itemRows },
  };
}

/** First and second derivative of a row's cross-entropy with respect to its score: residual r and curvature w. */
interface RowDerivatives {
  readonly residual: number;
  readonly curvature: number;
}

/** Some rows of one node: `x` is the embedding at the other end of a row. */
type NodeRow = RowDerivatives & { readonly row: number; readonly x: Float32Array };

/**
 * One user's or item's own block of IFRU's system: A = n λ + Σ over its rows of w x x' (`README.md`, equation 8), and
 * what forgetting rows does to its embedding. A row ends at one user and one item, so that a request which forgets
 * rows of this node alone has no coupling to the nodes at their other ends: that node's change is this block's.
 */
export class NodeBlock {
  readonly embedding: Float32Array;
  readonly rows: Int32Array;
  private readonly factor: Cholesky;

  /** @param ridge n λ */
  constructor(
    private readonly side: Side,
    id: number,
    private readonly ridge: number,
  ) {
    const { own, pointers, rows, width } = side;
    this.embedding = own.subarray(id * width, (id + 1) * width);
    this.rows = rows.subarray(pointers[id], pointers[id + 1]);
    this.factor = new Cholesky(this.matrix(this.rows), width);
  }

  /** A⁻¹ b. */
  solve(b: ArrayLike<number>): Float64Array {
    return this.factor.solve(b);
  }

  /** b' A⁻¹ b. */
  inverseForm(b: ArrayLike<number>): number {
    return this.factor.inverseForm(b);
  }

  /** The derivatives of one of the node's rows, and the embedding at its other end. */
  rowAt(row: number): NodeRow {
    const { others, otherOf, label, width } = this.side;
    const x = others.subarray(otherOf[row] * width, (otherOf[row] + 1) * width);
    return { row, x, ...derivativesAt(dot(this.embedding, x), label[row]) };
  }

  /**
   * What forgetting one of the node's rows adds to `along` · embedding: Sherman and Morrison's formula takes the row's
   * curvature out of A as well, r ⟨x, A⁻¹ along⟩ / (1 - w x' A⁻¹ x).
   *
   * @param solved A⁻¹ along, one solve for all rows
   * @param along the direction itself, for a node that loses its only row and goes to 0
   */
  changeAlong({ x, residual, curvature }: NodeRow, solved: Float64Array, along: ArrayLike<number>): number {
    if (this.rows.length === 1) return -dot(this.embedding, along);
    return (residual * dot(solved, x)) / (1 - curvature * this.factor.inverseForm(x));
  }

  /** What forgetting one of the node's rows adds to its embedding, `[width]`. */
  changeWithout({ x, residual, curvature }: NodeRow): Float64Array {
    if (this.rows.length === 1) return Float64Array.from(this.embedding, (value) => -value);
    const solved = this.factor.solve(x);
    const step = residual / (1 - curvature * dot(solved, x));
    return solved.map((value) => step * value);
  }

  /** A over some of the node's rows, row-major `[width, width]`, lower triangle. */
  matrix(rows: Iterable<number>): Float64Array {
    const { width } = this.side;
    const sum = new Float64Array(width * width);
    for (let i = 0; i < width; i++) sum[i * width + i] = this.ridge;
    for (const row of rows) {
      const { x, curvature } = this.rowAt(row);
      addOuter(curvature, x, sum);
    }
    return sum;
  }
}

// A loop of its own, over typed arrays alone: it takes nearly all of an explanation's time.
function addOuter(weight: number, x: Float32Array, sum: Float64Array): void {
  const width = x.length;
  for (let i = 0, at = 0; i < width; i++, at += width) {
    const factor = weight * x[i];
    for (let j = 0; j <= i; j++) sum[at + j] += factor * x[j];
  }
}

function derivativesAt(score: number, label: number): RowDerivatives {
  const probability = 1 / (1 + Math.exp(-score));
  return { residual: probability - label, curvature: probability * (1 - probability) };
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}
