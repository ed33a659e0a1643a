import { InvalidOptionError, Random } from "../core";
import { type IfruSplit, interactionRows, rowCount, userRows } from "../data";
import type { UnlearningRequest } from "../training";
import type { Parts } from "./parts";
import type { Run, RunConfig } from "./run-config";
import { identifyRun } from "./run-config";

/** Splits that were loaded, the last few; every run of a grid needs the same ones. */
const loaded = new Map<string, Promise<IfruSplit>>();
const remembered = 2;

/** The data of a run. */
export function loadSplit(config: RunConfig, parts: Parts): Promise<IfruSplit> {
  const key = JSON.stringify([config.dataset, config.options.data]);
  const known = loaded.get(key) ?? parts.datasets[config.dataset].load(config.options.data);
  loaded.delete(key);
  loaded.set(key, known);
  known.catch(() => loaded.delete(key));
  for (const old of [...loaded.keys()].slice(0, -remembered)) loaded.delete(old);
  return known;
}

const hashes = new Map<string, Promise<string>>();

/** A config with its identity. */
export async function runOf(config: RunConfig, parts: Parts, engine: string): Promise<Run> {
  const key = JSON.stringify([config.dataset, config.options.data]);
  const hash = hashes.get(key) ?? parts.datasets[config.dataset].hash(config.options.data);
  hashes.set(key, hash);
  return identifyRun(config, await hash, engine);
}

/** What a run is asked to forget: the split's own forget set, or one user or interaction drawn by the run's seed. */
export function requestOf({ options, seed }: RunConfig, { train, forgetRows }: IfruSplit): UnlearningRequest {
  const kind = options.request["kind"];
  if (kind === "split") return { name: "split", train, forgetRows };
  if (kind === "user") {
    const [user] = Random.derive(seed, "request", "user").sample(train.userCount, 1);
    return { name: "user", train, forgetRows: userRows(train, user) };
  }
  if (kind === "interaction") {
    const [row] = Random.derive(seed, "request", "interaction").sample(rowCount(train), 1);
    return { name: "interaction", train, forgetRows: interactionRows(train, train.user[row], train.item[row]) };
  }
  throw new InvalidOptionError(`no request of kind "${String(kind)}"`, { remedy: "split, user or interaction" });
}
