import { commandLine, InvalidArgumentError, NotFoundError, nowMs, provenance } from "../../core";
import { permutationTest } from "../../metrics";
import { bindingOf } from "../store/checkpoint-files";
import { codeOf, type RunCode } from "../store/code-version";
import { identifyRun } from "../config/identity";
import { referenceMethod } from "../config/compared-methods";
import { problemOf, runOf } from "../config/experiment-data";
import { retrainOf } from "../config/related-runs";
import {
  type Evaluation,
  type MethodOutcome,
  type Parts,
  type Prerequisite,
  type RunContext,
  type Seconds,
  type ModelOutputs,
  taskOf,
} from "../config/parts";
import { describeRun, type Run, type RunConfig } from "../config/run-config";
import { filesOf, prerequisiteFrom, writeFiles } from "../store/run-files";
import type { RunRecord, RunResult, RunState, SampleTest } from "../store/run-record";
import type { RunStore } from "../store/run-store";

/**
 * Computes one run and publishes it. Its prerequisites must be finished; the claim must be held.
 *
 * @throws InvalidArgumentError when its id is another's, InvalidDataError when the data read are not those of its
 *   identity
 * @throws NotFoundError when a prerequisite is not there
 * @throws CancelledError when it is interrupted; a training is saved first and goes on from there
 */
export async function executeRun(run: Run, store: RunStore, parts: Parts): Promise<void> {
  const start = nowMs();
  const busy = process.cpuUsage();
  const { config } = run;
  const task = taskOf(config, parts);
  requireOwnId(run, parts);
  const folder = await store.begin(run);
  const code = codeOf(config, parts);
  const problem = await problemOf(run, parts);
  const found = (await prerequisitesOf(run, store, parts)).map((record) => prerequisiteFrom(record, store, task));
  const prerequisites = (method: string, audit?: string) =>
    found.filter((other) => other.config.method === method && other.config.audit === audit);
  const prerequisite = (method: string): Prerequisite => prerequisites(method)[0] ?? undeclared(method);
  const context: RunContext = { config, task, ...problem, prerequisites, prerequisite };

  const outcome = config.audit === undefined ? await applyMethod(context, run, code, store, parts) : audited(context);
  const scores =
    config.audit !== undefined
      ? await task.audits[config.audit].scores({ ...context, audited: prerequisite(config.method) })
      : outcome.model === null
        ? null
        : await task.scores(outcome.model, problem);
  const retrained = await prerequisites(referenceMethod, config.audit).at(0)?.scores();
  const result: RunResult = {
    version: 1,
    ...run,
    ...(scores === null
      ? { metrics: {}, sampleTests: {} }
      : evaluate({ ...problem, scores, retrained: retrained ?? null }, config, parts)),
    facts: { ...outcome.facts, ...task.facts?.(problem) },
    files: await writeFiles(folder, { ...filesOf(outcome.model, scores, task), ...outcome.files }),
  };
  const { parallelSeconds, preparation = {} } = outcome;
  const seconds = sixDigits(outcome.seconds);
  const atOnce = parallelSeconds === undefined ? {} : { parallelSeconds: sixDigits(parallelSeconds) };
  const paidOnce = sixDigits(preparation);
  const environment = provenance();
  const took = { wholeSeconds: fourDigits((nowMs() - start) / 1000), processorSeconds: processorSecondsSince(busy) };
  const timing = { seconds, ...atOnce, preparation: paidOnce, ...took, codeVersion: code.version, environment };
  await store.keepCode(code);
  await store.publish(result, timing, outcome.history ?? []);
}

/** More digits of a second than a clock knows would be a fifth of a file of records. */
function sixDigits(stages: Seconds): Seconds {
  return Object.fromEntries(Object.entries(stages).map(([stage, seconds]) => [stage, Number(seconds.toPrecision(6))]));
}

const fourDigits = (seconds: number) => Number(seconds.toPrecision(4));

/** What the processors did for this process since then. One run is computed in a process at a time. */
function processorSecondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return fourDigits((user + system) / 1e6);
}

/** A grid file may have been changed by hand: no result is published under the id of another run. */
function requireOwnId({ id, config, dataHash, engine }: Run, parts: Parts): void {
  const own = identifyRun(config, parts, dataHash, engine).id;
  if (own === id) return;
  throw new InvalidArgumentError(`the config of run ${id} is that of run ${own}`, {
    where: describeRun(config),
    remedy: "plan the runs again",
  });
}

async function applyMethod(
  context: RunContext,
  { id, config }: Run,
  { version }: RunCode,
  store: RunStore,
  parts: Parts,
): Promise<MethodOutcome> {
  const checkpoints = await store.checkpointsOf(id, bindingOf(id, version, config));
  const training = { options: config.options.training, seed: config.seed, checkpoints };
  return parts.methods[config.method].run({ ...context, backbone: parts.backbones[config.backbone], training });
}

/** An audit changes nothing and costs the request nothing. */
function audited({ config, prerequisite }: RunContext): MethodOutcome {
  return { model: null, facts: prerequisite(config.method).facts, seconds: {} };
}

/** The finished runs a run rests on. */
async function prerequisitesOf(run: Run, store: RunStore, parts: Parts): Promise<RunRecord[]> {
  const records: RunRecord[] = [];
  for (const config of prerequisiteConfigs(run.config, parts)) {
    const { id } = await runOf(config, parts, run.engine);
    const state = await store.read(id);
    if (state.kind !== "done")
      throw new NotFoundError(`${config.method} (${id}), which ${run.id} rests on, is ${inWords(state)}`, {
        remedy: `compute it first; ${commandLine("experiment")} run does`,
      });
    records.push(state.record);
  }
  return records;
}

function inWords(state: RunState): string {
  return "problem" in state ? `${state.kind} (${state.problem})` : state.kind;
}

/** The configs a config rests on directly. An audit rests on what it looks at, and on the same audit of Retrain. */
export function prerequisiteConfigs(config: RunConfig, parts: Parts): RunConfig[] {
  const task = taskOf(config, parts);
  const { audit, ...audited } = config;
  if (audit === undefined) return parts.methods[config.method].prerequisites(config, task);
  const reference = config.method === referenceMethod ? [] : [{ ...retrainOf(audited), audit }];
  return [audited, ...reference, ...task.audits[audit].prerequisites(audited, task)];
}

function undeclared(method: string): never {
  throw new InvalidArgumentError(`"${method}" is used, but not among the method's prerequisites`, {
    remedy: "add it there",
  });
}

function evaluate(
  evaluation: Evaluation,
  { dataset, audit }: RunConfig,
  parts: Parts,
): Pick<RunResult, "metrics" | "sampleTests"> {
  const metrics: Record<string, number | null> = {};
  const sampleTests: Record<string, SampleTest> = {};
  const { scores, retrained } = evaluation;
  for (const [name, metric] of Object.entries(parts.metrics)) {
    if (metric.task !== parts.datasets[dataset].task || metric.audit !== audit || metric.value === undefined) continue;
    metrics[name] = metric.value(evaluation);
    if (metric.samples === undefined || retrained === null) continue;
    const [ours, theirs] = [scores, retrained].map((one: ModelOutputs) => metric.samples!(one, evaluation));
    if (ours.length === 0) continue; // a small request may have no sample with a history
    const { p, statistic, n } = permutationTest(ours, theirs, { rounds: 1000 });
    sampleTests[name] = { p, meanDifference: statistic, n };
  }
  return { metrics, sampleTests };
}
