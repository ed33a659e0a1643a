import { expect, it } from "vitest";
import { Random } from "../../lib/core";
import { generateInteractions, toSessions } from "../../lib/data";
import { tensorEngine } from "../../lib/engine";
import { classOfItem, SessionModel, sessionLogits } from "../../lib/models";
import { allPositionsObjective } from "../../lib/training/sessions/session-objectives";
import { binaryTrainee } from "./binary-loss";

const sessions = toSessions(generateInteractions({ userCount: 6, itemCount: 15, interactionsPerUser: 7 }));
const options = { embeddingSize: 4, maxLength: 5, dropoutRate: 0, paddingClass: false };
const training = { learningRate: 1e-2, batchSize: 100, seed: 3 };

it("the loss is the binary cross-entropy of each label and one random item, and it falls", async () => {
  const start = SessionModel.initialise("sasrec", sessions.itemCount, options, 3);
  const objective = allPositionsObjective(start.form, sessions);
  const chosen = Int32Array.from({ length: objective.rows }, (_, k) => k);
  Random.derive(3, "sasrec batches", 1).shuffle(chosen);
  const draws = Random.derive(3, "sasrec masks", 1);
  const { input, labels } = objective.batch(chosen, draws);
  const { form, engine, tensors, dispose } = await start.upload();
  const logits = await engine.tf.tidy(() => sessionLogits({ form, engine, tensors, input })).array();
  dispose();
  let sum = 0;
  labels.forEach((label, n) => {
    const [own, other] = [label, draws.integer(start.itemCount)].map((item) => logits[n][classOfItem(form, item)]);
    sum += (Math.log1p(Math.exp(-own)) + Math.log1p(Math.exp(other))) / 2;
  });
  const trainee = binaryTrainee(await tensorEngine(), start, objective, training);
  try {
    expect(await trainee.runEpoch(1)).toBeCloseTo(sum / labels.length, 5);
    for (let epoch = 2; epoch < 60; epoch++) await trainee.runEpoch(epoch);
    expect(await trainee.runEpoch(60)).toBeLessThan(0.8 * (sum / labels.length));
  } finally {
    trainee.dispose();
  }
});
