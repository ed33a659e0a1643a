import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Scalar, Tensor } from "@tensorflow/tfjs-core";
import { core, data, engine, metrics, models, training } from "recsys-unlearning";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** Sessions in which the next item can be predicted, and options that train on them in a second or two. */
const split = data.splitSessions(
  data.toSessions(
    data.generateInteractions({ userCount: 90, itemCount: 30, interactionsPerUser: 10, sessionLength: 8 }),
  ),
);
const smallOptions = { embeddingSize: 8, maxLength: 5, learningRate: 0.02, batchSize: 64, epochs: 3, seed: 3 };

type Fit = Partial<training.FitSessionOptions[models.SessionModelKind]>;

/** What every session model must do. A new one passes by one line: `describeSessionModel("name")`. */
export function describeSessionModel(kind: models.SessionModelKind, own: Fit = {}): void {
  describe(`${kind} as a session model`, () => {
    const liveBefore = engine.liveWorkspaces();
    const options = { ...smallOptions, ...own };
    const fit = (more: Fit = {}) => training.fitSessionModel(kind, split, { ...options, ...more });
    const bytes = (of: models.SessionModel) =>
      of.parameters().map(({ values }) => Buffer.from(values.slice().buffer).toString("base64"));
    const test = data.prefixSamples(split.test);
    let folder: string;
    let trained: training.SessionModelFit;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "session-model-"));
      trained = await fit();
    });
    afterAll(() => rm(folder, { recursive: true }));

    it("names its parameters and their shapes", () => {
      const parameters = trained.model.parameters();
      expect(new Set(parameters.map(({ name }) => name)).size).toBe(parameters.length);
      for (const { shape, values } of parameters)
        expect(values.length).toBe(shape.reduce((product, length) => product * length, 1));
    });

    it("learns: better than popularity, and its loss falls", async () => {
      const ndcg = async (of: models.SessionRecommender) =>
        metrics.mean(metrics.ndcgAt(10, await metrics.targetRanks(of, test)))!;
      expect(await ndcg(trained.model)).toBeGreaterThan(1.1 * (await ndcg(models.Popularity.count(split.train))));
      expect(trained.history.at(-1)!.loss).toBeLessThan(trained.history[0].loss);
    });

    it("gives the same bytes for the same seed, and others for another", async () => {
      expect(bytes((await fit()).model)).toEqual(bytes(trained.model));
      expect(bytes((await fit({ seed: 4 })).model)).not.toEqual(bytes(trained.model));
    });

    it("goes on from a checkpoint as if it had never stopped", async () => {
      const saved: training.Checkpoint[] = [];
      const checkpoints = (from: training.Checkpoint | null): training.Checkpoints => ({
        everyMs: 0,
        load: async () => from,
        save: async (checkpoint) => void saved.push(checkpoint),
      });
      await training.fitSessionModel(kind, split, { ...options, epochs: 2 }, checkpoints(null));
      const resumed = await training.fitSessionModel(kind, split, options, checkpoints(saved[0]));
      expect(saved[0].history.length).toBe(1);
      expect(bytes(resumed.model)).toEqual(bytes(trained.model));
      expect(resumed.history).toEqual(trained.history);
    });

    it("scores a history the same whatever it stands among, and an empty one too", async () => {
      const { itemCount } = trained.model;
      const whole = await trained.model.scores(test);
      const one = await trained.model.scores({
        ...test,
        start: test.start.subarray(5, 6),
        end: test.end.subarray(5, 6),
      });
      for (let item = 0; item < itemCount; item++) expect(one[item]).toBeCloseTo(whole[5 * itemCount + item], 4);
      const empty = { item: test.item, start: Int32Array.of(0), end: Int32Array.of(0) };
      expect((await trained.model.scores(empty)).every(Number.isFinite)).toBe(true);
      expect((await trained.model.scores({ ...empty, start: new Int32Array(0), end: new Int32Array(0) })).length).toBe(
        0,
      );
      await expect(
        trained.model.scores({ ...empty, item: Int32Array.of(itemCount), end: Int32Array.of(1) }),
      ).rejects.toThrow(core.InvalidArgumentError);
    });

    it("reads no more than the last items", async () => {
      const item = Int32Array.from({ length: 12 }, (_, k) => (7 * k) % 30);
      const reach = kind === "bert4rec" ? options.maxLength! - 1 : options.maxLength!; // the mask takes a place
      const histories = { item, start: Int32Array.of(0, 12 - reach), end: Int32Array.of(12, 12) };
      const states = await trained.model.states(histories);
      const size = options.embeddingSize!;
      for (let j = 0; j < size; j++) expect(states[j]).toBeCloseTo(states[size + j], 5);
    });

    it("has the gradient that finite differences give", async () => {
      const tensorEngine = await engine.tensorEngine();
      const { tf } = tensorEngine;
      const { form } = trained.model;
      const chosen = Int32Array.from({ length: 20 }, (_, k) => k);
      const classes = chosen.map((k) => models.classOfItem(form, test.target[k]));
      const input = models.nextInput(form, test, chosen);
      const lossOf = (given: readonly Tensor[]): Scalar => {
        const tensors = Object.fromEntries(trained.model.parameters().map(({ name }, n) => [name, given[n]]));
        const logits = models.sessionLogits({ form, engine: tensorEngine, tensors, input });
        return tensorEngine.softmaxCrossEntropy(logits, tf.tensor1d(classes, "int32"));
      };
      const upload = () => trained.model.parameters().map(({ shape, values }) => tf.tensor(values.slice(), [...shape]));
      const gradients = tf.tidy(() =>
        tf
          .grads((...given) => lossOf(given))(upload())
          .map((gradient) => gradient.dataSync<"float32">().slice()),
      );
      trained.model.parameters().forEach(({ name, values }, n) => {
        const strongest = gradients[n].reduce(
          (best, g, k) => (Math.abs(g) > Math.abs(gradients[n][best]) ? k : best),
          0,
        );
        const expected = gradients[n][strongest];
        if (Math.abs(expected) < 5e-3) return; // below what float32 differences can show, such as a key's bias
        const kept = values[strongest];
        const h = 2 ** -8; // small, for the kinks of ReLU
        const losses = [h, -h].map((step) => {
          values[strongest] = kept + step;
          return tf.tidy(() => lossOf(upload()).dataSync()[0]);
        });
        values[strongest] = kept;
        expect((losses[0] - losses[1]) / (2 * h) / expected, name).toBeCloseTo(1, 1);
      });
    });

    it("comes back from a file as it was, and refuses a damaged one", async () => {
      const path = join(folder, "saved.safetensors");
      await trained.model.save(path);
      const loaded = await models.SessionModel.load(path, kind);
      expect(bytes(loaded)).toEqual(bytes(trained.model));
      expect(loaded.form).toEqual(trained.model.form);
      expect(await loaded.scores(test)).toEqual(await trained.model.scores(test));
      const other = kind === "sasrec" ? "gru4rec" : "sasrec";
      await expect(models.SessionModel.load(path, other)).rejects.toThrow(core.CorruptFileError);
      const content = await readFile(path);
      for (const at of [3, 90, content.length - 1]) {
        const damaged = Buffer.from(content);
        damaged[at] ^= 0x10;
        await writeFile(path, damaged);
        await expect(models.SessionModel.load(path, kind)).rejects.toThrow(core.CorruptFileError);
      }
    });

    it.each<Fit>([{ objective: "positions" }, { tiedOutput: true }, { paddingClass: false }])(
      "trains with %j",
      async (more) => {
        const { history, model } = await fit({ ...more, epochs: 2 });
        expect(history[1].loss).toBeLessThan(history[0].loss);
        expect((await model.scores(test)).length).toBe(test.target.length * model.itemCount);
      },
    );

    /** A training that begins with a bias that is no number: spoiled in place, since no model is made of such. */
    const failing = () => {
      const { values } = trained.model.parameters().find(({ name }) => name === "outputBias")!;
      const bias = values.slice();
      const broken = trained.model.withParameters(new Map([["outputBias", bias]]));
      bias.fill(NaN);
      return training.fitSessionModel(kind, split, options, undefined, broken);
    };

    it("stops at a loss that is not finite and says where", async () => {
      await expect(failing()).rejects.toThrow(core.NumericalError);
      await expect(failing()).rejects.toThrow(/epoch 1, batch 1/);
    });

    it("can be interrupted, and says which limit ended it otherwise", async () => {
      const controller = new AbortController();
      core.setCurrentSignal(controller.signal);
      try {
        const running = fit({ epochs: 1000, patience: 1000 });
        setTimeout(() => controller.abort(), 100);
        await expect(running).rejects.toThrow(core.CancelledError);
      } finally {
        core.setCurrentSignal(undefined);
      }
      expect(trained.endedBy).toBe("epochs");
      expect((await fit({ maxSeconds: 1e-3 })).endedBy).toBe("seconds");
      const { endedBy, bestEpoch } = await fit({ learningRate: 1e-30, patience: 1 });
      expect([endedBy, bestEpoch]).toEqual(["patience", 1]);
    });

    it("leaves no tensor behind, also after failures", async () => {
      const { tf } = await engine.tensorEngine();
      const before = tf.memory().numTensors;
      await fit({ epochs: 1 });
      await failing().catch(() => {});
      expect(tf.memory().numTensors - before, "tensors left behind").toBe(0);
      expect(engine.liveWorkspaces()).toBe(liveBefore);
    });
  });
}
