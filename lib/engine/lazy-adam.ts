import {
  type AdamOptions,
  adamStep,
  type Optimizer,
  type OptimizerState,
  resolveAdamOptions,
  snapshotOf,
} from "./adam";
import { operations } from "./engine";
import type { AdamState } from "./operations";
import type { Workspace } from "./workspace";

/**
 * Adam that visits only the rows a batch touches and gives the same parameters as dense Adam, to 1e-5.
 *
 * A row whose gradient stays zero from step t on still moves by its momentum: at step s = t + j its element moves by
 * c_s m / (sqrt(v) + e_s), with c_s = learningRate (beta1 / sqrt(beta2))^j sqrt(1 - beta2^s) / (1 - beta1^s) and e_s =
 * epsilon sqrt(1 - beta2^s) / beta2^(j/2), where m and v are those of step t. The e_s hardly differ over the few steps
 * that matter (beta1^j dies off), so the sum of these moves is c m / (sqrt(v) + e) with c the sum of the c_s and e
 * their mean weighted by c_s; what is left out is of second order in the spread of the e_s. In the first 0.5 / (1 -
 * beta2) steps the e_s still grow fast, so those steps are dense.
 */
export class LazyAdam implements Optimizer {
  readonly wantsRows = true;
  private readonly state: AdamState;
  private readonly options: AdamOptions;
  private readonly moves: MomentumMoves;
  private readonly denseSteps: number;
  /** The step each row is current with, `[rows]`. */
  private readonly current: Int32Array;
  private readonly everyRow: Int32Array;
  private readonly scratch: { readonly rows: Int32Array; readonly coefficients: Float32Array };
  private steps = 0;

  /**
   * @param parameters row-major `[rows, width]`, moved in place; an array of `workspace`
   * @param width the number of columns
   */
  constructor(
    workspace: Workspace,
    parameters: Float32Array,
    private readonly width: number,
    options?: Partial<AdamOptions>,
  ) {
    this.options = resolveAdamOptions(options);
    this.moves = new MomentumMoves(this.options);
    this.denseSteps = 0.5 / (1 - this.options.beta2);
    const [gradient, firstMoment, secondMoment] = [0, 0, 0].map(() => workspace.float32(parameters.length));
    this.state = { parameters, gradient, firstMoment, secondMoment };
    const rows = parameters.length / width;
    this.current = new Int32Array(rows);
    this.everyRow = Int32Array.from({ length: rows }, (_, row) => row);
    this.scratch = { rows: workspace.int32(rows), coefficients: workspace.float32(4 * rows) };
  }

  get gradient(): Float32Array {
    return this.state.gradient;
  }

  beforeBatch(rows: Int32Array): void {
    if (this.steps < this.denseSteps) return;
    const { rows: behind, coefficients } = this.scratch;
    let count = 0;
    for (const row of rows) {
      if (this.current[row] === this.steps) continue;
      this.moves.coefficients(this.current[row], this.steps, coefficients, 4 * count);
      this.current[row] = this.steps;
      behind[count++] = row;
    }
    operations().adamCatchUp(this.state, this.width, behind.subarray(0, count), coefficients.subarray(0, 4 * count));
  }

  step(rows: Int32Array): void {
    const step = adamStep(this.options, ++this.steps);
    if (this.steps <= this.denseSteps) {
      operations().adam(this.state, step);
      this.current.fill(this.steps);
    } else {
      const touched = this.scratch.rows.subarray(0, rows.length);
      touched.set(rows);
      operations().adamRows(this.state, this.width, touched, step);
      for (const row of rows) this.current[row] = this.steps;
      this.moves.extendTo(this.steps);
    }
  }

  settle(): void {
    this.beforeBatch(this.everyRow);
  }

  snapshot(): OptimizerState {
    return snapshotOf(this.state, this.steps);
  }

  restore(state: OptimizerState): void {
    this.steps = state.steps;
    this.state.firstMoment.set(state.firstMoment);
    this.state.secondMoment.set(state.secondMoment);
    this.current.fill(this.steps); // a snapshot is taken when every row is current
    this.moves.extendTo(this.steps);
  }
}

/** How far beta1^j is followed: what comes later is below 1e-12 of the whole. */
const negligible = 1e-12;

/**
 * The sums over steps that `LazyAdam` needs, for every starting step t up to the present step n: c = sum of c_s and
 * ce = sum of c_s e_s, over s = t + 1 … n. Each follows from that of t + 1, so a new step costs one backward pass over
 * the starting steps whose sums still change.
 */
class MomentumMoves {
  /** By step s: c_s and c_s e_s as if j were 0. */
  private readonly stepMove: number[] = [];
  private readonly stepSpread: number[] = [];
  /** By starting step t: c and ce. */
  private readonly c: number[] = [];
  private readonly ce: number[] = [];
  private readonly window: number;
  private readonly ratio: number;

  constructor(private readonly options: AdamOptions) {
    this.ratio = options.beta1 / Math.sqrt(options.beta2);
    this.window = this.ratio < 1 ? Math.ceil(Math.log(negligible) / Math.log(this.ratio)) : Infinity;
  }

  /** Takes the steps up to `step` into the sums. */
  extendTo(step: number): void {
    const { learningRate, beta1, beta2, epsilon } = this.options;
    for (let s = this.c.length; s <= step; s++) {
      const correction = Math.sqrt(1 - beta2 ** s);
      this.stepMove[s] = (learningRate * correction) / (1 - beta1 ** s);
      this.stepSpread[s] = this.stepMove[s] * epsilon * correction;
      this.c[s] = 0;
      this.ce[s] = 0;
    }
    const spreadRatio = this.ratio / Math.sqrt(beta2);
    for (let t = step - 1; t >= Math.max(0, step - this.window); t--) {
      this.c[t] = this.ratio * (this.stepMove[t + 1] + this.c[t + 1]);
      this.ce[t] = spreadRatio * (this.stepSpread[t + 1] + this.ce[t + 1]);
    }
  }

  /** Writes c, e, decay1 and decay2 for a row that is current with step `from` and is to be current with step `to`. */
  coefficients(from: number, to: number, target: Float32Array, at: number): void {
    const c = this.c[from];
    target[at] = c;
    target[at + 1] = c > 0 ? this.ce[from] / c : this.options.epsilon;
    target[at + 2] = this.options.beta1 ** (to - from);
    target[at + 3] = this.options.beta2 ** (to - from);
  }
}
