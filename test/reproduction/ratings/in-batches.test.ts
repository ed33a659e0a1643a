import { describe, expect, it } from "vitest";
import { retainedRows, selectRows } from "recsys-unlearning/data";
import { engineName } from "recsys-unlearning/engine";
import { type Options, type Prerequisite, runOf, type Training } from "recsys-unlearning/experiments";
import type { Mf } from "recsys-unlearning/models";
import { builtInParts, inPlace, type RatingsContext, type RatingsModel } from "recsys-unlearning/reproduction";
import { fitMf, fitMfOptions, type UnlearningMethod, type UnlearningRequest } from "recsys-unlearning/training";
import { inBatches } from "../../../lib/reproduction/ratings/in-batches";
import { newStore } from "../../experiments/tiny";
import { configOf, problemFor, recordOf } from "./generated";

const asking = { kind: "users", share: 0.05 };
const batched = (batch: number) => configOf("ifru-in-batches", { batch }, asking);

/** What a method was asked, answer by answer. */
interface Answer {
  readonly from: Mf;
  readonly request: UnlearningRequest;
}

/** A method that trains again on what stays, and with it what it was asked; from an untrained model, in batches. */
async function retrainedInBatches(batch: number) {
  const answers: Answer[] = [];
  const { split, request } = await problemFor(asking);
  const options = fitMfOptions.resolve({ embeddingSize: 4, epochs: 3 });
  const method = {
    name: "exact",
    description: {
      label: "Exact",
      models: ["mf"],
      options: builtInParts.methods["retrain"].options("mf"),
      facts: () => ({}),
    },
    async unlearn(from: Mf, asked: UnlearningRequest) {
      answers.push({ from, request: asked });
      const { model } = await fitMf(
        selectRows(asked.train, retainedRows(asked.train, asked.forgetRows)),
        split.valid,
        options,
      );
      const cost = { seconds: {}, gradientRows: 0, hessianVectorProducts: 0, incidentRows: null, rowsTouched: 0 };
      return { update: { kind: "model" as const, model }, cost, diagnostics: {} };
    },
  } satisfies UnlearningMethod<Mf, never, object, object>;
  const start = { model: async () => (await fitMf(split.train, split.valid, { ...options, epochs: 1 })).model };
  const prerequisites = (name: string) => (name === "original" ? [start as unknown as Prerequisite<RatingsModel>] : []);
  const context = {
    ...{ split, request, config: batched(batch), task: builtInParts.tasks["ratings"] },
    ...{ backbone: builtInParts.backbones["mf"], training: { options, seed: 1 } as unknown as Training },
    ...{ prerequisites, prerequisite: (name: string) => prerequisites(name)[0] },
  } as unknown as RatingsContext;
  const outcome = await inBatches(inPlace([method])).run(context);
  return { answers: answers.slice(1), request, model: outcome.model as Mf }; // the first is repeated, to be measured warm
}

describe("users who ask at the same time", () => {
  it.each([1, 4, 6])(
    "are answered %i at a time, each from what the last left, and all are forgotten",
    async (batch) => {
      const { answers, request } = await retrainedInBatches(batch);
      const usersIn = ({ train, forgetRows }: UnlearningRequest) => [
        ...new Set(forgetRows.map((row) => train.user[row])),
      ];
      const sizes = answers.map(({ request: one }) => usersIn(one).length);
      expect(sizes).toEqual({ 1: [1, 1, 1, 1, 1, 1], 4: [4, 2], 6: [6] }[batch]);
      expect(answers.flatMap(({ request: one }) => usersIn(one))).toEqual(usersIn(request).sort((a, b) => a - b));
      let left = request.train.user.length;
      for (const { request: one } of answers) {
        expect(one.train.user).toHaveLength(left);
        left -= one.forgetRows.length;
      }
      expect(left).toBe(request.train.user.length - request.forgetRows.length);
      expect(new Set(answers.map(({ from }) => from)).size).toBe(answers.length);
    },
  );

  it("are forgotten alike by an exact method, to the bit", async () => {
    const [one, some, all] = await Promise.all([1, 4, 6].map(async (batch) => (await retrainedInBatches(batch)).model));
    for (const other of [one, some]) {
      expect(other.userEmbedding).toEqual(all.userEmbedding);
      expect(other.itemEmbedding).toEqual(all.itemEmbedding);
    }
  });

  it("are answered at once by the method itself, to the bit", async () => {
    const store = await newStore();
    const itself = await recordOf(configOf("ifru", {}, asking), store);
    const [inTurn, atOnce] = [await recordOf(batched(1), store), await recordOf(batched(6), store)];
    expect(atOnce.files["model.safetensors"]).toEqual(itself.files["model.safetensors"]);
    expect(atOnce.metrics).toEqual(itself.metrics);
    expect(inTurn.files["model.safetensors"]).not.toEqual(itself.files["model.safetensors"]);
    expect(inTurn.facts["forgetRows"]).toBe(itself.facts["forgetRows"]);
  });

  it.each(["ifru", "scif", "gradient-ascent"])("rest on the same runs whatever the batch: %s", async (name) => {
    const restsOn = async (method: string, own: Options) => {
      const needed = builtInParts.methods[method].prerequisites(
        configOf(method, own, asking),
        builtInParts.tasks["ratings"],
      );
      return Promise.all(needed.map(async (one) => (await runOf(one, builtInParts, engineName())).id));
    };
    const itself = await restsOn(name, {});
    for (const batch of [1, 6]) expect(await restsOn(`${name}-in-batches`, { batch })).toEqual(itself);
  });
});
