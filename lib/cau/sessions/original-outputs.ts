import type { Tensor1D } from "@tensorflow/tfjs-core";
import { type ForgetSamples, historyCount } from "../../data";
import { sessionClassifier, type SessionInput, sessionStates, type UploadedSessionModel } from "../../models";
import { type OriginalOutput, originalOutput } from "./loss-gradients";

/** The most numbers that are remembered: 256 MB of them. */
const mostRemembered = 2 ** 26;

/** What the original predicts of samples. Remembered from the first visit, where there is room: it never changes. */
export class OriginalOutputs {
  private readonly rows: (Float32Array | undefined)[];
  private readonly entropies: Float32Array;
  private readonly fits: boolean;

  /** @param original on the engine; whoever put it there disposes of it */
  constructor(
    private readonly original: UploadedSessionModel,
    samples: ForgetSamples,
  ) {
    const count = historyCount(samples);
    this.fits = count * original.form.itemCount <= mostRemembered;
    this.rows = new Array<Float32Array | undefined>(count);
    this.entropies = new Float32Array(count);
  }

  /**
   * Those of some samples, on the engine; to be called in a scope.
   *
   * @param chosen numbers of samples
   * @param input of the same samples
   * @param target their classes to forget
   */
  of(chosen: Int32Array, input: SessionInput, target: Tensor1D): OriginalOutput {
    return chosen.every((sample) => this.rows[sample] !== undefined)
      ? this.recalled(chosen)
      : this.computed(chosen, input, target);
  }

  private recalled(chosen: Int32Array): OriginalOutput {
    const { tf } = this.original.engine;
    const width = this.rows[chosen[0]]!.length;
    const shifted = new Float32Array(chosen.length * width);
    chosen.forEach((sample, k) => shifted.set(this.rows[sample]!, k * width));
    return {
      shifted: tf.tensor2d(shifted, [chosen.length, width]),
      entropy: tf.tensor1d(Float32Array.from(chosen, (sample) => this.entropies[sample])),
    };
  }

  private computed(chosen: Int32Array, input: SessionInput, target: Tensor1D): OriginalOutput {
    const { original } = this;
    const pass = { states: sessionStates({ ...original, input }), layer: sessionClassifier(original) };
    const output = originalOutput(original.engine, pass, target);
    if (this.fits) this.remember(chosen, output);
    return output;
  }

  private remember(chosen: Int32Array, { shifted, entropy }: OriginalOutput): void {
    const [values, entropies] = [shifted.dataSync<"float32">(), entropy.dataSync<"float32">()];
    const width = shifted.shape[1];
    chosen.forEach((sample, k) => {
      this.rows[sample] = values.slice(k * width, (k + 1) * width);
      this.entropies[sample] = entropies[k];
    });
  }
}
