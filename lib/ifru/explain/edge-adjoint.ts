import { operations, type SparseRows, type Workspace } from "../../engine";
import { dot } from "./node-block";

/**
 * What taking one edge out of the graph does to a function of propagated embeddings, to first order and for every edge
 * at once. The function's derivative at BX is G, so that it changes by ⟨G, δB X⟩ = 1/(L + 1) Σ over a + b < L of
 * ⟨A^a G, δA A^b X⟩. An edge between m and n takes A[m, n] away and raises what else m and n read, since their degrees
 * fall: a sum for each node and one product for each edge tell it (`README.md`, equation 19).
 */
export class EdgeAdjoint {
  /** A^a G and Σ over b < L - a of A^b X, by a. */
  private readonly layers: { readonly y: Float32Array; readonly z: Float32Array }[] = [];
  /** Σ over a of ⟨y_m, (A z)_m⟩ + ⟨z_m, (A y)_m⟩, `[nodes]`. */
  private readonly ofNode: Float64Array;

  /**
   * @param adjacency normalised, of the engine's memory
   * @param gradient G, `[nodes, width]`, of the engine's memory
   * @param embedding X, likewise
   */
  constructor(
    adjacency: SparseRows,
    gradient: Float32Array,
    embedding: Float32Array,
    layerCount: number,
    private readonly width: number,
    workspace: Workspace,
  ) {
    this.ofNode = new Float64Array(gradient.length / width);
    const times = (x: Float32Array): Float32Array => {
      const out = workspace.float32(x.length);
      operations().spmm(adjacency, x, width, out);
      return out;
    };
    const powers = [embedding];
    while (powers.length < layerCount) powers.push(times(powers[powers.length - 1]));
    let y = gradient;
    for (let a = 0; a < layerCount; a++) {
      const z = workspace.copyOf(embedding);
      for (let b = 1; b < layerCount - a; b++) operations().axpy(1, powers[b], z);
      const [nextY, nextZ] = [times(y), times(z)];
      for (let node = 0; node < this.ofNode.length; node++)
        this.ofNode[node] += this.product(y, node, nextZ, node) + this.product(z, node, nextY, node);
      this.layers.push({ y, z });
      y = nextY;
    }
  }

  /** The change when one edge between two nodes goes, by their degrees now. */
  without(m: number, n: number, degreeM: number, degreeN: number): number {
    const [growthM, growthN] = [growth(degreeM), growth(degreeN)];
    const own = this.layers.reduce((sum, { y, z }) => sum + this.product(y, m, z, n) + this.product(y, n, z, m), 0);
    const entry = (growthM + growthN - 1) / Math.sqrt(degreeM * degreeN);
    const changed = (growthM - 1) * this.ofNode[m] + (growthN - 1) * this.ofNode[n] - entry * own;
    return changed / (this.layers.length + 1);
  }

  private product(a: Float32Array, m: number, b: Float32Array, n: number): number {
    const { width } = this;
    return dot(a.subarray(m * width, (m + 1) * width), b.subarray(n * width, (n + 1) * width));
  }
}

/** What a node's other entries are multiplied by when it loses an edge; 1 where there is no other. */
function growth(degree: number): number {
  return degree > 1 ? Math.sqrt(degree / (degree - 1)) : 1;
}
