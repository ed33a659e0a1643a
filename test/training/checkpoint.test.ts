import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CancelledError, setCurrentSignal, setProgressSink } from "recsys-unlearning/core";
import { generateInteractions, ifruSplit } from "recsys-unlearning/data";
import { type Checkpoint, type Checkpoints, fit, fitMf, type MfFit } from "recsys-unlearning/training";

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

  describe("is saved", () => {
    const events: string[] = [];
    const trainee = {
      label: "a trainee",
      runEpoch: (epoch: number) => (events.push(`epoch ${epoch}`), Promise.resolve(0.5)),
      validate: () => 0.5,
      keepBest: () => undefined,
      snapshot: () => new Map([["w", Float32Array.of(1)]]),
      restore: () => undefined,
    };
    const slowly = (everyMs: number, save: () => void = () => undefined): Checkpoints => ({
      everyMs,
      load: () => Promise.resolve(null),
      save: async ({ history }) => {
        for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
        save();
        events.push(`saved ${history.length}`);
      },
    });
    const limits = { epochs: 2, patience: 5 };
    beforeEach(() => void (events.length = 0));

    it("before the next epoch begins", async () => {
      await fit(trainee, limits, slowly(0));
      expect(events).toEqual(["epoch 1", "saved 1", "epoch 2", "saved 2"]);
    });

    it("before an interrupted training ends", async () => {
      const stopped = { ...trainee, runEpoch: (epoch: number) => trainee.runEpoch(epoch).then(stopAt(epoch)) };
      const stopAt = (epoch: number) => (loss: number) => {
        if (epoch === 2) throw new CancelledError("the training");
        return loss;
      };
      await expect(fit(stopped, limits, slowly(Infinity))).rejects.toThrow(CancelledError);
      expect(events).toEqual(["epoch 1", "epoch 2", "saved 1"]);
    });

    it("or the training fails, when it cannot be", async () => {
      const full = slowly(0, () => {
        throw new Error("the disk is full");
      });
      await expect(fit(trainee, limits, full)).rejects.toThrow("the disk is full");
      expect(events).toEqual(["epoch 1"]);
    });
  });

  it("counts the seconds of every part", async () => {
    const kept = new Kept(0);
    const start = performance.now();
    const { seconds } = await fitMf(split.train, split.valid, { ...quick, epochs: 3 }, undefined, kept);
    const tookSeconds = (performance.now() - start) / 1000;
    kept.saved[2] = { ...kept.saved[2], seconds: 100 };
    expect((await fitMf(split.train, split.valid, { ...quick, epochs: 4 }, undefined, kept)).seconds).toBeGreaterThan(
      100,
    );
    expect(seconds).toBeLessThanOrEqual(tookSeconds);
  });
});
