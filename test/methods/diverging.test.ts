// Steps far too long end in an error that says so; a model that is not finite is never given out.
import { beforeAll, describe, expect, test } from "vitest";
import { fineTune, gradientAscent, scif } from "../../lib/baselines";
import { cau, cauMf, sessionGradientAscent } from "../../lib/cau";
import { NumericalError } from "../../lib/core";
import { forgetSamples, generateInteractions, ifruSplit, sessionDataset, userRows } from "../../lib/data";
import type { Mf, SessionModel } from "../../lib/models";
import { applyUpdate, fitMf, fitNeuralMf, fitSessionModel } from "../../lib/training";

const interactions = generateInteractions({ userCount: 60, itemCount: 40, interactionsPerUser: 20 });
const { train, valid } = ifruSplit(interactions, { forgetFraction: 0 });
const sessions = sessionDataset({ name: "generated", interactions, dataHash: "0" }, { minRating: 0 });
const learningRate = 1e38;

let mf: Mf;
let gru: SessionModel;
beforeAll(async () => {
  mf = (await fitMf(train, valid, { epochs: 2, embeddingSize: 4 })).model;
  gru = (await fitSessionModel("gru4rec", sessions, { epochs: 1, embeddingSize: 4 })).model;
});

describe("steps of 1e38 are refused by name", () => {
  const ratings = () => ({ name: "x", train, forgetRows: userRows(train, 0) });
  const events = () => {
    const forgetRows = sessions.train.row.slice(1, 4).sort();
    return { name: "x", train: sessions.train, forgetRows, samples: forgetSamples(sessions.train, forgetRows) };
  };
  const few = { epochs: 2, learningRate, validation: sessions.valid };
  const methods = {
    "training of neural MF": () => fitNeuralMf(train, valid, { epochs: 2, embeddingSize: 4, learningRate }),
    "training of GRU4Rec": () => fitSessionModel("gru4rec", sessions, { epochs: 2, embeddingSize: 4, learningRate }),
    "gradient ascent": async () => {
      const { update } = await gradientAscent.unlearn(mf, ratings(), { lossRise: 1e30, learningRate });
      return applyUpdate(mf, update);
    },
    scif: async () =>
      applyUpdate(
        mf,
        (await scif.unlearn(mf, ratings(), { mode: "paper", stepSize: learningRate, validation: valid })).update,
      ),
    cauMf: async () => applyUpdate(mf, (await cauMf.unlearn(mf, ratings(), { learningRate })).update),
    "CAU in paper mode": () => cau.unlearn(gru, events(), { ...few, mode: "paper" }),
    CAU: () => cau.unlearn(gru, events(), few),
    "gradient ascent on sessions": () => sessionGradientAscent.unlearn(gru, events(), few),
    "fine-tuning": () => fineTune.unlearn(gru, events(), { epochs: 2, learningRate }),
  };
  test.each(Object.entries(methods))("%s", async (_name, work) => {
    const outcome: unknown = await work().catch((thrown: unknown) => thrown);
    expect(outcome).toBeInstanceOf(NumericalError);
  });
});
