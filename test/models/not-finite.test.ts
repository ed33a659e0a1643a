import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NumericalError } from "../../lib/core";
import { Mf, NeuralMf, saveModel } from "../../lib/models";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "not-finite-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe.each([NaN, Infinity, -Infinity])("a model with a parameter of %d", (bad) => {
  it("is refused when made, with the parameter and its place", () => {
    const make = () => new Mf(Float32Array.of(1, 2), Float32Array.of(1, bad), 1);
    expect(make).toThrow(NumericalError);
    expect(make).toThrow(/itemEmbedding\[1\]/);
    const shape = { userCount: 2, itemCount: 2, embeddingSize: 1, hiddenSize: 1, initialDeviation: 0.1, seed: 1 };
    const { values, embeddingSize } = NeuralMf.initialise(shape);
    expect(() => new NeuralMf({ ...values, userEmbedding: Float32Array.of(bad, 1) }, embeddingSize)).toThrow(
      /userEmbedding\[0\]/,
    );
  });

  it("is refused when saved, whatever its kind", async () => {
    const tensor = { name: "weight", shape: [2], values: Float32Array.of(0, bad) };
    await expect(saveModel(join(folder, "x.safetensors"), "gru4rec", [tensor])).rejects.toThrow(/weight\[1\]/);
  });

  it("is refused when saved after its values were changed in place", async () => {
    const model = new Mf(Float32Array.of(1, 2), Float32Array.of(1, 2), 1);
    model.itemEmbedding[0] = bad;
    await expect(model.save(join(folder, "y.safetensors"))).rejects.toThrow(/itemEmbedding\[0\]/);
  });
});
