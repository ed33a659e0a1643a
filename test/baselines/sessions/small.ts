import { fitSessionModel, type FitSessionOptions } from "recsys-unlearning/training";
import { generateInteractions, type Sessions, splitSessions, toSessions } from "recsys-unlearning/data";
import type { SessionEnsemble, SessionModel, SessionModelKind } from "recsys-unlearning/models";

/** Sessions in which the next item can be predicted. */
export const split = splitSessions(
  toSessions(generateInteractions({ userCount: 80, itemCount: 30, interactionsPerUser: 10, sessionLength: 8 })),
);

/** Trains in a second. */
export const training: Partial<FitSessionOptions["gru4rec"]> = {
  ...{ embeddingSize: 8, maxLength: 5, learningRate: 0.02, batchSize: 64, epochs: 2, seed: 3 },
};

export async function original(kind: SessionModelKind = "gru4rec", train: Sessions = split.train) {
  return (await fitSessionModel(kind, { train, valid: split.valid }, training)).model;
}

export const bytes = (model: SessionModel | SessionEnsemble) =>
  model.parameters().map(({ values }) => Buffer.from(values.slice().buffer).toString("base64"));

export const request = (forgetRows: Int32Array, train = split.train) => ({ name: "test", train, forgetRows });

/** The rows of one event of some sessions. @param position from the end, from 1 */
export function rowsOf(sessions: Sessions, chosen: readonly number[], position = 1): Int32Array {
  return Int32Array.from(chosen, (session) => sessions.row[sessions.offsets[session + 1] - position]).sort();
}
