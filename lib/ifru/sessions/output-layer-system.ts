import type { Tensor, Tensor2D } from "@tensorflow/tfjs-core";
import type { LinearClassifier, Operations, TensorEngine, Workspace } from "../../engine";
import { BlockSpace, type BlockVector } from "../block-system";
import type { LinearSystem } from "../conjugate-gradient";
import { symmetricEigen } from "../symmetric-eigen";

/** Samples of which the matrix of samples x classes is held at a time. */
const blockSize = 256;

/** States and what they are to predict. */
export interface LabelledStates {
  /** `[samples, width]` */
  readonly states: Float32Array;
  /** Classes, `[samples]`. */
  readonly labels: Int32Array;
}

/** What stays, what goes and what comes. */
export interface OutputLayerProblem {
  /** `[classes, width]` and `[classes]`; must outlive the system. */
  readonly layer: LinearClassifier;
  /** The samples that curvature is taken from, `[samples, width]`. */
  readonly curvatureStates: Float32Array;
  /** What their curvature is multiplied by: how many samples stay, for each of them. */
  readonly factor: number;
  readonly gone: LabelledStates;
  readonly come: LabelledStates;
  /** Added to the diagonal. */
  readonly ridge: number;
}

/**
 * The influence system of an output layer whose states are fixed: softmax regression, whose Hessian Σ (diag(p) - p p')
 * ⊗ h h' is positive semidefinite and is multiplied in closed form (README, equations 12 to 14). A vector is one block
 * of `[classes, width + 1]`, biases last. Time and memory grow with the samples that curvature is taken from, not with
 * those that stay.
 */
export class OutputLayerSystem extends BlockSpace implements LinearSystem {
  /** How many Hessian-vector products have been computed. */
  products = 0;
  readonly rightHandSide: BlockVector;
  private readonly layer: Tensor2D;
  private readonly states: Tensor2D;
  private readonly shape: [classes: number, columns: number];
  private readonly axes: Tensor2D;
  private readonly inverse: Tensor2D;

  constructor(
    private readonly problem: OutputLayerProblem,
    private readonly engine: TensorEngine,
    operations: Operations,
    workspace: Workspace,
  ) {
    const { weight, bias } = problem.layer;
    const shape: [number, number] = [weight.shape[0], weight.shape[1] + 1];
    super([shape[0] * shape[1]], operations, workspace);
    const { tf } = engine;
    this.shape = shape;
    this.layer = tf.tidy(() => tf.concat([weight, tf.reshape(bias, [-1, 1])], 1) as Tensor2D);
    this.states = this.withOnes(problem.curvatureStates);
    [this.axes, this.inverse] = this.preconditioner();
    this.rightHandSide = this.allocate();
    this.rightHandSide[0].set(
      tf.tidy(() => tf.sub(this.gradient(problem.gone), this.gradient(problem.come)).dataSync<"float32">()),
    );
  }

  multiply([direction]: BlockVector, [out]: BlockVector): void {
    const { tf } = this.engine;
    this.products++;
    const product = tf.tidy(() => {
      const along = tf.tensor2d(direction, this.shape);
      const curved = this.sumOverBlocks(this.states, (h) => {
        const p = this.probabilities(h);
        const moved = tf.mul(p, tf.matMul(h, along, false, true));
        return tf.matMul(tf.sub(moved, tf.mul(p, tf.sum(moved, 1, true))), h, true);
      });
      const { factor, ridge } = this.problem;
      return tf.add(tf.mul(curved, factor), tf.mul(along, ridge)).dataSync<"float32">();
    });
    out.set(product);
  }

  precondition([residual]: BlockVector, [out]: BlockVector): void {
    const { tf } = this.engine;
    const solved = tf.tidy(() => {
      const turned = tf.matMul(tf.tensor2d(residual, this.shape), this.axes);
      return tf.matMul(tf.mul(turned, this.inverse), this.axes, false, true).dataSync<"float32">();
    });
    out.set(solved);
  }

  dispose(): void {
    this.engine.tf.dispose([this.layer, this.states, this.axes, this.inverse]);
  }

  /** Σ (p - e_label) h, `[classes, width + 1]` */
  private gradient({ states, labels }: LabelledStates): Tensor2D {
    const { tf } = this.engine;
    return this.sumOverBlocks(this.withOnes(states), (h, first) => {
      const wanted = tf.tensor1d(labels.subarray(first, first + h.shape[0]), "int32");
      return tf.sub(tf.matMul(this.probabilities(h), h, true), tf.unsortedSegmentSum(h, wanted, this.shape[0]));
    });
  }

  /**
   * The matrix as if all classes' blocks had common axes (README, equation 14): V and 1 / (factor × Σ p (1 - p) × Λ +
   * ridge), where V Λ V' is the mean of h h'.
   */
  private preconditioner(): [axes: Tensor2D, inverse: Tensor2D] {
    const { tf } = this.engine;
    const { factor, ridge } = this.problem;
    const columns = this.shape[1];
    return tf.tidy(() => {
      const weights = this.sumOverBlocks(this.states, (h) => {
        const p = this.probabilities(h);
        return tf.sum(tf.mul(p, tf.sub(1, p)), 0, true);
      });
      const moments = tf.matMul(this.states, this.states, true).dataSync();
      const { vectors, values } = symmetricEigen(Float64Array.from(moments), columns);
      const mean = Float32Array.from(values, (value) => Math.max(0, value) / Math.max(1, this.states.shape[0]));
      const along = tf.matMul(weights, tf.tensor2d(mean, [1, columns]), true);
      const inverse: Tensor2D = tf.div(1, tf.add(tf.mul(along, factor), ridge));
      return [tf.tensor2d(Float32Array.from(vectors), [columns, columns]), inverse];
    });
  }

  private probabilities(h: Tensor2D): Tensor2D {
    const { tf } = this.engine;
    return tf.softmax(tf.matMul(h, this.layer, false, true)) as Tensor2D;
  }

  /** The states with a 1 at the end of each, which biases are weights of. */
  private withOnes(states: Float32Array): Tensor2D {
    const { tf } = this.engine;
    const width = this.shape[1] - 1;
    const rows = states.length / width;
    return tf.tidy(() => tf.concat([tf.tensor2d(states, [rows, width]), tf.ones([rows, 1]) as Tensor2D], 1));
  }

  /** Σ over blocks of the rows of what is computed of each. */
  private sumOverBlocks(rows: Tensor2D, compute: (block: Tensor2D, first: number) => Tensor): Tensor2D {
    const { tf } = this.engine;
    let sum: Tensor = tf.scalar(0);
    for (let first = 0; first < rows.shape[0]; first += blockSize) {
      const size = Math.min(blockSize, rows.shape[0] - first);
      const before = sum;
      sum = tf.tidy(() => tf.add(before, compute(tf.slice(rows, [first, 0], [size, -1]), first)));
      before.dispose();
    }
    return sum as Tensor2D;
  }
}
