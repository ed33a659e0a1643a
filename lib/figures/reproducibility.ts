import { join } from "node:path";
import { readFileSync } from "node:fs";
import { canonicalJson, libFolder, type Provenance } from "../core";
import type { Parts, RunConfig, RunRecord, SelectedResult } from "../experiments";

/** A value that some runs share. */
export interface Shared<T> {
  readonly value: T;
  readonly runs: number;
}

/** What a paper says of how its results were computed, as the records have it. */
export interface Reproducibility {
  /** Names of views. */
  readonly experiments: readonly string[];
  /** Runs behind what is shown, audits among them; one that two views share counts once. */
  readonly runs: number;
  /** Ascending. */
  readonly seeds: readonly number[];
  /** The fewest and the most seeds that a row is over. */
  readonly seedsPerRow: readonly [number, number];
  readonly software: { readonly name: string; readonly version: string };
  readonly engines: readonly string[];
  /** Whole commits, the one with the most runs first; `null` where a run was computed outside a checkout. */
  readonly commits: readonly Shared<Provenance["commit"]>[];
  /** Runs whose sources differed from their commit. */
  readonly uncommitted: number;
  /** Versions of the code that runs import: hashes, the one with the most runs first. */
  readonly codeVersions: readonly Shared<string>[];
  /** Runs of older code whose results a recomputation of samples has held to later code. */
  readonly heldToLaterCode: number;
  /** Releases of Node. */
  readonly nodes: readonly Shared<string>[];
  readonly machines: readonly Shared<Pick<Provenance, "cpu" | "cores" | "platform">>[];
  /** Of the runs one after another, preparations among them. */
  readonly seconds: number;
  /** Of what was paid once for a trained model and serves every request, however many runs rest on it. */
  readonly preparationSeconds: number;
  /** sha256 of the content that was read; a file that serves two tasks has two labels. */
  readonly data: readonly { readonly labels: readonly string[]; readonly sha256: string }[];
}

/**
 * How the results of some views were computed: seeds, code, machines, time and data. It is over the runs behind the
 * rows that are shown and behind those they are compared with.
 *
 * @param results selected (`experiment(…).select(…)`); the same view twice, with two selections, is no matter
 * @example
 * const { result } = await experiment("ifru-time");
 * const facts = reproducibilityOf([selectResult(result, builtInParts, { dataset: "ml-100k" })], builtInParts);
 * console.log(facts.runs, facts.seeds, facts.seconds / 3600);
 */
export function reproducibilityOf(results: readonly SelectedResult[], parts: Parts): Reproducibility {
  const rows = results.flatMap(({ compared }) => compared.rows);
  const records = distinct(results.flatMap(recordsShown));
  const environments = records.map(({ environment }) => environment);
  const preparationSeconds = preparations(records);
  const counts = rows.map(({ seeds }) => seeds.length);
  return {
    experiments: [...new Set(results.map(({ view }) => view.name))],
    runs: records.length,
    seeds: [...new Set(records.map(({ config }) => config.seed))].sort((a, b) => a - b),
    seedsPerRow: [Math.min(...counts), Math.max(...counts)],
    software: software(),
    engines: [...new Set(records.map(({ engine }) => engine))].sort(),
    commits: shared(environments.map(({ commit }) => commit)),
    uncommitted: environments.filter(({ dirty }) => dirty === true).length,
    codeVersions: shared(records.map(({ codeVersion }) => codeVersion)),
    heldToLaterCode: records.filter(({ heldTo }) => heldTo !== undefined).length,
    nodes: shared(environments.map(({ node }) => node)),
    machines: shared(environments.map(({ cpu, cores, platform }) => ({ cpu, cores, platform }))),
    seconds: sum(records.map(({ seconds }) => sum(Object.values(seconds)))) + preparationSeconds,
    preparationSeconds,
    data: dataOf(records, parts),
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** What a row is over: runs that differ in their seed alone, and their audits. */
const rowKey = ({ dataset, backbone, method, options }: Omit<RunConfig, "seed">): string =>
  canonicalJson({ dataset, backbone, method, options });

function recordsShown({ found, compared }: SelectedResult): RunRecord[] {
  const rows = new Set(compared.rows.map(rowKey));
  return found.records.filter(({ config }) => rows.has(rowKey(config)));
}

function distinct(records: readonly RunRecord[]): readonly RunRecord[] {
  const byId = new Map<string, RunRecord>();
  for (const record of records) if (!byId.has(record.id)) byId.set(record.id, record);
  return [...byId.values()];
}

/** Values with how many runs have each, the most first, then in their order of JSON. */
function shared<T>(values: readonly T[]): Shared<T>[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(canonicalJson(value), (counts.get(canonicalJson(value)) ?? 0) + 1);
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return sorted.map(([json, runs]) => ({ value: JSON.parse(json) as T, runs }));
}

/**
 * Seconds of preparations. Every run notes those of the preparation that it rests on: the same stage of the same
 * trained model with the same six digits is one measurement.
 */
function preparations(records: readonly RunRecord[]): number {
  const once = new Map<string, number>();
  for (const { config, preparation = {} } of records) {
    const { data, training } = config.options;
    const model = [config.dataset, config.backbone, data, training, config.seed];
    for (const [stage, seconds] of Object.entries(preparation))
      once.set(canonicalJson([model, stage, seconds]), seconds);
  }
  return sum([...once.values()]);
}

function dataOf(records: readonly RunRecord[], parts: Parts): Reproducibility["data"] {
  const labels = new Map<string, Set<string>>();
  for (const { config, dataHash } of records) {
    const label = parts.datasets[config.dataset].label ?? config.dataset;
    labels.set(dataHash, (labels.get(dataHash) ?? new Set()).add(label));
  }
  return [...labels].map(([sha256, all]) => ({ labels: [...all].sort(), sha256 }));
}

function software(): Reproducibility["software"] {
  const manifest = readFileSync(join(libFolder(), "package.json"), "utf8");
  const { name, version } = JSON.parse(manifest) as Reproducibility["software"];
  return { name, version };
}
