import { generateInteractions, prefixSamples, type Sessions, toSessions } from "recsys-unlearning/data";
import { SessionModel, type SessionModelKind } from "recsys-unlearning/models";
import { refitSessionModel } from "recsys-unlearning/training";

// As large as Amazon Beauty, whose catalogue is what a step's time goes into; rows of 10, batches of 256, width 64.

export const itemCount = 12_101;
const batchSize = 256;
const steps = 8;
const rounds = 4;

/** Sessions of some 25 items, so that rows are full but for a session's first. */
export function sessions(): Sessions {
  const made = toSessions(generateInteractions({ userCount: 300, itemCount: 2000, interactionsPerUser: 25 }));
  return { ...made, itemCount };
}

/** The least time of a call, per part of it, in milliseconds. The first call is not counted. */
export async function leastOf(parts: number, work: () => Promise<unknown>): Promise<number> {
  await work();
  let best = Infinity;
  for (let round = 0; round < rounds; round++) {
    const before = performance.now();
    await work();
    best = Math.min(best, performance.now() - before);
  }
  return best / parts;
}

/** Milliseconds of one step within a training, with dropout and Adam. */
export async function trainingStepMs(kind: SessionModelKind): Promise<number> {
  const start = SessionModel.initialise(kind, itemCount);
  const all = sessions();
  const rows = prefixSamples(all).end[batchSize * steps]; // whole sessions come to some more
  const count = all.offsets.findIndex((offset) => offset > rows);
  const part = { ...all, offsets: all.offsets.slice(0, count + 1), user: all.user.slice(0, count) };
  const batches = prefixSamples(part).target.length / batchSize;
  return leastOf(batches, () => refitSessionModel(kind, part, 1, {}, start));
}
