// Trains and forgets on a small made-up dataset with the built lib; prints the hash of the parameters of each model.
// Run by `same-bytes.test.ts`.
import { createHash } from "node:crypto";
import * as lib from "../../lib/dist/index.js";

const hash = (model) => {
  const digest = createHash("sha256");
  for (const { name, shape, values } of model.parameters())
    digest.update(JSON.stringify([name, shape])).update(new Uint8Array(values.slice().buffer));
  return digest.digest("hex");
};

lib.core.redirectAnnouncements(() => {});
const interactions = lib.data.generateInteractions({ userCount: 60, itemCount: 50, interactionsPerUser: 25 });
const { train, valid, forgetRows } = lib.data.ifruSplit(interactions, { forgetFraction: 0.02 });
const common = { embeddingSize: 8, batchSize: 200, epochs: 5, seed: 7 };
const mf = await lib.training.fitMf(train, valid, common);
const prepared = await lib.ifru.ifru.prepare(mf.model, train, { retrain: (rows) => lib.training.refitMf(mf, rows) });
const request = { name: "2%", train, forgetRows };
const { update } = await lib.ifru.ifru.unlearn(mf.model, request, {}, prepared);
const lightGcn = await lib.training.fitLightGcn(train, valid, { ...common, initialDeviation: 0.1 });
const sessions = lib.data.splitSessions(lib.data.toSessions(interactions));
const gru = { embeddingSize: 8, maxLength: 5, batchSize: 64, epochs: 2, seed: 7 };
const gru4rec = await lib.training.fitSessionModel("gru4rec", sessions, gru);
const hashes = {
  mf: hash(mf.model),
  "mf, IFRU": hash(lib.training.applyUpdate(mf.model, update)),
  lightgcn: hash(lightGcn.model),
  gru4rec: hash(gru4rec.model),
};
console.log(JSON.stringify({ data: lib.data.dataHash(interactions), ...hashes }));
