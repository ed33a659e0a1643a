import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { engineName } from "recsys-unlearning/engine";
import {
  codeOf,
  computeWithPrerequisites,
  holdToRecords,
  keepRecords,
  keptPresets,
  planRuns,
  readRecords,
  recordsToVerify,
  runOf,
  type RunRecord,
  type RunStore,
  sampleToVerify,
} from "recsys-unlearning/experiments";
import { builtInParts as parts, viewNamed } from "recsys-unlearning/reproduction";
import { newStore, tinyConfigs } from "./tiny";

const view = viewNamed("ifru-accuracy");
let store: RunStore;
let folder: string;
/** Retrain and IFRU's two modes, as other code is said to have made them. */
let older: RunRecord[];

beforeAll(async () => {
  store = await newStore();
  folder = await mkdtemp(join(tmpdir(), "records-"));
  older = [];
  for (const config of [...tinyConfigs(["method=retrain", "seed=1"]), ...tinyConfigs(["method=ifru", "seed=1"])]) {
    const run = await runOf(config, parts, engineName());
    await computeWithPrerequisites(run, store, parts);
    const state = await store.read(run.id);
    if (state.kind !== "done") throw new Error(state.kind);
    const codeVersion = codeOf(config, parts).version.replace(/^./, (digit) => (digit === "0" ? "1" : "0"));
    older.push({ ...state.record, codeVersion });
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** With another value of a metric: what other code might have found. */
const changed = (record: RunRecord): RunRecord => ({ ...record, metrics: { ...record.metrics, auc: 0.123 } });

describe("kept records of other code", () => {
  it("are computed again though an option is newer than they are", async () => {
    const [config] = tinyConfigs(["method=original", "seed=1"]);
    const complete = { ...config, method: "sisa", options: { ...config.options, method: { shards: 2 } } };
    const plan = await planRuns([complete], store, parts, engineName());
    expect(plan.map(({ run }) => run.config.method)).toEqual(["sisa-shards", "retrain", "sisa"]);
    expect(plan[0].run.config.options.method).toMatchObject({ shards: 2, slices: 1 });
  });

  it("are held to the present code where a sample agrees, and are stale no more", async () => {
    expect(recordsToVerify(older, parts)).toEqual(older);
    const shown = await holdToRecords(older, older, store, parts);
    expect(shown).toMatchObject({ agree: older, differ: [], missing: [], broken: [] });
    const verification = { commit: "c", codes: shown.codes, runs: shown.agree.map(({ id }) => id) };
    await keepRecords(view, "tiny", older, folder, [verification]);
    const kept = await readRecords(view, "tiny", folder);
    expect(recordsToVerify(kept, parts)).toEqual([]);
    expect(kept.map(({ codeVersion }) => codeVersion)).toEqual(older.map(({ codeVersion }) => codeVersion));
    await keepRecords(view, "tiny", kept, folder); // as keeping the experiment again does
    expect(recordsToVerify(await readRecords(view, "tiny", folder), parts)).toEqual([]);
    const [header, ...lines] = (await readFile(join(folder, `${view.name}-tiny.jsonl`), "utf8")).split("\n");
    expect(header).toContain('"commit":"c"');
    expect(lines.join("\n")).not.toContain("heldTo");
  });

  it("stay stale where the sample has nothing of a part of theirs", async () => {
    const [retrain] = older;
    const { codes, broken } = await holdToRecords(older, [retrain], store, parts);
    expect(codes).toEqual({ [retrain.codeVersion]: codeOf(retrain.config, parts).version });
    expect(broken).toEqual([]);
  });

  it("are all broken where training gives something else, and only those of a method where that does", async () => {
    const [retrain, ...ifru] = older;
    const training = await holdToRecords(older, [changed(retrain), ...ifru], store, parts);
    expect(training.differ).toEqual([{ record: changed(retrain), what: ["metrics auc"] }]);
    expect(training.broken).toEqual(older);
    expect(training.codes).toEqual({});
    const method = await holdToRecords(older, [retrain, changed(ifru[0]), ...ifru.slice(1)], store, parts);
    expect(method.broken).toEqual([ifru[0]]);
    expect(Object.keys(method.codes)).not.toContain(ifru[0].codeVersion);
  });

  it("may lack a fact that later code notes, and no other", async () => {
    const [retrain] = older;
    const { bestEpoch, ...facts } = retrain.facts;
    expect(typeof bestEpoch).toBe("number");
    expect((await holdToRecords([retrain], [{ ...retrain, facts }], store, parts)).differ).toEqual([]);
    const more = { ...retrain, facts: { ...retrain.facts, forgotten: 3 } };
    expect((await holdToRecords([retrain], [more], store, parts)).differ[0].what).toEqual(["facts forgotten"]);
  });
});

describe("a sample of kept records", () => {
  it("shows a method by a run of its own, though an audit of it is quicker; by the audit where there is no other", () => {
    const [, own] = older;
    const audit = { ...own, id: "audit", seconds: { forgetting: 0 }, config: { ...own.config, audit: "margins" } };
    const long = { ...own, seconds: { forgetting: 1000 } };
    expect(sampleToVerify([audit, long], 1, 1).map(({ id }) => id)).toContain(own.id);
    expect(sampleToVerify([audit], 1, 1)).toEqual([audit]);
  });

  it("has every dataset, request and audit, and every method on every backbone in every mode", async () => {
    const kept: RunRecord[] = [];
    for (const name of ["ifru-accuracy", "cau-main", "ifru-completeness"])
      for (const preset of await keptPresets(viewNamed(name)))
        kept.push(...(await readRecords(viewNamed(name), preset)));
    const sample = sampleToVerify(kept, 1, 7);
    expect(sample.length).toBeLessThan(kept.length / 10);
    const count = (records: readonly RunRecord[], of: (record: RunRecord) => unknown) =>
      new Set(records.map((record) => JSON.stringify(of(record)))).size;
    for (const of of [
      ({ config }: RunRecord) => config.dataset,
      ({ config }: RunRecord) => config.options.request["kind"],
      ({ config }: RunRecord) => config.audit !== undefined && [config.audit, config.backbone],
      ({ config }: RunRecord) => [config.method, config.backbone, config.options.method["mode"]],
    ])
      expect(count(sample, of)).toBe(count(kept, of));
    expect(sampleToVerify(kept, 1, 7).map(({ id }) => id)).toEqual(sample.map(({ id }) => id));
    expect(sampleToVerify(kept, 1, 8).map(({ id }) => id)).not.toEqual(sample.map(({ id }) => id));
  });
});
