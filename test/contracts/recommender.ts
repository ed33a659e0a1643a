import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CorruptFileError, NotFoundError, NumericalError, setCurrentSignal } from "../../lib/core";
import { generateInteractions, type IfruSplit, ifruSplit, type Interactions, selectRows } from "../../lib/data";
import { liveWorkspaces } from "../../lib/engine";
import { auc } from "../../lib/metrics";
import type { Recommender } from "../../lib/models";

/** What the shared suite needs to know of a recommender. */
export interface RecommenderUnderTest<M extends Recommender & { save(path: string): Promise<void> }> {
  /** Trains with options that take a second at most. */
  fit(train: Interactions, valid: Interactions, seed: number): Promise<M>;
  /** Trains with a step so large that the loss runs away. */
  fitTooFast(train: Interactions, valid: Interactions): Promise<M>;
  /** A model as training starts from, made with every default. */
  initial(train: Interactions): M;
  load(path: string): Promise<M>;
  /** The summed loss of some rows and its gradient, one array per parameter, in the order of `parameters()`. */
  lossGradient(model: M, rows: Interactions): { loss: number; gradient: Float32Array[] };
  /** Step of the finite differences it is checked by; smaller where the loss has kinks. Default 2^-7. */
  differenceStep?: number;
}

/** What every recommender must do. A new one passes by one line: `describeRecommender("name", { … })`. */
export function describeRecommender<M extends Recommender & { save(path: string): Promise<void> }>(
  name: string,
  subject: RecommenderUnderTest<M>,
): void {
  describe(`${name} as a recommender`, () => {
    const liveBefore = liveWorkspaces();
    let folder: string;
    let split: IfruSplit;
    let model: M;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "recommender-"));
      const generated = generateInteractions({ userCount: 200, itemCount: 100, interactionsPerUser: 50, noise: 0.3 });
      split = ifruSplit(generated, { forgetFraction: 0 });
      model = await subject.fit(split.train, split.valid, 1);
    });
    afterAll(() => rm(folder, { recursive: true }));
    const bytes = (of: M) => of.parameters().map(({ values }) => Buffer.from(values.slice().buffer).toString("base64"));

    it("names its parameters and their shapes", () => {
      const parameters = subject.initial(split.train).parameters();
      expect(new Set(parameters.map((parameter) => parameter.name)).size).toBe(parameters.length);
      for (const { shape, values } of parameters)
        expect(values.length).toBe(shape.reduce((product, length) => product * length, 1));
    });

    it("learns: its test AUC is well above chance on data with structure", () => {
      const { user, item, label } = split.test;
      expect(auc(model.score(user, item), label)).toBeGreaterThan(0.75);
    });

    it("gives the same bytes for the same seed, and others for another", async () => {
      expect(bytes(await subject.fit(split.train, split.valid, 1))).toEqual(bytes(model));
      expect(bytes(await subject.fit(split.train, split.valid, 2))).not.toEqual(bytes(model));
    });

    it("scores a pair the same whatever it stands among", () => {
      const { user, item } = split.test;
      const scores = model.score(user, item);
      expect(model.score(user.subarray(3, 4), item.subarray(3, 4))[0]).toBe(scores[3]);
      expect(model.score(user.subarray(0, 0), item.subarray(0, 0)).length).toBe(0);
    });

    it("comes back from a file as it was", async () => {
      const path = join(folder, "saved.safetensors");
      await model.save(path);
      const loaded = await subject.load(path);
      expect(bytes(loaded)).toEqual(bytes(model));
      expect(loaded.kind).toBe(model.kind);
      expect(loaded.score(split.test.user, split.test.item)).toEqual(model.score(split.test.user, split.test.item));
    });

    it("refuses a damaged or missing file", async () => {
      const path = join(folder, "damaged.safetensors");
      await model.save(path);
      const content = await readFile(path);
      for (const at of [3, 40, content.length - 1]) {
        const damaged = Buffer.from(content);
        damaged[at] ^= 0x10;
        await writeFile(path, damaged);
        await expect(subject.load(path)).rejects.toThrow(CorruptFileError);
      }
      await expect(subject.load(join(folder, "nothing.safetensors"))).rejects.toThrow(NotFoundError);
      await expect(subject.load(folder)).rejects.toThrow(CorruptFileError);
    });

    it("has the gradient that finite differences give", () => {
      const rows = selectRows(
        split.train,
        Int32Array.from({ length: 200 }, (_, k) => k),
      );
      const { gradient } = subject.lossGradient(model, rows);
      model.parameters().forEach(({ values }, n) => {
        const strongest = gradient[n].reduce((best, g, k) => (Math.abs(g) > Math.abs(gradient[n][best]) ? k : best), 0);
        const kept = values[strongest];
        const h = subject.differenceStep ?? 2 ** -7;
        const moved = [h, -h].map((step) => {
          values[strongest] = kept + step;
          return subject.lossGradient(model, rows).loss;
        });
        values[strongest] = kept;
        expect((moved[0] - moved[1]) / (2 * h) / gradient[n][strongest]).toBeCloseTo(1, 2);
      });
    });

    it("stops at a loss that is not finite and says where", async () => {
      const failure = subject.fitTooFast(split.train, split.valid);
      await expect(failure).rejects.toThrow(NumericalError);
      await expect(failure).rejects.toThrow(/epoch \d+, batch \d+/);
    });

    it("can be interrupted", async () => {
      const controller = new AbortController();
      setCurrentSignal(controller.signal);
      const many = Int32Array.from({ length: 1_000_000 }, (_, k) => k % split.train.user.length);
      try {
        const running = subject.fit(selectRows(split.train, many), split.valid, 1);
        setTimeout(() => controller.abort(), 1);
        await expect(running).rejects.toThrow(/interrupted/);
      } finally {
        setCurrentSignal(undefined);
      }
    });

    it("leaves no workspace behind, also after failures", () => expect(liveWorkspaces()).toBe(liveBefore));
  });
}
