import { prefixSamples, selectSamples } from "recsys-unlearning/data";
import { targetRanks } from "recsys-unlearning/metrics";
import { SessionModel, type SessionModelKind } from "recsys-unlearning/models";
import type { Benchmark } from "../benchmark";
import { torchTimes } from "../engine/torch";
import { watchMemory } from "../memory";
import { itemCount, leastOf, sessions, trainingStepMs } from "./training";

export { gru4recTraining } from "./whole-training";
export { gru4recTwoAtOnce, sasrecTwoAtOnce } from "./two-at-once";

function trainingStep(kind: SessionModelKind): Benchmark {
  const name = `${kind}-step`;
  return {
    name,
    what: `one training step of ${kind} within a training: 256 prefixes of 10, width 64, 12,101 items, with dropout and Adam`,
    unit: "ms",
    async run() {
      const { value: ours, megabytes } = await watchMemory(() => trainingStepMs(kind));
      return { ours, megabytes, ...(await torchTimes(name, "sessions")) };
    },
  };
}

export const gru4recStep = trainingStep("gru4rec");
export const sasrecStep = trainingStep("sasrec");
export const bert4recStep = trainingStep("bert4rec");

export const sessionRanking: Benchmark = {
  name: "session-ranking",
  what: "ranking 5,120 targets of GRU4Rec among 12,101 items, per 256; PyTorch: states, product and the 50 best",
  unit: "ms",
  async run() {
    const model = SessionModel.initialise("gru4rec", itemCount);
    const samples = selectSamples(
      prefixSamples(sessions()),
      Int32Array.from({ length: 5120 }, (_, k) => k),
    );
    const { value: ours, megabytes } = await watchMemory(() => leastOf(20, () => targetRanks(model, samples)));
    return { ours, megabytes, ...(await torchTimes("session-ranking", "sessions")) };
  },
};
