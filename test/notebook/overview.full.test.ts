// What MovieLens-100K, and what is made of it, shows of itself.
import { expect, it } from "vitest";
import { data, ifru, training } from "recsys-unlearning";
import { displayBundle } from "recsys-unlearning/core";
import { overview } from "recsys-unlearning/notebook";

const lineOf = (value: unknown) => String(displayBundle(overview(value))?.data["text/plain"]).split("\n")[0];

it("ml-100k: dataset, split, models, fits, prepared, answer, explanation, sessions", async () => {
  const dataset = await data.loadDataset("ml-100k");
  expect(lineOf(dataset)).toBe("dataset ml-100k: 100,000 rows, 943 users, 1,682 items");
  expect(lineOf(dataset.interactions)).toMatch(/labels 1 to 5 \(mean 3\.53\), 1997-09-20 to 1998-04-22$/);
  const split = data.ifruSplit(dataset.interactions);
  const { train, valid, forgetRows } = split;
  const [asked, all] = [forgetRows, train.user].map(({ length }) => length.toLocaleString("en"));
  expect(lineOf(split)).toBe(`IFRU split: ${asked} of ${all} training rows to forget (2 %), ${asked} of them with a flipped label`); // prettier-ignore
  const fit = await training.fitMf(train, valid, { epochs: 1 });
  expect(lineOf(fit)).toMatch(/^trained MF: 943 users, .*; 1 epoch \(until the limit of epochs, .* on validation$/);
  const prepared = await ifru.ifru.prepare(fit.model, train, { damping: 1e-4 });
  expect(lineOf(prepared)).toBe(`prepared for influence: ${all} training rows, lambda 0.0001, as given`);
  const request = { name: "2%", train, forgetRows };
  expect(lineOf(await ifru.ifru.unlearn(fit.model, request, {}, prepared))).toMatch(
    /^answer in .* rows of itemEmbedding$/,
  );
  expect(lineOf(await ifru.explain(fit.model, prepared, { train, user: 3, item: 7 }))).toMatch(
    /^why item 7 for user 3/,
  );
  expect(lineOf(await training.fitLightGcn(train, valid, { epochs: 1 }))).toMatch(/^trained LightGCN: 943 users/);
  expect(lineOf(await training.fitNeuralMf(train, valid, { epochs: 1 }))).toMatch(/^trained neural MF: 943 users/);
  const sessions = await data.loadSessionDataset("ml-100k");
  expect(lineOf(sessions)).toBe("session dataset ml-100k: 942 sessions of 55,375 rows, 1,447 items");
  const small = { epochs: 1, embeddingSize: 8, maxLength: 5 };
  for (const [kind, name] of [
    ["gru4rec", "GRU4Rec"],
    ["sasrec", "SASRec"],
    ["bert4rec", "BERT4Rec"],
  ] as const)
    // prettier-ignore
    expect(lineOf(await training.fitSessionModel(kind, sessions, small))).toMatch(`trained ${name}: 1,447 items`);
});
