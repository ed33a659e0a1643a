import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { InvalidArgumentError, NotFoundError, provenance, sha256OfFile, writeFileAtomic } from "../core";
import type { IfruSplit } from "../data";
import { permutationTest } from "../metrics";
import { decodeTensors, encodeTensors } from "../models";
import type { UnlearningRequest } from "../training";
import { codeVersion } from "./code-version";
import { loadSplit, requestOf, runOf } from "./experiment-data";
import type { ExperimentModel, MethodOutcome, Parts, Prerequisite, Scores } from "./parts";
import type { Run, RunConfig } from "./run-config";
import type { RunRecord, RunResult, RunStore, SampleTest } from "./run-store";

const modelFile = "model.safetensors";
const scoresFile = "scores.safetensors";

/**
 * Computes one run and publishes it. Its prerequisites must be finished; the claim must be held.
 *
 * @throws NotFoundError when a prerequisite is not there
 * @throws CancelledError when it is interrupted; a training is saved first and goes on from there
 */
export async function executeRun(run: Run, store: RunStore, parts: Parts): Promise<void> {
  const { config } = run;
  const method = parts.methods[config.method];
  await store.begin(run);
  const split = await loadSplit(config, parts);
  const request = requestOf(config, split);
  const backbone = parts.backbones[config.backbone];
  const records = await prerequisitesOf(run, store, parts);
  const training = { options: config.options.training, seed: config.seed, checkpoints: store.checkpointsOf(run.id) };
  const prerequisite = async (name: string): Promise<Prerequisite> => {
    const record = recordOf(records, name);
    return { facts: record.facts, model: async () => backbone.load(await store.verifiedFile(record, modelFile)) };
  };
  const outcome = await method.run({ config, split, request, backbone, training, prerequisite });
  const retrainRecord = records.find((record) => record.config.method === "retrain");
  const retrained = retrainRecord && (await readScores(await store.verifiedFile(retrainRecord, scoresFile)));
  const scores = outcome.model && scoresOf(outcome.model, split, request);
  const result: RunResult = {
    version: 1,
    ...run,
    ...(scores === null
      ? { metrics: {}, sampleTests: {} }
      : evaluate(scores, retrained ?? null, split, request, parts)),
    facts: outcome.facts,
    files: await writeFiles(store.folderOf(run.id), outcome, scores, method.keepsModel ? backbone.save : null),
  };
  const timing = { seconds: outcome.seconds, codeVersion: codeVersion(), environment: provenance() };
  await store.publish(result, timing, outcome.history ?? []);
}

/** The finished runs a run rests on. */
async function prerequisitesOf(run: Run, store: RunStore, parts: Parts): Promise<RunRecord[]> {
  const records: RunRecord[] = [];
  for (const config of prerequisiteConfigs(run.config, parts)) {
    const { id } = await runOf(config, parts, run.engine);
    const state = await store.read(id);
    if (state.kind !== "done")
      throw new NotFoundError(`${config.method} (${id}), which ${run.id} rests on, is ${state.kind}`, {
        remedy: "compute it first; `npm run experiment -- run` does",
      });
    records.push(state.record);
  }
  return records;
}

/** The configs a config rests on directly. */
export function prerequisiteConfigs(config: RunConfig, parts: Parts): RunConfig[] {
  return parts.methods[config.method].prerequisites(config);
}

function recordOf(records: readonly RunRecord[], method: string): RunRecord {
  const record = records.find(({ config }) => config.method === method);
  if (record === undefined)
    throw new InvalidArgumentError(`"${method}" is used, but not among the method's prerequisites`, {
      remedy: "add it there",
    });
  return record;
}

/** Logits of a model on everything that metrics look at. */
function scoresOf(
  model: ExperimentModel,
  { test, valid }: IfruSplit,
  { train, forgetRows }: UnlearningRequest,
): Scores {
  const at = (column: Int32Array) => forgetRows.map((row) => column[row]);
  return {
    test: model.score(test.user, test.item),
    valid: model.score(valid.user, valid.item),
    forget: model.score(at(train.user), at(train.item)),
  };
}

function evaluate(
  scores: Scores,
  retrained: Scores | null,
  split: IfruSplit,
  request: UnlearningRequest,
  parts: Parts,
): Pick<RunResult, "metrics" | "sampleTests"> {
  const metrics: Record<string, number | null> = {};
  const sampleTests: Record<string, SampleTest> = {};
  for (const [name, metric] of Object.entries(parts.metrics)) {
    metrics[name] = metric.value({ split, request, scores, retrained });
    if (metric.samples === undefined || retrained === null) continue;
    const [ours, theirs] = [metric.samples(scores, split), metric.samples(retrained, split)];
    const { p, statistic, n } = permutationTest(ours, theirs, { rounds: 1000 });
    sampleTests[name] = { p, meanDifference: statistic, n };
  }
  return { metrics, sampleTests };
}

/** Writes what other runs need of this one, and gives the hashes. */
async function writeFiles(
  folder: string,
  { model }: MethodOutcome,
  scores: Scores | null,
  save: ((model: ExperimentModel, path: string) => Promise<void>) | null,
): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  if (model !== null && save !== null) {
    await save(model, join(folder, modelFile));
    files[modelFile] = await sha256OfFile(join(folder, modelFile));
  }
  if (scores !== null) {
    const tensors = new Map(
      Object.entries(scores).map(([name, values]: [string, Float32Array]) => [
        name,
        { shape: [values.length], values },
      ]),
    );
    await writeFileAtomic(join(folder, scoresFile), encodeTensors({ tensors, metadata: { kind: "scores" } }));
    files[scoresFile] = await sha256OfFile(join(folder, scoresFile));
  }
  return files;
}

async function readScores(path: string): Promise<Scores> {
  const { tensors } = decodeTensors(await readFile(path), path);
  const values = (name: string) => tensors.get(name)?.values as Float32Array;
  return { test: values("test"), valid: values("valid"), forget: values("forget") };
}
