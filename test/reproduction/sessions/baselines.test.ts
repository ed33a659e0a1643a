import { describe, expect, it } from "vitest";
import { engineName } from "recsys-unlearning/engine";
import { builtInParts as parts } from "recsys-unlearning/reproduction";
import {
  expandView,
  findRuns,
  planRuns,
  runLocally,
  type RunRecord,
  summariseRuns,
  summaryTable,
  type View,
} from "recsys-unlearning/experiments";
import { SessionEnsemble } from "recsys-unlearning/models";
import { newStore } from "../../experiments/tiny";
import { task } from "./generated";

const training = { embeddingSize: 8, maxLength: 5, epochs: 2, learningRate: 0.02, batchSize: 64 };

/** What sessions are forgotten by, at its smallest. */
const view: View = {
  name: "baselines",
  title: "Baselines of sessions",
  metrics: ["session-recall@10", "hit-u@10"],
  timing: true,
  grids: {
    tiny: [
      {
        datasets: [{ name: "generated-sessions", options: { userCount: 60, itemCount: 40 } }],
        backbones: [{ name: "gru4rec", options: training }],
        methods: [
          { name: "retrain" },
          { name: "fine-tune", options: { epochs: 1 } },
          { name: "session-sisa", options: { shards: 1 } },
          { name: "session-sisa", options: { shards: 3 } },
          { name: "session-sisa", options: { shards: 3, mode: "paper", aggregation: "logits" } },
          { name: "sru", options: { shards: 3, aggregationEpochs: 2 } },
          { name: "sru", options: { shards: 3, mode: "paper", aggregationEpochs: 2, deletion: "nearest" } },
        ],
        options: [{ request: { kind: "session-items", share: 0.1 } }],
        seeds: [1],
      },
    ],
    quick: [],
    full: [],
  },
};

describe("the baselines of sessions", () => {
  it("are run, from their preparations where they have any, judged, timed both ways and kept", async () => {
    const store = await newStore();
    const configs = expandView(view, { preset: "tiny" }, parts);
    const plan = await planRuns(configs, store, parts, engineName());
    const { failed } = await runLocally(plan, store, parts, { workers: 1, label: view.name });
    expect(failed).toEqual([]);
    const { records } = await findRuns(configs, store, [], parts, engineName());
    const [retrain, fineTuned, one, three, paper, sru, sruPaper] = records;
    // one shard is Retrain
    for (const [name, value] of Object.entries(retrain.metrics))
      expect(one.metrics[name], name).toBe(name.startsWith("hit-gap") ? 0 : value);
    expect(one.facts["gradientRows"]).toBe(retrain.facts["gradientRows"]);
    expect(three.facts["retrainedShards"]).toBe(3);
    expect(three.facts["removedRows"]).toBe(three.facts["forgetRows"]);
    expect(Number(paper.facts["removedRows"])).toBeGreaterThan(Number(three.facts["removedRows"]));
    expect(sru.facts).toMatchObject({ aggregationEpochs: 2, removedRows: 2 * Number(sru.facts["forgetRows"]) });
    expect(sruPaper.config.options.method).toMatchObject({ centroids: "scalar", removal: "truncate-early" });
    expect(fineTuned.facts).toMatchObject({ epochs: 1, gradientRows: fineTuned.facts["samples"] });
    const seconds = (record: RunRecord, at: "seconds" | "parallelSeconds") => record[at]?.["training"] ?? NaN;
    expect(seconds(three, "parallelSeconds")).toBeLessThan(seconds(three, "seconds"));
    expect(retrain.parallelSeconds).toBeUndefined();
    expect(three.preparation?.["training"]).toBeGreaterThan(0);
    const model = await task.load(await store.verifiedFile(three, "model.safetensors"));
    expect(model).toBeInstanceOf(SessionEnsemble);
    const shown = summaryTable(summariseRuns(view, "tiny", records, configs.length, parts), view, parts).toText();
    expect(shown).toMatch(/shards at once[^]*SISA[^]*SISA, mean of logits \(paper\)[^]*SRU[^]*SRU, NED 1 \(paper\)/);
  });
});
