import { identifyRun } from "./identity";
import { type Parts, type RunProblem, taskOf } from "./parts";
import type { Run, RunConfig } from "./run-config";

/** Splits that were loaded, the last few; every run of a grid needs the same ones. */
const loaded = new Map<string, Promise<unknown>>();
const remembered = 2;

/** A dataset, ready for training and evaluation. */
function loadSplit(config: RunConfig, parts: Parts): Promise<unknown> {
  const key = JSON.stringify([config.dataset, config.options.data]);
  const known = loaded.get(key) ?? parts.datasets[config.dataset].load(config.options.data);
  loaded.delete(key);
  loaded.set(key, known);
  known.catch(() => loaded.delete(key));
  for (const old of [...loaded.keys()].slice(0, -remembered)) loaded.delete(old);
  return known;
}

/** What a run works on. @param config complete (`resolveConfig`) */
export async function problemOf(config: RunConfig, parts: Parts): Promise<RunProblem> {
  const { request } = config.options;
  return taskOf(config, parts).requests[String(request["kind"])].problem(
    await loadSplit(config, parts),
    request,
    config.seed,
  );
}

const hashes = new Map<string, Promise<string>>();

/** A config with its identity. */
export async function runOf(config: RunConfig, parts: Parts, engine: string): Promise<Run> {
  const key = JSON.stringify([config.dataset, config.options.data]);
  const hash = hashes.get(key) ?? parts.datasets[config.dataset].hash(config.options.data);
  hashes.set(key, hash);
  return identifyRun(config, parts, await hash, engine);
}
