import type { Tensor2D } from "@tensorflow/tfjs-core";
import type { PrefixSamples } from "../../data";
import { nextInput, sessionStates, type UploadedSessionModel } from "../../models";

/** States of some samples, and their gradients by the embedding that each place of each of them reads. */
export interface EmbeddedStates {
  /** `[samples, width]` */
  readonly states: Tensor2D;
  /** What the places read, `[samples x maxLength]`. */
  readonly tokens: Int32Array;
  /**
   * J' u of each sample, J the Jacobian of its state by the embeddings that it reads.
   *
   * @param along u, `[samples, width]`
   * @returns place by place, `[samples x maxLength, width]`
   */
  pullBack(along: Tensor2D): Tensor2D;
  dispose(): void;
}

/**
 * Records one pass in which every place reads a row of its own, with the values of its item: so gradients come apart by
 * sample and place, whatever the network is. Dispose of it.
 *
 * @param chosen numbers of samples
 */
export function embeddedStates(
  { form, engine, tensors }: UploadedSessionModel,
  samples: PrefixSamples,
  chosen: Int32Array,
): EmbeddedStates {
  const { tf } = engine;
  const { tokens, places } = nextInput(form, samples, chosen);
  const read = tf.tidy(() =>
    tf.gather(tensors["itemEmbedding"] as Tensor2D, tf.tensor1d(Int32Array.of(0, ...tokens), "int32")),
  );
  const own = tokens.map((token, place) => (token === 0 ? 0 : place + 1));
  const pass = { form, engine, tensors: { ...tensors, itemEmbedding: read }, input: { tokens: own, places } };
  const recording = engine.record([read], () => [sessionStates(pass)]);
  return {
    states: recording.outputs[0] as Tensor2D,
    tokens,
    pullBack: (along) => tf.tidy(() => tf.slice(recording.pullBack([along])[0] as Tensor2D, [1, 0])),
    dispose() {
      recording.dispose();
      read.dispose();
    },
  };
}
