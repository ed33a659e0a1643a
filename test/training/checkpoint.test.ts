import { afterEach, describe, expect, it } from "vitest";
import { CancelledError, setCurrentSignal, setProgressSink } from "recsys-unlearning/core";
import { generateInteractions, ifruSplit } from "recsys-unlearning/data";
import { type Checkpoint, type Checkpoints, fitMf, type MfFit } from "recsys-unlearning/training";

const split = ifruSplit(generateInteractions({ userCount: 80, itemCount: 60, interactionsPerUser: 30 }));

/** Checkpoints kept in memory. */
class Kept implements Checkpoints {
  saved: Checkpoint[] = [];
  constructor(readonly everyMs: number) {}
  load = async () => this.saved.at(-1) ?? null;
  save = async (checkpoint: Checkpoint) => void this.saved.push(structuredClone(checkpoint));
}

const quick = { embeddingSize: 8, batchSize: 32, learningRate: 0.01, initialDeviation: 0.1, epochs: 40, patience: 6 };

/** What two trainings have in common when their results are the same. */
function untimed(fit: MfFit): MfFit {
  return { ...fit, seconds: 0 };
}

afterEach(() => {
  setCurrentSignal(undefined);
  setProgressSink(undefined);
});

/** Interrupts the training at its next breath once it has reached an epoch. */
function interruptAt(epoch: number): void {
  const controller = new AbortController();
  setCurrentSignal(controller.signal);
  setProgressSink(({ done }) => {
    if (done >= epoch) controller.abort();
  });
}

describe.each(["adam", "lazy-adam"] as const)("a training with %s", (optimizer) => {
  const options = { ...quick, optimizer };

  it("that went on from any epoch ends with the same bytes as one that never stopped", async () => {
    const whole = new Kept(0);
    const expected = untimed(await fitMf(split.train, split.valid, options, undefined, whole));
    expect(whole.saved).toHaveLength(expected.epochs);
    for (const stop of [1, 2, Math.floor(expected.epochs / 2), expected.epochs - 1, expected.epochs]) {
      const part = new Kept(Infinity);
      part.saved.push(whole.saved[stop - 1]);
      expect(untimed(await fitMf(split.train, split.valid, options, undefined, part))).toEqual(expected);
    }
  });

  it("that is interrupted saves its last whole epoch, and goes on from it", async () => {
    const endless = { ...options, epochs: 5000, patience: 5000 };
    const kept = new Kept(Infinity);
    interruptAt(1);
    await expect(fitMf(split.train, split.valid, endless, undefined, kept)).rejects.toThrow(CancelledError);
    setCurrentSignal(undefined);
    expect(kept.saved).toHaveLength(1);
    const longer = { ...endless, epochs: kept.saved[0].history.length + 3 };
    const resumed = await fitMf(split.train, split.valid, longer, undefined, kept);
    expect(untimed(resumed)).toEqual(untimed(await fitMf(split.train, split.valid, longer)));
  });
});

describe("a checkpoint", () => {
  it("that lacks something is refused by name", async () => {
    const kept = new Kept(0);
    await fitMf(split.train, split.valid, { ...quick, epochs: 1 }, undefined, kept);
    kept.saved[0] = { ...kept.saved[0], tensors: new Map([["embeddings", kept.saved[0].tensors.get("embeddings")!]]) };
    await expect(fitMf(split.train, split.valid, quick, undefined, kept)).rejects.toThrow(/no "best embeddings"/);
  });

  it("counts the seconds of every part", async () => {
    const kept = new Kept(0);
    const { seconds } = await fitMf(split.train, split.valid, { ...quick, epochs: 3 }, undefined, kept);
    kept.saved[2] = { ...kept.saved[2], seconds: 100 };
    expect((await fitMf(split.train, split.valid, { ...quick, epochs: 4 }, undefined, kept)).seconds).toBeGreaterThan(
      100,
    );
    expect(seconds).toBeLessThan(50);
  });
});
