import type { Tensor } from "@tensorflow/tfjs-core";
import type { Random } from "../../core";
import type { TensorLibrary } from "../../engine";

/**
 * Sets random elements to zero and scales up the others, by masks from a generator of its own (Marsaglia's xorshift32),
 * so that equal seeds give equal masks on every engine.
 */
export class Dropout {
  private state: number;

  /** @param random gives the seed of the masks */
  constructor(
    private readonly tf: TensorLibrary,
    random: Random,
  ) {
    this.state = random.integer(2 ** 31 - 1) + 1;
  }

  /** @param rate share of zeros, in [0, 1) */
  apply<T extends Tensor>(x: T, rate: number): T {
    if (rate === 0) return x;
    const mask = this.fill(new Float32Array(x.size), rate);
    return this.tf.mul(x, this.tf.tensor(mask, x.shape));
  }

  private fill(mask: Float32Array, rate: number): Float32Array {
    const least = Math.round(rate * 2 ** 32);
    const kept = 1 / (1 - rate);
    let state = this.state;
    for (let k = 0; k < mask.length; k++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      mask[k] = state >>> 0 < least ? 0 : kept;
    }
    this.state = state;
    return mask;
  }
}

/** Dropout that may be absent. */
export function dropped<T extends Tensor>(dropout: Dropout | undefined, x: T, rate: number): T {
  return dropout === undefined ? x : dropout.apply(x, rate);
}
