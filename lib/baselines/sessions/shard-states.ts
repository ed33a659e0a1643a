import { Breather } from "../../core";
import { type Histories, historyCount, prefixSamples, type Sessions } from "../../data";
import type { SessionModel, SessionStates } from "../../models";

/** Histories of one forward pass. */
const blockSize = 1024;

/**
 * The states a partition compares sessions by: at the last place of each full session without its last item,
 * `[sessions, width]`.
 */
export async function sessionStatesOf(model: SessionModel, { item, offsets }: Sessions): Promise<Float32Array> {
  const histories = { item, start: offsets.slice(0, -1), end: offsets.slice(1).map((end) => end - 1) };
  const width = model.form.options.embeddingSize;
  const states = new Float32Array(historyCount(histories) * width);
  for await (const { first, values } of stateBlocks(await model.openStates(), histories))
    states.set(values, first * width);
  return states;
}

/** The mean state of all prefixes of a shard's sessions, `[width]`. */
export async function meanState(model: SessionModel, sessions: Sessions): Promise<Float32Array> {
  const width = model.form.options.embeddingSize;
  const samples = prefixSamples(sessions);
  const sum = new Float64Array(width);
  for await (const { values } of stateBlocks(await model.openStates(), samples))
    for (let k = 0; k < values.length; k++) sum[k % width] += values[k];
  return Float32Array.from(sum, (total) => total / historyCount(samples));
}

/** Part of some histories, from number `first` on. */
function blockOf({ item, start, end }: Histories, first: number, size: number): Histories {
  return { item, start: start.subarray(first, first + size), end: end.subarray(first, first + size) };
}

/**
 * States in turn, the model's parameters put on the engine once and given back in the end.
 *
 * @param open of the model or models
 */
export async function* stateBlocks(
  open: SessionStates,
  histories: Histories,
): AsyncGenerator<{ readonly first: number; readonly values: Float32Array }> {
  try {
    const breather = new Breather("reading states of sessions");
    for (let first = 0; first < historyCount(histories); first += blockSize) {
      yield { first, values: await open.of(blockOf(histories, first, blockSize)) };
      await breather.breathe();
    }
  } finally {
    open.dispose();
  }
}
