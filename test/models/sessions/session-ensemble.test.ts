import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Scalar, Tensor, Tensor3D } from "@tensorflow/tfjs-core";
import { core, engine, models } from "recsys-unlearning";
import type { Histories } from "recsys-unlearning/data";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const itemCount = 6;
const members = [1, 2, 3].map((seed) =>
  models.SessionModel.initialise("gru4rec", itemCount, { embeddingSize: 4, maxLength: 3, initialDeviation: 1 }, seed),
);
const histories: Histories = {
  item: Int32Array.of(0, 3, 5, 2, 1),
  start: Int32Array.of(0, 1, 0),
  end: Int32Array.of(2, 5, 0),
};

/** An attention with weights far from where training starts, so that every part matters. */
function attention(dropoutSeed: number | null = null): models.SessionAggregation {
  const random = core.Random.fromSeed(5);
  const values = new Map(
    [...models.shardAttentionPlans(members[0].form, 3), { name: "centroids", shape: [3, 1, 4] }].map(
      ({ name, shape }) => {
        const length = shape.reduce((product, side) => product * side, 1);
        return [name, random.fillNormal(new Float32Array(length), 0.7)] as const;
      },
    ),
  );
  return { kind: "attention", values, dropoutSeed };
}

/** SRU's equations in plain numbers: the scores of the items for one history. */
function scoresByHand(states: number[][], of: (name: string) => Float32Array): number[] {
  const width = 4;
  const half = 2;
  const map = (h: ArrayLike<number>, k: number) =>
    Array.from({ length: width }, (_, j) => {
      let sum = of("transformBias")[k * width + j];
      for (let i = 0; i < width; i++) sum += h[i] * of("transform")[(k * width + i) * width + j];
      return sum;
    });
  const t = states.map(map);
  const energies = t.map((own, k) => {
    const centre = map(of("centroids").subarray(k * width, (k + 1) * width), k);
    let energy = 0;
    for (let a = 0; a < half; a++) {
      let z = of("attentionBias")[a];
      for (let j = 0; j < width; j++) z += own[j] * centre[j] * of("attentionWeight")[j * half + a];
      energy += of("attentionVector")[a] * Math.max(0, z);
    }
    return Math.exp(energy);
  });
  const total = energies.reduce((sum, energy) => sum + energy, 0);
  const state = t[0].map((_, j) => t.reduce((sum, own, k) => sum + (energies[k] / total) * own[j], 0));
  return Array.from({ length: itemCount }, (_, item) => {
    const from = (item + 1) * width; // the first class is padding
    return state.reduce((sum, h, j) => sum + h * of("outputWeight")[from + j], of("outputBias")[item + 1]);
  });
}

const close = (actual: ArrayLike<number>, expected: ArrayLike<number>) => {
  expect(actual.length).toBe(expected.length);
  for (let k = 0; k < expected.length; k++) expect(actual[k]).toBeCloseTo(expected[k], 4);
};

describe("an ensemble of session models", () => {
  let folder: string;
  beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "ensemble-"))));
  afterAll(() => rm(folder, { recursive: true }));

  it("is the mean of probabilities or of logits", async () => {
    const each = await Promise.all(members.map((member) => member.scores(histories)));
    const softmax = (scores: Float32Array, k: number) => {
      const row = scores.subarray(k - (k % itemCount), k - (k % itemCount) + itemCount);
      return Math.exp(scores[k]) / row.reduce((sum, score) => sum + Math.exp(score), 0);
    };
    const meanOf = (of: (scores: Float32Array, k: number) => number) =>
      each[0].map((_, k) => each.reduce((sum, scores) => sum + of(scores, k), 0) / 3);
    const scores = (kind: "probabilities" | "logits") =>
      new models.SessionEnsemble(members, { kind }).scores(histories);
    close(await scores("probabilities"), meanOf(softmax));
    close(
      await scores("logits"),
      meanOf((own, k) => own[k]),
    );
    const none = { ...histories, start: new Int32Array(0), end: new Int32Array(0) };
    expect((await new models.SessionEnsemble(members, { kind: "probabilities" }).scores(none)).length).toBe(0);
  });

  it("is SRU's attention over states, equation by equation", async () => {
    const aggregation = attention() as Extract<models.SessionAggregation, { kind: "attention" }>;
    const scores = await new models.SessionEnsemble(members, aggregation).scores(histories);
    const states = await Promise.all(members.map((member) => member.states(histories)));
    for (let k = 0; k < 3; k++) {
      const own = states.map((all) => [...all.subarray(4 * k, 4 * k + 4)]);
      close(
        scores.subarray(k * itemCount, (k + 1) * itemCount),
        scoresByHand(own, (name) => aggregation.values.get(name)!),
      );
    }
  });

  it("has an attention whose gradient is that of finite differences", async () => {
    const tensorEngine = await engine.tensorEngine();
    const { tf } = tensorEngine;
    const { values } = attention() as Extract<models.SessionAggregation, { kind: "attention" }>;
    const plans = models.shardAttentionPlans(members[0].form, 3);
    const states = core.Random.fromSeed(2).fillNormal(new Float32Array(3 * 5 * 4), 1);
    const lossOf = (given: readonly Tensor[]): Scalar => {
      const tensors = Object.fromEntries(plans.map(({ name }, n) => [name, given[n]]));
      const centroids = tf.tensor(values.get("centroids")!, [3, 1, 4]);
      const out = models.aggregatedStates(
        tensorEngine,
        { ...tensors, centroids },
        tf.tensor(states, [3, 5, 4]) as Tensor3D,
      );
      const logits = tf.add(tf.matMul(out, tensors["outputWeight"] as never, false, true), tensors["outputBias"]);
      return tensorEngine.softmaxCrossEntropy(logits as never, tf.tensor1d([1, 2, 3, 4, 5], "int32"));
    };
    const upload = () => plans.map(({ name, shape }) => tf.tensor(values.get(name)!.slice(), [...shape]));
    const gradients = tf.tidy(() =>
      tf
        .grads((...given) => lossOf(given))(upload())
        .map((gradient) => gradient.dataSync<"float32">().slice()),
    );
    plans.forEach(({ name }, n) => {
      const own = values.get(name)!;
      for (let k = 0; k < own.length; k += 3) {
        const kept = own[k];
        const h = 2 ** -7;
        const [up, down] = [h, -h].map((step) => {
          own[k] = kept + step;
          return tf.tidy(() => lossOf(upload()).dataSync()[0]);
        });
        own[k] = kept;
        expect(Math.abs((up - down) / (2 * h) - gradients[n][k]), `${name} ${k}`).toBeLessThan(2e-3);
      }
    });
  });

  it("with dropout left on, as released, scores otherwise, the same for a seed", async () => {
    const dropping = [1, 2].map((seed) =>
      models.SessionModel.initialise("sasrec", itemCount, { embeddingSize: 4, maxLength: 3 }, seed),
    );
    const { values } = attention() as Extract<models.SessionAggregation, { kind: "attention" }>;
    const two = new Map(
      [...values].map(([name, all]) => [
        name,
        name === "centroids" || name.startsWith("transform") ? all.subarray(0, (all.length / 3) * 2) : all,
      ]),
    );
    const scores = (dropoutSeed: number | null) =>
      new models.SessionEnsemble(dropping, { kind: "attention", values: two, dropoutSeed }).scores(histories);
    expect(await scores(3)).toEqual(await scores(3));
    expect(await scores(3)).not.toEqual(await scores(4));
    expect(await scores(3)).not.toEqual(await scores(null));
  });

  it.each([{ kind: "probabilities" }, { kind: "logits" }, attention(9)] as models.SessionAggregation[])(
    "of $kind comes back from a file as it was, and refuses a damaged one",
    async (aggregation) => {
      const path = join(folder, `${aggregation.kind}.safetensors`);
      const ensemble = new models.SessionEnsemble(members, aggregation);
      await ensemble.save(path);
      const loaded = await models.SessionEnsemble.load(path);
      expect(loaded).toEqual(ensemble);
      expect(await loaded.scores(histories)).toEqual(await ensemble.scores(histories));
      const content = await readFile(path);
      for (const at of [3, 90, content.length - 1]) {
        const damaged = Buffer.from(content);
        damaged[at] ^= 0x10;
        await writeFile(path, damaged);
        await expect(models.SessionEnsemble.load(path)).rejects.toThrow(core.CorruptFileError);
      }
    },
  );

  it("replaces parameters by name, and shares the rest", () => {
    const ensemble = new models.SessionEnsemble(members, attention());
    const [bias, vector] = [new Float32Array(itemCount + 1).fill(2), new Float32Array(2).fill(3)];
    const changed = ensemble.withParameters(
      new Map([
        ["shard1.outputBias", bias],
        ["attention.attentionVector", vector],
      ]),
    );
    const differing = changed.parameters().filter(({ values }, n) => values !== ensemble.parameters()[n].values);
    expect(differing.map(({ name }) => name)).toEqual(["shard1.outputBias", "attention.attentionVector"]);
    expect(differing.map(({ values }) => values)).toEqual([bias, vector]);
  });

  it("refuses members that do not go together, and attention that does not fit them", () => {
    const other = models.SessionModel.initialise("gru4rec", itemCount + 1, { embeddingSize: 4, maxLength: 3 });
    const mean = { kind: "logits" } as const;
    expect(() => new models.SessionEnsemble([], mean)).toThrow(/at least one member/);
    expect(() => new models.SessionEnsemble([members[0], other], mean)).toThrow(/different kinds, items or options/);
    expect(() => new models.SessionEnsemble(members.slice(0, 2), attention())).toThrow(/"transform" has 48 values/);
  });

  it("leaves no tensors and no workspaces behind", async () => {
    const { tf } = await engine.tensorEngine();
    const before = [tf.memory().numTensors, engine.liveWorkspaces()];
    for (const aggregation of [{ kind: "probabilities" }, attention()] as models.SessionAggregation[])
      await models.nextItems(new models.SessionEnsemble(members, aggregation), histories, 2);
    expect([tf.memory().numTensors, engine.liveWorkspaces()]).toEqual(before);
  });
});
