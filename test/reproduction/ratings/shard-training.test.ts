import { describe, expect, it } from "vitest";
import { sisa } from "recsys-unlearning/baselines";
import { engineName } from "recsys-unlearning/engine";
import { type Options, runOf, searchConfigs } from "recsys-unlearning/experiments";
import type { Mf, Recommender } from "recsys-unlearning/models";
import { builtInParts, searches } from "recsys-unlearning/reproduction";
import { newStore } from "../../experiments/tiny";
import { configOf, problemFor, recordOf } from "./generated";

const few: Options = { shards: 3 };
const own: Options = { shardRegularization: 0.05, shardLearningRate: 0.02 };
const task = builtInParts.tasks["ratings"];

const idOf = async (method: string, options: Options) =>
  (await runOf(configOf(method, options), builtInParts, engineName())).id;

function preparationOf(method: string, options: Options): Options {
  const needed = builtInParts.methods[method].prerequisites(configOf(method, options), task);
  return needed.find((run) => run.method === `${method}-shards`)!.options.method;
}

describe("options of a shard's training", () => {
  it("train and forget as sisa does with such a training, to the bit; what they do not name is the whole's", async () => {
    const config = configOf("sisa", { ...few, ...own });
    const store = await newStore();
    const { split, request } = await problemFor({ kind: "split" });
    const { seed } = config;
    const training = { ...config.options.training, seed, regularization: 0.05, learningRate: 0.02 };
    const options = { ...few, training, validation: split.valid, seed };
    const ready = await sisa.prepare(undefined as unknown as Mf, split.train, options);
    const { diagnostics } = await sisa.unlearn(ready.model, request, options, ready);

    const said = async (method: string, of: Options) => {
      const record = await recordOf(configOf(method, of), store);
      const model = (await task.load(await store.verifiedFile(record, "model.safetensors"))) as Recommender;
      return model.score(split.test.user, split.test.item);
    };
    const { user, item } = split.test;
    expect(await said("sisa-shards", { ...few, ...own })).toEqual(ready.model.score(user, item));
    expect(await said("sisa", { ...few, ...own })).toEqual(diagnostics.prepared.model.score(user, item));
    expect(await said("sisa", few)).not.toEqual(diagnostics.prepared.model.score(user, item));
  });

  it("are another run only where they are not the whole's", async () => {
    for (const method of ["sisa", "sisa-shards", "receraser", "receraser-shards"]) {
      const spelt = { shardRegularization: "whole", shardLearningRate: "whole" };
      expect(await idOf(method, spelt)).toBe(await idOf(method, {}));
      for (const [name, value] of Object.entries(own))
        expect(await idOf(method, { [name]: value })).not.toBe(await idOf(method, {}));
    }
  });

  it("reach the preparation, but not where every shard is trained again anyway", () => {
    for (const method of ["sisa", "receraser"]) {
      expect(preparationOf(method, own)).toMatchObject(own);
      expect(preparationOf(method, { ...own, retrains: "all" })).toEqual(preparationOf(method, { retrains: "all" }));
    }
  });

  it("are in the label", () => {
    const labels = [{}, own, { mode: "paper" }].map((options) =>
      builtInParts.methods["sisa"].label(configOf("sisa", options).options.method),
    );
    expect(new Set(labels).size).toBe(3);
    expect(labels[0]).toBe("SISA (principled)");
  });

  it.each<Options>([{ shardRegularization: -1 }, { shardLearningRate: 0 }, { shardRegularization: "none" }])(
    "refuse %j by name",
    (options) => expect(() => configOf("sisa", options)).toThrow(Object.keys(options)[0]),
  );
});

it("every search has trials that can be run, each another one", async () => {
  for (const search of Object.values(searches)) {
    const configs = searchConfigs(search, builtInParts).map(({ config }) => JSON.stringify(config));
    expect(new Set(configs).size).toBe(configs.length);
  }
});
