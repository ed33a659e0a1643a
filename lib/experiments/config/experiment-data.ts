import { announce, CancelledError, InvalidDataError } from "../../core";
import { identifyRun } from "./identity";
import { type DatasetPart, type Parts, type RunProblem, taskOf } from "./parts";
import type { Run, RunConfig } from "./run-config";

interface LoadedSplit {
  readonly part: DatasetPart;
  /** Of the data options. */
  readonly key: string;
  readonly split: Promise<unknown>;
}

/** Splits that were loaded, the last few; every run of a grid needs the same ones. */
let loaded: readonly LoadedSplit[] = [];
const remembered = 2;

const partOf = ({ dataset }: RunConfig, parts: Parts): DatasetPart => parts.datasets[dataset];
const keyOf = ({ options }: RunConfig): string => JSON.stringify(options.data);

/** A dataset, ready for training and evaluation. What failed is not remembered. */
async function loadSplit(config: RunConfig, parts: Parts): Promise<unknown> {
  const [part, key] = [partOf(config, parts), keyOf(config)];
  const known = loaded.find((one) => one.part === part && one.key === key);
  const entry = known ?? { part, key, split: part.load(config.options.data) };
  loaded = [...loaded.filter((one) => one !== entry), entry].slice(-remembered);
  try {
    return await entry.split;
  } catch (error) {
    loaded = loaded.filter((one) => one !== entry);
    throw error;
  }
}

/**
 * A dataset whose content is that of a run's identity, where the dataset tells what it read.
 *
 * @throws InvalidDataError for another
 */
async function splitOf({ config, dataHash }: Run, parts: Parts): Promise<unknown> {
  const { contentOf } = partOf(config, parts);
  let split = await loadSplit(config, parts);
  if (contentOf === undefined || isContent(contentOf(split), dataHash)) return split;
  loaded = []; // the file may have changed since
  split = await loadSplit(config, parts);
  const found = contentOf(split);
  if (isContent(found, dataHash)) return split;
  throw new InvalidDataError(`what was read of ${config.dataset} is not what the run is of`, {
    where: `sha256 of the content ${found}, not ${dataHash}`,
    remedy: "run it again: the data have changed since it was planned, and it gets an id of its own",
  });
}

const isContent = (found: string | undefined, dataHash: string) => found === undefined || found === dataHash;

/** What a run works on. @throws InvalidDataError when the data that were read are not those of the run's identity */
export async function problemOf(run: Run, parts: Parts): Promise<RunProblem> {
  const { request } = run.config.options;
  const split = await splitOf(run, parts);
  return taskOf(run.config, parts).requests[String(request["kind"])].problem(split, request, run.config.seed);
}

/**
 * Loads what runs are going to work on, so that it is fetched and its hash is known before they are named by it. What
 * cannot be loaded is left to the runs, which say so.
 *
 * @returns whether some content is another than its runs are named by
 */
export async function loadContents(runs: readonly Run[], parts: Parts): Promise<boolean> {
  const first = new Map(runs.map((run) => [run.config.dataset, run]));
  let differs = false;
  for (const { config, dataHash } of first.values()) {
    const { contentOf } = partOf(config, parts);
    if (contentOf === undefined) continue;
    try {
      differs = !isContent(contentOf(await loadSplit(config, parts)), dataHash) || differs;
    } catch (error) {
      if (error instanceof CancelledError) throw error;
      announce(`${config.dataset} cannot be loaded: ${(error as Error).message}`);
    }
  }
  return differs;
}

let hashes = new Map<DatasetPart, Map<string, Promise<string>>>();

/** Looks again at what is on this machine: files come and go between two commands of a notebook. */
export function forgetHashes(): void {
  hashes = new Map();
}

async function hashOf(config: RunConfig, parts: Parts): Promise<string> {
  const part = partOf(config, parts);
  const ofPart = hashes.get(part) ?? new Map<string, Promise<string>>();
  const hash = ofPart.get(keyOf(config)) ?? part.hash(config.options.data);
  hashes.set(part, ofPart.set(keyOf(config), hash));
  try {
    return await hash;
  } catch (error) {
    ofPart.delete(keyOf(config)); // a failure is not remembered
    throw error;
  }
}

/**
 * A config with its identity.
 *
 * @example
 * const [config] = expandView(viewNamed("ifru-accuracy"), { preset: "tiny" }, builtInParts);
 * const { id } = await runOf(config, builtInParts, "wasm");
 * await new RunStore("runs").read(id); // what is known of it
 */
export async function runOf(config: RunConfig, parts: Parts, engine: string): Promise<Run> {
  return identifyRun(config, parts, await hashOf(config, parts), engine);
}
