import type { Tensor1D, Tensor2D, Tensor3D } from "@tensorflow/tfjs-core";
import type { Breather } from "../../core";
import { historyCount, type PrefixSamples } from "../../data";
import type { LinearClassifier, Operations, TensorEngine, Workspace } from "../../engine";
import { classOfItem, sessionClassifier, type UploadedSessionModel } from "../../models";
import { BlockSpace, type BlockVector } from "../block-system";
import type { LinearSystem } from "../conjugate-gradient";
import { embeddedStates } from "./embedded-states";
import { curvatureFactors } from "./softmax-curvature";
import { blockOfSamples, blockSize, logitsOf, type StepTerms } from "./step-terms";

/** What stays, what goes and what comes, and which embeddings may move. */
export interface EmbeddingProblem {
  /** Must outlive the system. */
  readonly model: UploadedSessionModel;
  /** The items whose embeddings may move. */
  readonly items: Int32Array;
  /** The samples that curvature is taken from. */
  readonly staying: PrefixSamples;
  /** What their curvature is multiplied by: how many samples stay, for each of them. */
  readonly factor: number;
  readonly gone: PrefixSamples;
  readonly come: PrefixSamples;
  /** The output layer after its own step. */
  readonly movedLayer: LinearClassifier;
  /** Added to the diagonal, until `damp` takes another. */
  readonly ridge: number;
}

/** Gradients of some samples that stay: G is the sum of their outer products. */
interface FactorBlock {
  /** Rows of a vector that the places read; behind its end where the item may not move. `[samples x maxLength]` */
  readonly rows: Tensor1D;
  /** L' J of each sample, `[samples, width, maxLength x width]`. */
  readonly factors: Tensor3D;
}

/**
 * The influence system of item embeddings, the output layer fixed (README, equations 14a to 14c): the Gauss-Newton
 * matrix Σ J' W' (diag(p) - p p') W J, J the Jacobian of a sample's state by the embeddings it reads, taken through the
 * whole network. It is positive semidefinite whatever the network is. A vector is one block of `[items, width]`.
 *
 * L' J is computed once (L L' = W' (diag(p) - p p') W) and held: samples x width² x maxLength numbers. A product takes
 * twice as many multiplications.
 */
export class EmbeddingSystem extends BlockSpace implements LinearSystem {
  /** How many products have been computed. */
  products = 0;
  /** Of what goes less what comes, g_E: the right-hand side but for what the output layer's step has done. */
  readonly gradient: BlockVector;
  readonly rightHandSide: BlockVector;
  private ridge: number;
  private inverse: Tensor2D;

  private constructor(
    private readonly problem: EmbeddingProblem,
    private readonly blocks: readonly FactorBlock[],
    private readonly shape: [items: number, width: number],
    sums: { readonly gradient: Float32Array; readonly rightHandSide: Float32Array },
    operations: Operations,
    workspace: Workspace,
  ) {
    super([shape[0] * shape[1]], operations, workspace);
    this.ridge = problem.ridge;
    this.inverse = this.preconditioner();
    [this.gradient, this.rightHandSide] = [this.allocate(), this.allocate()];
    this.gradient[0].set(sums.gradient);
    this.rightHandSide[0].set(sums.rightHandSide);
  }

  /** @throws CancelledError when it is interrupted */
  static async of(
    problem: EmbeddingProblem,
    operations: Operations,
    workspace: Workspace,
    breather: Breather,
  ): Promise<EmbeddingSystem> {
    const gradients = new EmbeddingGradients(problem);
    const shape: [number, number] = [problem.items.length, problem.model.form.options.embeddingSize];
    const blocks: FactorBlock[] = [];
    try {
      for (const [samples, sign] of [
        [problem.gone, 1],
        [problem.come, -1],
      ] as const)
        // prettier-ignore
        for (let first = 0; first < historyCount(samples); first += blockSize) {
          gradients.addLoss(samples, first, sign);
          await breather.breathe();
        }
      const gradient = gradients.sum.slice();
      for (let first = 0; first < historyCount(problem.staying); first += blockSize) {
        blocks.push(gradients.curvature(first));
        await breather.breathe();
      }
      const sums = { gradient, rightHandSide: gradients.sum };
      return new EmbeddingSystem(problem, blocks, shape, sums, operations, workspace);
    } catch (error) {
      disposeOf(problem.model.engine, blocks);
      throw error;
    }
  }

  /** Adds another number to the diagonal from now on. */
  damp(ridge: number): void {
    this.ridge = ridge;
    this.inverse.dispose();
    this.inverse = this.preconditioner();
  }

  /** What the samples that curvature is taken from, each counted once, say of a step. */
  seen(direction: BlockVector): StepTerms {
    const { factor } = this.problem;
    const product = this.allocate();
    this.multiply(direction, product);
    const curved = this.dot(direction, product) - this.ridge * this.dot(direction, direction);
    const done = this.dot(direction, this.gradient) - this.dot(direction, this.rightHandSide);
    return { curved: curved / factor, done: done / factor };
  }

  multiply([direction]: BlockVector, [out]: BlockVector): void {
    const { tf } = this.engine;
    this.products++;
    const product = tf.tidy(() => {
      const along = tf.tensor2d(direction, this.shape);
      const table = tf.concat([along, tf.zeros([1, this.shape[1]]) as Tensor2D], 0);
      const curved = this.sumOverBlocks(({ rows, factors }) => {
        const read = tf.reshape(tf.gather(table, rows), [factors.shape[0], factors.shape[2], 1]);
        return tf.matMul(factors, tf.matMul(factors, read), true);
      });
      return tf.add(tf.mul(curved, this.problem.factor), tf.mul(along, this.ridge)).dataSync<"float32">();
    });
    out.set(product);
  }

  precondition([residual]: BlockVector, [out]: BlockVector): void {
    const { tf } = this.engine;
    out.set(tf.tidy(() => tf.mul(tf.tensor2d(residual, this.shape), this.inverse).dataSync<"float32">()));
  }

  dispose(): void {
    disposeOf(this.engine, this.blocks);
    this.inverse.dispose();
  }

  private get engine(): TensorEngine {
    return this.problem.model.engine;
  }

  /** One over the diagonal. */
  private preconditioner(): Tensor2D {
    const { tf } = this.engine;
    return tf.tidy(() => {
      const diagonal = this.sumOverBlocks(({ factors }) => tf.sum(tf.square(factors), 1) as Tensor2D);
      return tf.div(1, tf.add(tf.mul(diagonal, this.problem.factor), this.ridge));
    });
  }

  /** Σ over blocks, by item, of what is computed at each place, `[items, width]`. */
  private sumOverBlocks(compute: (block: FactorBlock) => Tensor2D | Tensor3D): Tensor2D {
    const { tf } = this.engine;
    const [items, width] = this.shape;
    let sum = tf.zeros(this.shape) as Tensor2D;
    for (const block of this.blocks) {
      const before = sum;
      sum = tf.tidy(() => tf.add(before, atItems(tf, tf.reshape(compute(block), [-1, width]), block.rows, items)));
      before.dispose();
    }
    return sum;
  }
}

/** Passes through the network that the system is made of. */
class EmbeddingGradients {
  /** The right-hand side as far as it has been computed, `[items, width]`. */
  readonly sum: Float32Array;
  private readonly rowOf: Int32Array;
  private readonly layer: LinearClassifier;

  constructor(private readonly problem: EmbeddingProblem) {
    const { items, model } = problem;
    this.layer = sessionClassifier(model);
    this.sum = new Float32Array(items.length * model.form.options.embeddingSize);
    this.rowOf = new Int32Array(model.form.itemCount + 2).fill(items.length); // by token: padding and masks are none
    items.forEach((item, row) => (this.rowOf[item + 1] = row));
  }

  /** Adds the gradient of a block's loss, J' W' (p - e). */
  addLoss(samples: PrefixSamples, first: number, sign: 1 | -1): void {
    const { form, engine } = this.problem.model;
    const { tf } = engine;
    const chosen = blockOfSamples(samples, first);
    const classes = chosen.map((sample) => classOfItem(form, samples.target[sample]));
    const pass = embeddedStates(this.problem.model, samples, chosen);
    tf.tidy(() => {
      const wanted = tf.gather(this.layer.weight, tf.tensor1d(classes, "int32"));
      const p = tf.softmax(logitsOf(tf, this.layer, pass.states)) as Tensor2D;
      const mean = tf.matMul(p, this.layer.weight);
      this.add(pass.pullBack(tf.sub(mean, wanted)), tf.tensor1d(this.rowsOf(pass.tokens), "int32"), sign);
    });
    pass.dispose();
  }

  /** A block's part of the matrix; takes what the output layer's step did to its loss off the right-hand side. */
  curvature(first: number): FactorBlock {
    const { model, staying, factor } = this.problem;
    const { tf } = model.engine;
    const { weight } = this.layer;
    const pass = embeddedStates(model, staying, blockOfSamples(staying, first));
    const block = tf.tidy(() => {
      const logits = logitsOf(tf, this.layer, pass.states);
      const p = tf.softmax(logits) as Tensor2D;
      const rows = tf.tensor1d(this.rowsOf(pass.tokens), "int32");
      const shift = tf.mul(p, tf.sub(logitsOf(tf, this.problem.movedLayer, pass.states), logits));
      const spread = tf.sub(shift, tf.mul(p, tf.sum(shift, 1, true))) as Tensor2D;
      this.add(pass.pullBack(tf.matMul(spread, weight)), rows, -factor);
      const [samples, width] = pass.states.shape;
      const lower = tf.tensor3d(curvatureFactors(model.engine, weight, p), [samples, width, width]);
      const ofEach = tf.unstack(lower, 1).map((along) => tf.reshape(pass.pullBack(along as Tensor2D), [samples, -1]));
      return { rows, factors: tf.stack(ofEach, 1) as Tensor3D };
    });
    pass.dispose();
    return block;
  }

  private rowsOf(tokens: Int32Array): Int32Array {
    return tokens.map((token) => this.rowOf[token]);
  }

  private add(values: Tensor2D, rows: Tensor1D, weight: number): void {
    const { tf } = this.problem.model.engine;
    const added = atItems(tf, values, rows, this.problem.items.length).dataSync();
    for (let k = 0; k < added.length; k++) this.sum[k] += weight * added[k];
  }
}

function disposeOf({ tf }: TensorEngine, blocks: readonly FactorBlock[]): void {
  tf.dispose(blocks.flatMap(({ rows, factors }) => [rows, factors]));
}

/** Σ by row of a vector; what is behind its end is left out. */
function atItems(tf: TensorEngine["tf"], values: Tensor2D, rows: Tensor1D, items: number): Tensor2D {
  return tf.slice(tf.unsortedSegmentSum(values, rows, items + 1) as Tensor2D, [0, 0], [items, -1]);
}
