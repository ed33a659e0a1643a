import { CancelledError, nowMs } from "../../../core";
import type { Checkpoints } from "../../../training";
import { joined, parted } from "./outputs-file";

/**
 * Works through cases and keeps what is done, so that a killed run goes on where it was.
 *
 * @param checkpoints of the run; an epoch of theirs is a case here
 * @param outputsOf of a case, by its number
 */
export async function throughCases(
  count: number,
  checkpoints: Checkpoints | undefined,
  outputsOf: (number: number) => Promise<Float32Array>,
): Promise<Float32Array[]> {
  const known = await checkpoints?.load();
  const outputs = known ? parted(known.tensors.get("outputs")!, known.history.length) : [];
  let lastSave = nowMs();
  const save = async () => {
    if (checkpoints === undefined || outputs.length === 0) return;
    const history = outputs.map((_, k) => ({ epoch: k + 1, loss: 0, validation: 0 }));
    const nothing = { bestEpoch: 0, bestScore: 0, seconds: 0 }; // of a training; there is none here
    await checkpoints.save({ history, ...nothing, tensors: new Map([["outputs", joined(outputs)]]) });
    lastSave = nowMs();
  };
  try {
    while (outputs.length < count) {
      outputs.push(await outputsOf(outputs.length));
      if (checkpoints !== undefined && nowMs() - lastSave >= checkpoints.everyMs) await save();
    }
  } catch (error) {
    if (error instanceof CancelledError) await save();
    throw error;
  }
  return outputs;
}
