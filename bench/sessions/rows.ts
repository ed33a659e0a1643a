import { generateInteractions, prefixSamples, selectSamples, type Sessions, toSessions } from "recsys-unlearning/data";
import { targetRanks } from "recsys-unlearning/metrics";
import { SessionModel, type SessionModelKind } from "recsys-unlearning/models";
import { refitSessionModel } from "recsys-unlearning/training";
import type { Benchmark } from "../benchmark";
import { torchTimes } from "../engine/torch";

// As large as Amazon Beauty, whose catalogue is what a step's time goes into; rows of 10, batches of 256, width 64.

const itemCount = 12_101;
const batchSize = 256;
const steps = 8;
const rounds = 4;

/** Sessions of some 25 items, so that rows are full but for a session's first. */
function sessions(): Sessions {
  const made = toSessions(generateInteractions({ userCount: 300, itemCount: 2000, interactionsPerUser: 25 }));
  return { ...made, itemCount };
}

/** The least time of a call, per part of it, in milliseconds. The first call is not counted. */
async function leastOf(parts: number, work: () => Promise<unknown>): Promise<number> {
  await work();
  let best = Infinity;
  for (let round = 0; round < rounds; round++) {
    const before = performance.now();
    await work();
    best = Math.min(best, performance.now() - before);
  }
  return best / parts;
}

function trainingStep(kind: SessionModelKind): Benchmark {
  const name = `${kind}-step`;
  return {
    name,
    what: `one training step of ${kind} within a training: 256 prefixes of 10, width 64, 12,101 items, with dropout and Adam`,
    unit: "ms",
    async run() {
      const start = SessionModel.initialise(kind, itemCount);
      const all = sessions();
      const rows = prefixSamples(all).end[batchSize * steps]; // whole sessions come to some more
      const count = all.offsets.findIndex((offset) => offset > rows);
      const part = { ...all, offsets: all.offsets.slice(0, count + 1), user: all.user.slice(0, count) };
      const batches = prefixSamples(part).target.length / batchSize;
      const ours = await leastOf(batches, () => refitSessionModel(kind, part, 1, {}, start));
      return { ours, peers: await torchTimes(name, "sessions") };
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
    const ours = await leastOf(20, () => targetRanks(model, samples));
    return { ours, peers: await torchTimes("session-ranking", "sessions") };
  },
};
