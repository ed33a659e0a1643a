import { describe, expect, it } from "vitest";
import { itemMargin } from "recsys-unlearning/audits";
import { withoutRows } from "recsys-unlearning/data";
import { engineName } from "recsys-unlearning/engine";
import {
  computeWithPrerequisites,
  type Options,
  type Prerequisite,
  resolveConfig,
  type RunConfig,
  runOf,
  type RunStore,
  viewResult,
} from "recsys-unlearning/experiments";
import { Popularity } from "recsys-unlearning/models";
import { builtInParts, viewNamed } from "recsys-unlearning/reproduction";
import { readOutputs } from "../../../lib/reproduction/ratings/attribution/outputs-file";
import { newStore } from "../../experiments/tiny";
import { temporaryFolder } from "../../temporary-folders";
import { problemFor } from "./generated";

const asked: Options = { kind: "session-subsets", keptShare: 0.5, subsets: 6, retrainings: 2, outputs: 30 };
const training: Options = { embeddingSize: 4, learningRate: 0.02, epochs: 2 };

function configOf(method: string, request: Options = asked): RunConfig {
  const options = { data: {}, training, request, method: {} };
  return resolveConfig({ dataset: "generated-sessions", backbone: "gru4rec", method, options, seed: 1 }, builtInParts);
}

async function computed(config: RunConfig, store: RunStore) {
  const run = await runOf(config, builtInParts, engineName());
  await computeWithPrerequisites(run, store, builtInParts);
  const state = await store.read(run.id);
  if (state.kind !== "done") throw new Error(`${config.method} is ${state.kind}`);
  const { record } = state;
  const files = { file: async (name: string) => store.verifiedFile(record, name) } as unknown as Prerequisite;
  return { record, files };
}

describe("a request of session subsets", () => {
  it("leaves whole sessions out, as many in every case, and looks at events of test sessions", async () => {
    const { split, request } = await problemFor(asked);
    const { cases, samples } = request.leftOut!;
    expect(request.forgetRows).toHaveLength(0);
    expect(cases).toHaveLength(6);
    expect(samples.target).toHaveLength(30);
    const { offsets, row, user } = split.train;
    for (const left of cases) {
      const gone = new Set(left);
      const ofSession = Array.from(user, (_, s) => [...row.subarray(offsets[s], offsets[s + 1])]);
      const touched = ofSession.filter((rows) => rows.some((one) => gone.has(one)));
      expect(touched).toHaveLength(Math.round(user.length / 2));
      expect(touched.flat().every((one) => gone.has(one))).toBe(true);
    }
    expect(new Set(cases.map((left) => left.join())).size).toBe(6);
  });
});

describe("estimates on session models", () => {
  it("are margins of every case: popularity's by counting, as it is done here", async () => {
    const store = await newStore();
    const { files } = await computed(configOf("popularity-estimate"), store);
    const { split, request } = await problemFor(asked);
    const { cases, samples } = request.leftOut!;
    const found = await readOutputs(files);
    cases.forEach((left, k) => {
      const { counts } = Popularity.count(withoutRows(split.train, left));
      const logits = counts.map((count) => Math.log(count + 1));
      expect([...found[k]]).toEqual(Array.from(samples.target, (item) => Math.fround(itemMargin(logits, item))));
    });
  });

  it("are held to retrainings, which serve all; the same to the byte again", async () => {
    const [store, other] = [await newStore(), await newStore()];
    const config = { ...configOf("output-influence-estimate"), audit: "attribution" };
    const [found, again] = [await computed(config, store), await computed(config, other)];
    expect(again.record.metrics).toEqual(found.record.metrics);
    expect(again.record.files).toEqual(found.record.files);
    await computed({ ...configOf("popularity-estimate"), audit: "attribution" }, store);
    const states = await Promise.all((await store.ids()).map((id) => store.read(id)));
    const retrained = states.filter(
      (state) => state.kind === "done" && state.record.config.method === "session-case-retrainings",
    );
    expect(retrained).toHaveLength(2);
  });

  it("refuse a request without cases", async () => {
    const config = configOf("popularity-estimate", { kind: "session-items" });
    await expect(computed(config, await newStore())).rejects.toThrow(/session-items has no cases/);
  });
});

describe("ifru-validity-sessions at its tiny preset", () => {
  it("has a score for every estimate, and the ceiling", async () => {
    const options = { preset: "tiny", store: temporaryFolder("validity-"), compute: true } as const;
    const { summary } = await viewResult(viewNamed("ifru-validity-sessions"), builtInParts, engineName(), options);
    expect(summary.missing).toBe(0);
    expect(summary.rows).toHaveLength(8);
    for (const { metrics } of summary.rows) {
      expect(metrics["session-attribution-score"].mean).not.toBeNull();
      expect(metrics["session-attribution-ceiling"].mean).not.toBeNull();
    }
  });
});
