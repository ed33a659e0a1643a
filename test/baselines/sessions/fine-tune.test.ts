import { beforeAll, describe, expect, it, vi } from "vitest";
import { fineTune } from "recsys-unlearning/baselines";
import { CancelledError, InvalidOptionError, redirectAnnouncements, setCurrentSignal } from "recsys-unlearning/core";
import { prefixSamples, selectSessions, withoutRows } from "recsys-unlearning/data";
import { tensorEngine } from "recsys-unlearning/engine";
import type { SessionModel } from "recsys-unlearning/models";
import { applyUpdate, refitSessionModel } from "recsys-unlearning/training";
import { bytes, original, request, rowsOf, split, training } from "./small";

const options = { epochs: 2, learningRate: 0.005, batchSize: 32, training, seed: 5 };
const chosen = [3, 8, 20];
const forgetRows = rowsOf(split.train, chosen, 2);

describe("fine-tuning", () => {
  let model: SessionModel;
  beforeAll(async () => {
    model = await original("sasrec");
  });
  const after = async (rows: Int32Array, extra: object = {}, train = split.train) =>
    applyUpdate(model, (await fineTune.unlearn(model, request(rows, train), { ...options, ...extra })).update);

  it.each(["asked", "all"] as const)(
    "goes on from the original, on %s sessions without the forgotten events",
    async (sessions) => {
      const before = bytes(model);
      const from = sessions === "all" ? split.train : selectSessions(split.train, Int32Array.from(chosen));
      const left = withoutRows(from, forgetRows);
      const told = { ...training, learningRate: 0.005, batchSize: 32, seed: 5 };
      const expected = await refitSessionModel("sasrec", left, 2, told, model);
      expect(bytes(await after(forgetRows, { sessions }))).toEqual(bytes(expected));
      expect(bytes(model)).toEqual(before);
      const { cost, diagnostics } = await fineTune.unlearn(model, request(forgetRows), { ...options, sessions });
      const samples = prefixSamples(left).target.length;
      expect(diagnostics).toEqual({ epochs: 2, samples });
      expect(cost).toMatchObject({ gradientRows: 2 * samples, rowsTouched: split.train.itemCount });
    },
  );

  it("never sees what is forgotten", async () => {
    const item = split.train.item.map((one, event) =>
      forgetRows.includes(split.train.row[event]) ? (one + 1) % 30 : one,
    );
    expect(bytes(await after(forgetRows, {}, { ...split.train, item }))).toEqual(bytes(await after(forgetRows)));
  });

  it("is the identity when nothing is to be forgotten, and where nothing is left to learn from says so", async () => {
    const said = vi.fn();
    redirectAnnouncements(said);
    for (const sessions of ["asked", "all"]) expect(await after(new Int32Array(0), { sessions })).toBe(model);
    expect(said).not.toHaveBeenCalled();
    const whole = selectSessions(split.train, Int32Array.of(3)).row.slice().sort();
    expect(await after(whole)).toBe(model);
    expect(said).toHaveBeenCalledWith(expect.stringContaining("nothing to learn from"));
    redirectAnnouncements(() => undefined);
  });

  it("refuses options it does not know, and can be interrupted without leaving tensors behind", async () => {
    await expect(after(forgetRows, { session: "all" })).rejects.toThrow(InvalidOptionError);
    await expect(after(forgetRows, { sessions: "some" })).rejects.toThrow(/"sessions" is "some"/);
    const { tf } = await tensorEngine();
    const before = tf.memory().numTensors;
    setCurrentSignal(AbortSignal.abort());
    try {
      await expect(after(forgetRows)).rejects.toThrow(CancelledError);
    } finally {
      setCurrentSignal(undefined);
    }
    expect(tf.memory().numTensors).toBe(before);
  });
});
