import type { Operations, Workspace } from "../engine";

/**
 * A vector in the engine's memory, as the blocks it is made of. All vectors of one system have the same block lengths.
 */
export type BlockVector = readonly Float32Array[];

/** The arithmetic of the vectors of one influence system, such as `[user block, item block]`. */
export class BlockSpace {
  /** @param lengths of the blocks, such as `[selected users * width, selected items * width]` */
  constructor(
    protected readonly lengths: readonly number[],
    protected readonly operations: Operations,
    protected readonly workspace: Workspace,
  ) {}

  allocate(): BlockVector {
    return this.lengths.map((length) => this.workspace.float32(length));
  }

  dot(a: BlockVector, b: BlockVector): number {
    return a.reduce((sum, block, k) => sum + this.operations.dot(block, b[k]), 0);
  }

  axpy(alpha: number, x: BlockVector, y: BlockVector): void {
    y.forEach((block, k) => this.operations.axpy(alpha, x[k], block));
  }

  xpby(x: BlockVector, beta: number, y: BlockVector): void {
    y.forEach((block, k) => this.operations.xpby(x[k], beta, block));
  }
}
