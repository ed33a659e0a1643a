import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { CorruptFileError, Random } from "../../lib/core";
import { loadModel, Mf, saveModel } from "../../lib/models";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "models-"));
});
afterAll(() => rm(folder, { recursive: true }));

const full = process.env["RECSYS_TEST_FULL"] === "1";

/** One random change: a flipped bit, a cut, some bytes more, a stretch overwritten. */
function mutate(content: Buffer, random: Random): Buffer {
  const at = random.integer(content.length);
  const changed = Buffer.from(content);
  switch (random.integer(4)) {
    case 0:
      changed[at] ^= 1 << random.integer(8);
      return changed;
    case 1:
      return changed.subarray(0, at);
    case 2:
      return Buffer.concat([changed, Buffer.alloc(1 + random.integer(9), random.integer(256))]);
    default:
      return changed.fill(random.integer(256), at, Math.min(content.length, at + 1 + random.integer(16)));
  }
}

it("loads a mutated file right or refuses it", async () => {
  const path = join(folder, "model.safetensors");
  const model = new Mf(Float32Array.of(1, 2, 3, 4), Float32Array.of(5, 6), 2);
  await model.save(path);
  const content = await readFile(path);
  const random = Random.fromSeed(7);
  let refused = 0;
  const rounds = full ? 10_000 : 400;
  for (let round = 0; round < rounds; round++) {
    await writeFile(path, mutate(content, random));
    try {
      const loaded = await Mf.load(path);
      expect(loaded.userEmbedding).toEqual(model.userEmbedding);
      expect(loaded.itemEmbedding).toEqual(model.itemEmbedding);
    } catch (error) {
      expect(error).toBeInstanceOf(CorruptFileError);
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(rounds * 0.8);
});

it("refuses a model of another kind and one that lacks a parameter", async () => {
  const path = join(folder, "other.safetensors");
  const parameter = { name: "userEmbedding", shape: [1, 2], values: new Float32Array(2) };
  await saveModel(path, "lightgcn", [parameter]);
  await expect(Mf.load(path)).rejects.toThrow(/kind "lightgcn"/);
  expect((await loadModel(path, "lightgcn")).size).toBe(1);
  await saveModel(path, "mf", [parameter]);
  await expect(Mf.load(path)).rejects.toThrow(/no "itemEmbedding"/);
});
