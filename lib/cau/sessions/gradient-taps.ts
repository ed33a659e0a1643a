import type { Scalar, Tensor, Tensor2D, Tensor3D } from "@tensorflow/tfjs-core";
import type { TensorEngine, TensorLibrary } from "../../engine";
import type { LayerTaps } from "../../models";

/**
 * Inner products of two losses' gradients, for each sample by itself: of the first with itself, of the first with the
 * second, of the second with itself, `[3, samples]`.
 */
export type PairProducts = Tensor2D;

/** What a layer read, and the losses' gradients by what it gave, `[2 samples, places, width]` each. */
interface Seen {
  readonly read: Tensor3D;
  readonly gradient: Tensor3D;
}

/**
 * Inner products of two losses' gradients by the parameters of linear layers and gains, for each sample by itself,
 * without a pass per sample (README, equations 9 to 11). The one pass goes over all samples twice: the first half of
 * its rows stands for the first loss, the second half for the second. It holds tensors: dispose of it.
 */
export class GradientTaps implements LayerTaps {
  /** Always 0: a gradient by it leads the backward pass through every tapped layer, and through nothing else. */
  readonly root: Scalar;
  private readonly tf: TensorLibrary;
  private readonly kept: Tensor[] = [];
  private readonly linears = new Map<string, Seen[]>();
  private readonly scales = new Map<string, Seen[]>();

  /** @param samples how many there are; a pass has twice as many rows */
  constructor(
    { tf }: TensorEngine,
    private readonly samples: number,
  ) {
    this.tf = tf;
    this.root = this.keep(tf.scalar(0));
  }

  linear(name: string, x: Tensor2D, y: Tensor2D, order: "rows" | "steps" = "rows"): Tensor2D {
    return this.tap(this.linears, name, x, y, order);
  }

  scale(name: string, x: Tensor2D, y: Tensor2D): Tensor2D {
    return this.tap(this.scales, name, x, y, "rows");
  }

  /** Over all layers that were tapped, after the backward pass. */
  products(): PairProducts {
    return this.tf.tidy(() =>
      this.tf.addN([
        this.tf.zeros([3, this.samples]),
        ...[...this.linears.values()].map((seen) => this.linearProducts(seen)),
        ...[...this.scales.values()].map((seen) => this.scaleProducts(seen)),
      ]),
    );
  }

  dispose(): void {
    this.tf.dispose(this.kept);
  }

  /** Passes y on and notes the gradient that comes back. */
  private tap(layers: Map<string, Seen[]>, name: string, x: Tensor2D, y: Tensor2D, order: "rows" | "steps"): Tensor2D {
    const read = this.keep(this.bySample(x, order));
    const watched = this.tf.customGrad((sums, root) => ({
      value: (sums as Tensor2D).clone(),
      gradFunc: (dy: Tensor2D) => {
        const gradient = this.keep(this.bySample(dy, order));
        layers.set(name, [...(layers.get(name) ?? []), { read, gradient }]);
        return [dy.clone(), this.tf.zerosLike(root as Tensor)];
      },
    }));
    return watched(y, this.root);
  }

  /** `[2 samples, places, width]` */
  private bySample(x: Tensor2D, order: "rows" | "steps"): Tensor3D {
    const [rows, width] = [2 * this.samples, x.shape[1]];
    return order === "rows"
      ? this.tf.reshape(x, [rows, -1, width])
      : this.tf.transpose(this.tf.reshape(x, [-1, rows, width]) as Tensor3D, [1, 0, 2]);
  }

  /**
   * Of the weights, whose gradient is the sum over places of x ⊗ dy, and of the bias, as if another input were
   * always 1.
   */
  private linearProducts(seen: readonly Seen[]): PairProducts {
    const { tf } = this;
    const joined = (part: keyof Seen) =>
      tf.concat(
        seen.map((step) => step[part]),
        1,
      );
    const [read] = tf.split(joined("read"), 2);
    const alike = tf.add(tf.matMul(read, read, false, true), 1);
    return pairProducts(tf, joined("gradient"), (a, b) => tf.sum(tf.mul(alike, tf.matMul(a, b, false, true)), [1, 2]));
  }

  /** Of gains, whose gradient is the sum over places of x dy, and of biases. */
  private scaleProducts(seen: readonly Seen[]): PairProducts {
    const { tf } = this;
    const sums = seen.map(({ read, gradient }) =>
      tf.concat([tf.sum(tf.mul(read, gradient), 1), tf.sum(gradient, 1)], 1),
    );
    return explicitProducts(tf, tf.addN(sums));
  }

  private keep<T extends Tensor>(x: T): T {
    const kept = this.tf.keep(x.clone());
    this.kept.push(kept);
    return kept;
  }
}

/** Products of gradients that are spelt out. @param gradients the first loss's above the second's, `[2 samples, …]` */
export function explicitProducts(tf: TensorLibrary, gradients: Tensor): PairProducts {
  const flat = tf.reshape(gradients, [gradients.shape[0], -1]);
  return pairProducts(tf, flat, (a, b) => tf.sum(tf.mul(a, b), 1));
}

/** @param product of what belongs to one loss with what belongs to another, `[samples]` */
export function pairProducts(
  tf: TensorLibrary,
  ofBoth: Tensor,
  product: (a: Tensor, b: Tensor) => Tensor,
): PairProducts {
  const [first, second] = tf.split(ofBoth, 2);
  return tf.stack([product(first, first), product(first, second), product(second, second)]) as PairProducts;
}
