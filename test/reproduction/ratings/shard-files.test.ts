import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { sisa } from "recsys-unlearning/baselines";
import { generateInteractions, ifruSplit } from "recsys-unlearning/data";
import type { Mf } from "recsys-unlearning/models";
import { fitMf } from "recsys-unlearning/training";
import { readShards, shardFiles } from "../../../lib/reproduction/ratings/methods/shard-files";

const folder = mkdtemp(join(tmpdir(), "shards-"));
afterAll(async () => rm(await folder, { recursive: true }));

it("a shard that has dropped out is still out when the next request of a stream reads the shards", async () => {
  const { train, valid } = ifruSplit(generateInteractions({ userCount: 60, itemCount: 80 }), { forgetFraction: 0 });
  const training = { epochs: 2, embeddingSize: 4 };
  const options = { shards: 3, slices: 2, validation: valid, training };
  const ready = await sisa.prepare((await fitMf(train, valid, training)).model, train, options);
  const forgetRows = Int32Array.from(ready.shards[1].slices.flatMap((rows) => [...rows])).sort();
  const { diagnostics } = await sisa.unlearn(ready.model, { name: "x", train, forgetRows }, options, ready);
  const { prepared } = diagnostics;

  const place = await folder;
  for (const [name, write] of Object.entries(shardFiles(prepared))) await write(join(place, name));
  const run = { model: async () => prepared.model, file: async (name: string) => join(place, name), seconds: {} };
  const read = await readShards<Mf>(run as never, train);
  expect(read.shards.map(({ slices }) => slices)).toEqual(prepared.shards.map(({ slices }) => slices));
  const tables = (shards: typeof read.shards) =>
    shards.map(({ models }) => models.map(({ userEmbedding }) => [...userEmbedding]));
  expect(tables(read.shards)).toEqual(tables(prepared.shards));
});
