import { describe, expect, it } from "vitest";
import { CancelledError } from "recsys-unlearning/core";
import type { Options, RunConfig, RunStore } from "recsys-unlearning/experiments";
import { builtInParts } from "recsys-unlearning/reproduction";
import type { Checkpoint } from "recsys-unlearning/training";
import { throughCases } from "../../../lib/reproduction/ratings/attribution/case-progress";
import { newStore } from "../../experiments/tiny";
import { configOf, problemFor, recordOf } from "./generated";

const trained: Options = { embeddingSize: 4, learningRate: 0.02, initialDeviation: 0.1, epochs: 15 };
const subsets: Options = { kind: "subsets", keptShare: 0.5, subsets: 12, retrainings: 4, outputs: 40 };
const singleRows: Options = { kind: "leave-one-out", deletions: 20 };
/** One batch of all rows, and an optimum to reach. */
const converged: Options = {
  ...{ embeddingSize: 4, learningRate: 0.05, initialDeviation: 0.1, batchSize: 100_000 },
  ...{ regularization: 0.01, epochs: 300 },
};

const asked = (method: string, own: Options = {}, request = subsets, training = trained, backbone = "mf") =>
  configOf(method, own, request, backbone, training);
const audited = (config: RunConfig, store: RunStore) => recordOf({ ...config, audit: "attribution" }, store);

async function retrainingsIn(store: RunStore): Promise<number> {
  let count = 0;
  for (const id of await store.ids()) {
    const state = await store.read(id);
    if (state.kind === "done" && state.record.config.method === "case-retrainings") count++;
  }
  return count;
}

describe("an attribution audit of subsets", () => {
  it("finds IFRU near what another training reaches, to the same byte again", async () => {
    const [store, again] = [await newStore(), await newStore()];
    const found = await audited(asked("ifru-influence"), store);
    const ceiling = await audited(asked("retrain"), store);
    const score = Number(found.metrics["attribution-score"]);
    expect(score).toBeGreaterThan(0.3);
    expect(Number(ceiling.metrics["attribution-score"])).toBeGreaterThan(0.3);
    expect(Number(found.metrics["attribution-low"])).toBeLessThan(score);
    expect(Number(found.metrics["attribution-high"])).toBeGreaterThan(score);
    const { environment: _, seconds: _s, ...repeated } = await audited(asked("ifru-influence"), again);
    expect(repeated.metrics).toEqual(found.metrics);
    expect(repeated.files).toEqual(found.files);
  });

  it("retrains once for all estimates, and for fewer retrainings", async () => {
    const store = await newStore();
    await audited(asked("embedding-influence"), store);
    expect(await retrainingsIn(store)).toBe(4);
    await audited(asked("gradient-influence", { checkpoints: 3 }), store);
    await audited(asked("gradient-influence", {}, { ...subsets, retrainings: 2 }), store);
    await audited({ ...asked("embedding-influence"), seed: 2 }, store);
    expect(await retrainingsIn(store)).toBe(4);
  });

  it("takes the mean of several originals", async () => {
    const store = await newStore();
    await recordOf(asked("gradient-influence", { originals: 3 }), store);
    const found = await Promise.all(
      [1, 2, 3].map(async (seed) => recordOf({ ...asked("gradient-influence"), seed }, store)),
    );
    expect(new Set(found.map(({ files }) => files["outputs.safetensors"])).size).toBe(3);
    const one = await audited(asked("gradient-influence", { originals: 1 }), store);
    const several = await audited(asked("gradient-influence", { originals: 3 }), store);
    expect(several.metrics["attribution-score"]).not.toBe(one.metrics["attribution-score"]);
  });

  it("works on LightGCN", async () => {
    const few = { ...subsets, subsets: 6, retrainings: 2 };
    const store = await newStore();
    for (const method of ["ifru-influence", "gradient-influence", "embedding-influence", "retrain"]) {
      const { metrics } = await audited(asked(method, {}, few, { ...trained, epochs: 5 }, "lightgcn"), store);
      expect(metrics["attribution-score"]).not.toBeNull();
    }
  });
});

describe("gradient products at several checkpoints", () => {
  it("end with the model itself", async () => {
    const store = await newStore();
    const shortest = { ...trained, epochs: 1 };
    const one = await recordOf(asked("gradient-influence", { checkpoints: 1 }, subsets, shortest), store);
    const two = await recordOf(asked("gradient-influence", { checkpoints: 2 }, subsets, shortest), store);
    expect(two.files).toEqual(one.files); // of one epoch both checkpoints are the end
  });
});

describe("an attribution audit of single rows", () => {
  it("holds estimates to converged trainings of the same seed, which another seed agrees with", async () => {
    const store = await newStore();
    const scoreOf = async (method: string) => {
      const { metrics } = await audited(asked(method, {}, singleRows, converged), store);
      return Number(metrics["attribution-score"]);
    };
    expect(await scoreOf("retrain")).toBeGreaterThan(0.8);
    expect(await scoreOf("ifru-influence")).toBeGreaterThan(0.6);
    expect(await retrainingsIn(store)).toBe(2);
  });

  it("is of rows of one user, whose own test pairs are looked at; of whole users the others' are", async () => {
    const { split, request } = await problemFor(singleRows);
    const { cases, pairs } = request.leftOut!;
    const users = new Set(cases.map(({ left }) => split.train.user[left[0]]));
    expect([cases.length, users.size]).toEqual([20, 1]);
    expect(new Set(pairs.user)).toEqual(users);
    const whole = (await problemFor({ kind: "leave-user-out", deletions: 10 })).request.leftOut!;
    const gone = whole.cases.map(({ left }) => new Set(left.map((row) => split.train.user[row])));
    expect(gone.every(({ size }) => size === 1)).toBe(true);
    expect(whole.pairs.user.some((user) => gone.some((one) => one.has(user)))).toBe(false);
  });
});

describe("what cannot be asked", () => {
  it("is refused with its reason", async () => {
    const store = await newStore();
    const refused = async (config: RunConfig, message: RegExp) =>
      expect(recordOf(config, store)).rejects.toThrow(message);
    await refused(asked("embedding-influence", { originals: 2 }, singleRows, converged), /several originals/);
    await refused(asked("embedding-influence", {}, { kind: "split" }), /a request of kind split has no cases/);
    await expect(problemFor({ kind: "leave-one-out" })).rejects.toThrow(/no user has more than 100 training rows/);
    await expect(problemFor({ kind: "leave-user-out", deletions: 500 })).rejects.toThrow(/500 are to be left out/);
  });
});

describe("a run of many cases", () => {
  it("goes on where it was interrupted", async () => {
    const kept: Checkpoint[] = [];
    const checkpoints = {
      everyMs: 1e9,
      load: async () => kept.at(-1) ?? null,
      save: async (checkpoint: Checkpoint) => void kept.push(checkpoint),
    };
    const asked: number[] = [];
    const outputsOf = (stopAt: number) => async (number: number) => {
      if (number === stopAt) throw new CancelledError("cases");
      asked.push(number);
      return Float32Array.of(number, -number);
    };
    await expect(throughCases(5, checkpoints, outputsOf(3))).rejects.toThrow(CancelledError);
    const found = await throughCases(5, checkpoints, outputsOf(-1));
    expect(asked).toEqual([0, 1, 2, 3, 4]);
    expect(found).toEqual(await throughCases(5, undefined, outputsOf(-1)));
  });
});

it("the parts are known", () => {
  expect(builtInParts.tasks["ratings"].audits["attribution"]).toBeDefined();
});
