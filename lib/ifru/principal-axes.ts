import type { InteractionIndex } from "../data";
import type { Operations, Workspace } from "../engine";
import type { BlockVector } from "./block-system";
import type { EmbeddingTables } from "./local-rows";
import { symmetricEigen } from "./symmetric-eigen";

/**
 * The directions in which one side's blocks of the curvature matrix are strong and weak, the same for every node of
 * that side.
 */
export interface Axes {
  /** V, row-major `[width, width]`, one direction in each column, orthonormal. */
  readonly vectors: Float32Array;
  /** The share of the trace that lies along each direction, `[width]`; they add up to 1. */
  readonly shares: Float32Array;
}

/** Users' axes are those of the items' embeddings, and the other way round. */
export interface PrincipalAxes {
  readonly users: Axes;
  readonly items: Axes;
}

/**
 * The principal axes of a model's embeddings, weighted by their training rows (`README.md`, preconditioner). Linear in
 * users and items; any other axes give the same solution, only later.
 */
export function principalAxes(
  { userEmbedding, itemEmbedding, embeddingSize }: EmbeddingTables,
  { userPointers, itemPointers }: InteractionIndex,
): PrincipalAxes {
  return {
    users: axesOf(itemEmbedding, itemPointers, embeddingSize),
    items: axesOf(userEmbedding, userPointers, embeddingSize),
  };
}

/** The eigenvectors of the sum over rows of the outer product of the embedding at one end. */
function axesOf(table: Float32Array, pointers: Int32Array, width: number): Axes {
  const moments = new Float64Array(width * width);
  for (let id = 0; id + 1 < pointers.length; id++)
    addOuterProduct(pointers[id + 1] - pointers[id], table.subarray(id * width, (id + 1) * width), moments);
  for (let i = 0; i < width; i++) for (let j = 0; j < i; j++) moments[j * width + i] = moments[i * width + j];
  const { vectors, values } = symmetricEigen(moments, width);
  const trace = values.reduce((sum, value) => sum + value, 0);
  return {
    vectors: Float32Array.from(vectors),
    shares: Float32Array.from(values, (value) => (trace > 0 ? Math.max(0, value) / trace : 1 / width)),
  };
}

/** The lower triangle of sums += weight x x'. */
function addOuterProduct(weight: number, x: Float32Array, sums: Float64Array): void {
  const width = x.length;
  for (let i = 0; i < width; i++) {
    const factor = weight * x[i];
    for (let j = 0; j <= i; j++) sums[i * width + j] += factor * x[j];
  }
}

/** One side's part of the preconditioner. */
interface SidePreconditioner {
  readonly vectors: Float32Array;
  /** 1 / (ridge + trace x share) for each node and direction, `[nodes, width]`. */
  readonly inverse: Float32Array;
  /** A block along the axes, `[nodes, width]`. */
  readonly turned: Float32Array;
}

/**
 * M⁻¹ for M = the blocks of the curvature matrix as if each were its trace spread over the principal axes like
 * everyone's, plus the ridge (`README.md`, preconditioner).
 */
export class AxesPreconditioner {
  private readonly sides: readonly SidePreconditioner[];
  private readonly width: number;

  /** @param traces of the selected users' and items' blocks */
  constructor(
    { users, items }: PrincipalAxes,
    traces: readonly [Float64Array, Float64Array],
    ridge: number,
    private readonly operations: Operations,
    workspace: Workspace,
  ) {
    this.width = users.shares.length;
    this.sides = [users, items].map(({ vectors, shares }, k) => {
      const inverse = workspace.float32(traces[k].length * this.width);
      for (let node = 0, at = 0; node < traces[k].length; node++)
        for (let j = 0; j < shares.length; j++) inverse[at++] = 1 / (ridge + traces[k][node] * shares[j]);
      return { vectors: workspace.copyOf(vectors), inverse, turned: workspace.float32(inverse.length) };
    });
  }

  /** out = M⁻¹ residual. */
  apply(residual: BlockVector, out: BlockVector): void {
    const { operations, width } = this;
    this.sides.forEach(({ vectors, inverse, turned }, k) => {
      const shape = { rows: turned.length / width, inner: width, columns: width };
      operations.matMul({ a: residual[k], b: vectors, out: turned, ...shape });
      operations.hadamard(turned, inverse, turned);
      operations.matMul({ a: turned, b: vectors, out: out[k], ...shape, transposeB: true });
    });
  }
}
