import { operations, type SparseRows, type Workspace } from "../engine";

/**
 * LightGCN's propagation: B = (I + A + … + A^L) / (L + 1) for a symmetric normalised adjacency A (He et al., SIGIR
 * 2020, equations 7 and 8 with equal layer weights). B is symmetric, so the same product takes gradients back.
 */
export class Propagation {
  private readonly adjacency: SparseRows;
  private readonly layers: readonly [Float32Array, Float32Array];

  /**
   * @param adjacency `[nodes, nodes]`; copied into the workspace
   * @param layerCount L, the number of aggregations; 0 leaves embeddings as they are
   * @param width the embedding size
   */
  constructor(
    workspace: Workspace,
    { pointers, columns, values }: SparseRows,
    private readonly layerCount: number,
    private readonly width: number,
  ) {
    this.adjacency = {
      pointers: workspace.copyOf(pointers),
      columns: workspace.copyOf(columns),
      values: workspace.copyOf(values),
    };
    const room = (pointers.length - 1) * width;
    this.layers = [workspace.float32(room), workspace.float32(room)];
  }

  /**
   * out = B embedding.
   *
   * @param embedding row-major `[nodes, width]`, of the engine's memory
   * @param out overwritten, `[nodes, width]`
   */
  apply(embedding: Float32Array, out: Float32Array): void {
    const weight = 1 / (this.layerCount + 1);
    out.fill(0);
    operations().axpy(weight, embedding, out);
    let layer = embedding;
    for (let depth = 0; depth < this.layerCount; depth++) {
      const next = this.layers[depth % 2];
      operations().spmm(this.adjacency, layer, this.width, next);
      operations().axpy(weight, next, out);
      layer = next;
    }
  }
}
