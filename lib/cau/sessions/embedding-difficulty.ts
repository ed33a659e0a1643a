import { Breather, requireOneOf } from "../../core";
import { type ForgetSamples, historyCount } from "../../data";
import { nextInput, type SessionModel, sessionStates } from "../../models";
import { forgetBlocks } from "./forget-blocks";

const blockSize = 256;

/**
 * Embedding difficulty of each sample (README, equation 8): the inner product of the state its history leads to and the
 * embedding of the item to forget. The closer they are, the harder the item is to forget. One forward pass; of the
 * catalogue only the targets' rows are read.
 *
 * @param table whose embedding: `"output"` (default) the output layer's row, without its bias; `"input"` the one that
 *   histories are read by
 * @returns higher is harder, `[samples]`
 * @throws InvalidOptionError for a table there is not
 * @throws InvalidArgumentError for items the model does not know
 * @throws CancelledError when it is interrupted
 * @example
 * const samples = forgetSamples(sessions, sessionItemRows(sessions, 0.02, 1));
 * const difficulty = await embeddingDifficulty(gru, samples); // one number for each sample
 */
export async function embeddingDifficulty(
  model: SessionModel,
  samples: ForgetSamples,
  table: "output" | "input" = "output",
): Promise<Float64Array> {
  requireOneOf("table", table, ["output", "input"]);
  const rows = table === "output" ? model.itemRows().weight : inputRows(model);
  const difficulty = new Float64Array(historyCount(samples));
  const breather = new Breather("scoring difficulty");
  const uploaded = await model.upload();
  const { tf } = uploaded.engine;
  try {
    for (const { first, samples: block } of forgetBlocks(samples, blockSize, model.itemCount)) {
      const states = tf.tidy(() =>
        sessionStates({ ...uploaded, input: nextInput(model.form, block) }).dataSync<"float32">(),
      );
      block.target.forEach((item, k) => (difficulty[first + k] = rowProduct(states, k, rows, item, model)));
      await breather.breathe();
    }
  } finally {
    uploaded.dispose();
  }
  return difficulty;
}

/** The embeddings of items, without that of padding, `[itemCount, embeddingSize]`. */
function inputRows(model: SessionModel): Float32Array {
  const table = model.parameters().find(({ name }) => name === "itemEmbedding")!;
  return table.values.subarray(model.form.options.embeddingSize);
}

/** The inner product of row k of `a` and row n of `b`. */
function rowProduct(a: Float32Array, k: number, b: Float32Array, n: number, { form }: SessionModel): number {
  const width = form.options.embeddingSize;
  let sum = 0;
  for (let j = 0; j < width; j++) sum += a[k * width + j] * b[n * width + j];
  return sum;
}
