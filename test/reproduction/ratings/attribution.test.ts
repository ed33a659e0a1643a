import { describe, expect, it } from "vitest";
import { meanOfOutputs } from "recsys-unlearning/audits";
import { CancelledError, Random } from "recsys-unlearning/core";
import { engineName } from "recsys-unlearning/engine";
import {
  computeWithPrerequisites,
  type Options,
  type Parts,
  resolveConfig,
  type RunConfig,
  runOf,
  type RunStore,
} from "recsys-unlearning/experiments";
import { builtInParts } from "recsys-unlearning/reproduction";
import type { Checkpoint } from "recsys-unlearning/training";
import { throughCases } from "../../../lib/reproduction/ratings/attribution/case-progress";
import { estimator } from "../../../lib/reproduction/ratings/attribution/estimator";
import { readOutputs } from "../../../lib/reproduction/ratings/attribution/outputs-file";
import { retrainingsOf } from "../../../lib/reproduction/ratings/attribution/retrainings";
import { newStore } from "../../experiments/tiny";
import { configOf, problemFor, recordOf } from "./generated";

const trained: Options = { embeddingSize: 4, learningRate: 0.02, initialDeviation: 0.1, epochs: 15 };
const subsets: Options = { kind: "subsets", keptShare: 0.5, subsets: 12, retrainings: 3, outputs: 40 };
const singleRows: Options = { kind: "leave-one-out", deletions: 20 };
/** One batch of all rows, and an optimum to reach. */
const converged: Options = {
  ...{ embeddingSize: 4, learningRate: 0.05, initialDeviation: 0.1, batchSize: 100_000 },
  ...{ regularization: 0.05, epochs: 200 },
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

/** What training gave, and random numbers, as estimates: the ends of the scale. */
const truth = estimator({
  code: __filename,
  label: () => "the truth",
  fields: () => ({}),
  prerequisites: (config) => [1, 2, 3].map((number) => retrainingsOf(config, number)),
  async estimate({ prerequisites }) {
    const known = meanOfOutputs(await Promise.all(prerequisites("case-retrainings").map(readOutputs)));
    const cases = known.values();
    return () => cases.next().value!; // in the order of the cases
  },
});
const chance = estimator({
  code: __filename,
  label: () => "random numbers",
  fields: () => ({}),
  async estimate({ request }) {
    const random = Random.fromSeed(7);
    return () => Float32Array.from(request.leftOut!.pairs.user, () => random.normal());
  },
});
const methods = { ...builtInParts.methods, "truth-influence": truth, "chance-influence": chance };
const withEnds: Parts = { ...builtInParts, methods: methods as unknown as Parts["methods"] };

describe("an attribution audit of subsets", () => {
  const shared = newStore(); // of retrainings that several tests hold estimates to

  it("gives the truth itself 1, random numbers about 0, and another training less than itself", async () => {
    const store = await shared;
    const scoreOf = async (method: string) => {
      const config = { ...asked("retrain"), method, audit: "attribution" };
      const complete = resolveConfig({ ...config, options: { ...config.options, method: {} } }, withEnds);
      const run = await runOf(complete, withEnds, engineName());
      await computeWithPrerequisites(run, store, withEnds);
      const state = await store.read(run.id);
      return state.kind === "done" ? Number(state.record.metrics["attribution-score"]) : NaN;
    };
    expect(await scoreOf("truth-influence")).toBeCloseTo(1, 6);
    expect(Math.abs(await scoreOf("chance-influence"))).toBeLessThan(0.2);
    expect(await scoreOf("retrain")).toBeLessThan(0.9);
  });

  it("finds the same to the byte again, with an interval around it", async () => {
    const [found, again] = [
      await audited(asked("ifru-influence"), await shared),
      await audited(asked("ifru-influence"), await newStore()),
    ];
    expect(again.metrics).toEqual(found.metrics);
    expect(again.files).toEqual(found.files);
    const { "attribution-low": low, "attribution-high": high } = found.metrics;
    expect(Number(low)).toBeLessThan(Number(high));
  });

  it("retrains once for all estimates, and for fewer retrainings", async () => {
    const store = await newStore();
    await audited(asked("embedding-influence"), store);
    expect(await retrainingsIn(store)).toBe(3);
    await audited(asked("gradient-influence", { checkpoints: 3 }), store);
    await audited(asked("gradient-influence", {}, { ...subsets, retrainings: 2 }), store);
    await audited({ ...asked("embedding-influence"), seed: 2 }, store);
    expect(await retrainingsIn(store)).toBe(3);
  });

  it("takes the mean of several originals", async () => {
    const store = await shared;
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
