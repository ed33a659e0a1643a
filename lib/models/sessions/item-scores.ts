import { createWorkspace, operations, type Workspace } from "../../engine";

/** The scores of all items for some states, x W' + b, in one matrix that is used again and again. Dispose of it. */
export class ItemScores {
  private readonly room = createWorkspace();
  private readonly weight: Float32Array;
  private readonly bias: Float32Array;
  private block: { readonly room: Workspace; readonly states: Float32Array; readonly scores: Float32Array } | undefined;

  /** @param layer W `[itemCount, width]` and b `[itemCount]`; copied */
  constructor(
    private readonly itemCount: number,
    private readonly width: number,
    layer: { readonly weight: Float32Array; readonly bias: Float32Array },
  ) {
    this.weight = this.room.copyOf(layer.weight);
    this.bias = this.room.copyOf(layer.bias);
  }

  /** @param states `[rows, width]` @returns `[rows, itemCount]`, valid until the next call */
  of(states: Float32Array): Float32Array {
    const { itemCount, width } = this;
    const rows = states.length / width;
    const block = this.blockFor(rows);
    const [a, out] = [block.states.subarray(0, states.length), block.scores.subarray(0, rows * itemCount)];
    a.set(states);
    const { matMul, addToRows } = operations();
    matMul({ a, b: this.weight, out, rows, inner: width, columns: itemCount, transposeB: true });
    addToRows(out, this.bias);
    return out;
  }

  dispose(): void {
    this.block?.room.dispose();
    this.room.dispose();
  }

  private blockFor(rows: number) {
    if (this.block !== undefined && this.block.states.length >= rows * this.width) return this.block;
    this.block?.room.dispose();
    const room = createWorkspace();
    this.block = { room, states: room.float32(rows * this.width), scores: room.float32(rows * this.itemCount) };
    return this.block;
  }
}
