import { describe, expect, it } from "vitest";
import { countNames, type Options, runOf } from "recsys-unlearning/experiments";
import { builtInParts } from "recsys-unlearning/reproduction";
import { engineName } from "recsys-unlearning/engine";
import type { Mf } from "recsys-unlearning/models";
import { newStore } from "../../experiments/tiny";
import { configOf, problemFor, recordOf } from "./generated";

const forgetting: [string, Options, string][] = [
  ...["ifru", "sisa", "receraser", "scif", "gradient-ascent"].flatMap((method) =>
    ["principled", "paper"].map((mode): [string, Options, string] => [method, { mode }, "mf"]),
  ),
  ["ifru", { mode: "principled" }, "lightgcn"],
  ["ifru", { mode: "paper" }, "lightgcn"],
  ["sisa", { slices: 2, shards: 2 }, "lightgcn"],
  ["receraser", { shards: 2, partition: "user" }, "lightgcn"],
  ["ifru", { damping: 1 }, "neural-mf"],
];

describe("a method of ratings", () => {
  const shared = newStore(); // originals and preparations serve several
  it.each(forgetting)(
    "%s %j on %s answers, counts what it took, and leaves a model that later runs can load",
    async (...given) => {
      const [method, options, backbone] = given;
      const few: Options = method === "sisa" || method === "receraser" ? { shards: 3 } : {};
      const store = await shared;
      const training = backbone === "neural-mf" ? { embeddingSize: 4, epochs: 2 } : undefined;
      const config = configOf(method, { ...few, ...options }, { kind: "split" }, backbone, training);
      const record = await recordOf(config, store);
      for (const name of countNames) expect(Object.keys(record.facts)).toContain(name);
      expect(record.metrics["auc"]).toBeGreaterThan(0.3);
      const model = await builtInParts.tasks["ratings"].load(await store.verifiedFile(record, "model.safetensors"));
      expect(model).toBeTruthy();
    },
  );
});

describe("preparations", () => {
  it("serve requests of every kind: lambda is calibrated, and shards are trained, once", async () => {
    const idsOf = async (method: string, kind: string) => {
      const config = configOf(method, {}, { kind });
      const { task } = builtInParts.datasets["generated"];
      const needed = builtInParts.methods[method].prerequisites(config, builtInParts.tasks[task]);
      const runs = await Promise.all(needed.map((other) => runOf(other, builtInParts, engineName())));
      return runs.filter((run) => run.config.method !== "retrain").map((run) => run.id);
    };
    for (const method of ["ifru", "sisa", "receraser", "gradient-ascent"]) {
      expect(await idsOf(method, "user")).toEqual(await idsOf(method, "split"));
      expect(await idsOf(method, "spam")).not.toEqual(await idsOf(method, "split")); // another Original
    }
  });

  it("are another run where lambda is calibrated in another way, and the same where that is spelt out", async () => {
    const { task } = builtInParts.datasets["generated"];
    const calibrationOf = async (backbone: string, damping?: string) => {
      const config = configOf("ifru", damping === undefined ? {} : { damping }, {}, backbone);
      const needed = builtInParts.methods["ifru"].prerequisites(config, builtInParts.tasks[task]);
      const one = needed.find(({ method }) => method === "ifru-calibration")!;
      return (await runOf(one, builtInParts, engineName())).id;
    };
    for (const backbone of ["mf", "lightgcn"]) {
      expect(await calibrationOf(backbone, "calibrated")).toBe(await calibrationOf(backbone));
      expect(await calibrationOf(backbone, "calibrated-flipped")).not.toBe(await calibrationOf(backbone));
    }
  });

  it("say which lambda they found, and forgetting takes that one", async () => {
    const store = await newStore();
    const found: unknown[] = [];
    for (const damping of ["calibrated", "calibrated-flipped"]) {
      const config = configOf("ifru", { damping });
      const { facts } = await recordOf(config, store);
      const task = builtInParts.tasks["ratings"];
      const calibration = builtInParts.methods["ifru"].prerequisites(config, task)[2];
      expect((await recordOf(calibration, store)).facts["damping"]).toBe(facts["damping"]);
      found.push(facts["damping"]);
    }
    expect(found[1]).not.toBe(found[0]);
  });

  it("are not trained again for modes that look at the partition alone", () => {
    const task = builtInParts.tasks["ratings"];
    const [principled, paper] = ["principled", "paper"].map(
      (mode) => builtInParts.methods["sisa"].prerequisites(configOf("sisa", { mode }), task)[0],
    );
    expect(paper).toEqual(principled);
  });
});

describe("a stream", () => {
  const quarter = (method: string, number: number) =>
    configOf(method, {}, { kind: "stream", quarter: number, requests: 4, of: "users" });

  it("is answered from where the quarter before left", async () => {
    const store = await newStore();
    for (const method of ["ifru", "sisa"]) {
      const [first, second] = [await recordOf(quarter(method, 1), store), await recordOf(quarter(method, 2), store)];
      expect(second.facts["forgetRows"]).toBeGreaterThan(Number(first.facts["forgetRows"]));
      expect(second.files["model.safetensors"]).not.toBe(first.files["model.safetensors"]);
      expect(await store.ids()).toContain(first.id);
    }
    const again = await recordOf(quarter("retrain", 2), store);
    expect(again.facts["rows"]).toBeLessThan(Number((await recordOf(quarter("retrain", 1), store)).facts["rows"]));
  });

  it("of items leaves nothing of them, nor of users who rated nothing else", async () => {
    const store = await newStore();
    const request = { kind: "stream", of: "items", quarter: 4, requests: 4, size: 20 };
    const record = await recordOf(configOf("ifru", {}, request), store);
    const path = await store.verifiedFile(record, "model.safetensors");
    const model = (await builtInParts.tasks["ratings"].load(path)) as Mf;
    const { train, forgetRows } = (await problemFor(request)).request;
    const asked = new Set(forgetRows);
    const emptied = (ids: Int32Array, count: number) => {
      const left = new Set(ids.filter((_, row) => !asked.has(row)));
      return [...Array(count).keys()].filter((id) => ids.includes(id) && !left.has(id));
    };
    const zeros = (table: Float32Array) =>
      [...Array(table.length / 4).keys()].filter((k) => table.subarray(4 * k, 4 * k + 4).every((value) => value === 0));
    const [users, items] = [emptied(train.user, train.userCount), emptied(train.item, train.itemCount)];
    expect(items).toHaveLength(80);
    expect(users.length).toBeGreaterThan(0);
    expect(zeros(model.userEmbedding)).toEqual(users);
    expect(zeros(model.itemEmbedding)).toEqual(items);
    expect(record.metrics["auc"]).not.toBeNull();
  });
});
