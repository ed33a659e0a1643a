import { numberOption, optionList, type OptionsOf } from "../core";
import { operations } from "./engine";
import type { AdamState, AdamStep } from "./operations";
import type { Workspace } from "./workspace";

/** Adam's numbers (Kingma and Ba, algorithm 1). */
const adamOptions = optionList("adam", {
  learningRate: numberOption("The step size.", 1e-3, { above: 0 }),
  beta1: numberOption("How much of the first moment each step keeps.", 0.9, { min: 0, max: 0.999999 }),
  beta2: numberOption("How much of the second moment each step keeps.", 0.999, { min: 0, max: 0.999999 }),
  epsilon: numberOption("Added to the root of the corrected second moment.", 1e-8, { above: 0 }),
});

/** Options of `Adam` and its kin. */
export interface AdamOptions extends OptionsOf<typeof adamOptions.fields> {}

/** @throws InvalidOptionError for an unknown option or a number out of range */
export function resolveAdamOptions(options?: Partial<AdamOptions>): AdamOptions {
  return adamOptions.resolve(options);
}

/** Step number `step` (from 1) with the bias corrections folded in. */
export function adamStep({ learningRate, beta1, beta2, epsilon }: AdamOptions, step: number): AdamStep {
  const stepSize = learningRate / (1 - beta1 ** step);
  const rootScale = 1 / Math.sqrt(1 - beta2 ** step);
  return { stepSize, rootScale, beta1, beta2, epsilon };
}

/** What an optimiser remembers between steps. */
export interface OptimizerState {
  readonly steps: number;
  /** `[rows, width]` */
  readonly firstMoment: Float32Array;
  /** `[rows, width]` */
  readonly secondMoment: Float32Array;
}

/** What moves a matrix of parameters along gradients, row by row or all at once. */
export interface Optimizer {
  /** Where a batch adds its gradient, `[rows, width]`; left zero by `step`. */
  readonly gradient: Float32Array;
  /** Whether it wants to know which rows a batch touches; if not, `rows` below may be empty. */
  readonly wantsRows: boolean;
  /** Makes the rows a batch is about to read current. `rows`: none twice. */
  beforeBatch(rows: Int32Array): void;
  /** Applies `gradient`, which is zero outside `rows`. */
  step(rows: Int32Array): void;
  /** Makes every row current, so that the parameters can be read. */
  settle(): void;
  /** A copy of what it remembers. Call after `settle`. */
  snapshot(): OptimizerState;
  /** Continues from a snapshot, to the bit. */
  restore(state: OptimizerState): void;
}

/** Adam that moves every parameter at every step, as the papers' code does. */
export class Adam implements Optimizer {
  readonly wantsRows = false;
  private readonly state: AdamState;
  private readonly options: AdamOptions;
  private steps = 0;

  /** @param parameters moved in place; an array of `workspace` */
  constructor(workspace: Workspace, parameters: Float32Array, options?: Partial<AdamOptions>) {
    this.options = resolveAdamOptions(options);
    const [gradient, firstMoment, secondMoment] = [0, 0, 0].map(() => workspace.float32(parameters.length));
    this.state = { parameters, gradient, firstMoment, secondMoment };
  }

  get gradient(): Float32Array {
    return this.state.gradient;
  }

  beforeBatch(): void {}

  step(): void {
    operations().adam(this.state, adamStep(this.options, ++this.steps));
  }

  settle(): void {}

  snapshot(): OptimizerState {
    return snapshotOf(this.state, this.steps);
  }

  restore(state: OptimizerState): void {
    this.steps = state.steps;
    this.state.firstMoment.set(state.firstMoment);
    this.state.secondMoment.set(state.secondMoment);
  }
}

export function snapshotOf({ firstMoment, secondMoment }: AdamState, steps: number): OptimizerState {
  return { steps, firstMoment: Float32Array.from(firstMoment), secondMoment: Float32Array.from(secondMoment) };
}
