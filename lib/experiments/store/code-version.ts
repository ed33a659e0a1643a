import { readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { buildRemedy, canonicalJson, CorruptFileError, libFolder, NotFoundError, sha256 } from "../../core";
import { type Parts, type PartVersion, taskOf } from "../config/parts";
import { defaultsOf } from "../config/resolve";
import type { RunConfig } from "../config/run-config";

/** The code that computes a run. */
export interface RunCode {
  /** Hash of `modules`, 16 hexadecimal digits. */
  readonly version: string;
  /** Hash of every module's JavaScript without comments, by name, such as `ifru/solve`. */
  readonly modules: Readonly<Record<string, string>>;
}

/** What the build found out about the modules of `lib` (`scripts/code-graph.mjs`). */
interface CodeGraph {
  readonly version: 1;
  readonly modules: Readonly<Record<string, { readonly hash: string; readonly imports: readonly string[] }>>;
}

/** Modules of `core` that cannot change a result: what is said and stored, not what is computed. */
const silent = ["ambient", "announce", "cancellation", "claim", "display", "errors", "files", "marker", "paths"]
  .concat("processes", "progress", "provenance", "text")
  .map((name) => `core/${name}`);

/**
 * Modules that fetch and read data. A record holds the hash of the content they gave (`dataHash`), so that another way
 * to the same content is the same run, and other content another run.
 */
const held = /^data\/(catalogue|reading)\//;

let graph: CodeGraph["modules"] | undefined;
const known = new WeakMap<Parts, Map<string, RunCode>>();

/**
 * What code computes a run: the modules that hold its dataset, backbone, method, request, audit and task, and all they
 * import, transitively. Views, tables, figures, storage and progress are not among them; nor are metrics, which tests
 * hold to oracles, and the reading of data, whose outcome the record holds by its hash.
 *
 * @throws NotFoundError when lib has not been built
 * @example
 * const [config] = expandView(viewNamed("ifru-accuracy"), { preset: "quick" }, builtInParts);
 * codeOf(config, builtInParts).modules["models/mf"]; // its hash: another where that file computes something else
 */
export function codeOf(config: RunConfig, parts: Parts): RunCode {
  const { dataset, backbone, method, audit, options } = config;
  const key = JSON.stringify([dataset, backbone, method, audit, options.request["kind"]]);
  const ofParts = known.get(parts) ?? new Map<string, RunCode>();
  known.set(parts, ofParts);
  const found = ofParts.get(key) ?? hashed(partsOf(config, parts));
  ofParts.set(key, found);
  return found;
}

/**
 * The version of what a module of ours and all it imports do.
 *
 * @param path of its file
 * @throws NotFoundError when lib has not been built
 * @example
 * moduleVersion(`${libFolder()}/dist/ifru/ifru.js`); // 16 hexadecimal digits
 */
export function moduleVersion(path: string): string {
  const modules = new Map<string, string>();
  addModule(moduleName(path), path, modules);
  return versionOf(Object.fromEntries([...modules].sort(([a], [b]) => (a < b ? -1 : 1))));
}

/**
 * Names of the modules that differ between two codes, sorted.
 *
 * @example
 * const before = { "core/hash": "b2", "ifru/solve": "a1" };
 * changedModules(before, { ...before, "ifru/solve": "c3" }); // ["ifru/solve"]
 */
export function changedModules(before: RunCode["modules"], now: RunCode["modules"]): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...names].filter((name) => before[name] !== now[name]).sort();
}

function partsOf(config: RunConfig, parts: Parts): Record<string, PartVersion> {
  const task = taskOf(config, parts);
  const kind = String(defaultsOf(config, parts).request["kind"]);
  return {
    task: { code: task.code },
    [`dataset ${config.dataset}`]: parts.datasets[config.dataset],
    [`backbone ${config.backbone}`]: parts.backbones[config.backbone],
    [`method ${config.method}`]: parts.methods[config.method],
    [`request ${kind}`]: task.requests[kind],
    ...(config.audit === undefined ? {} : { [`audit ${config.audit}`]: task.audits[config.audit] }),
  };
}

function hashed(named: Readonly<Record<string, PartVersion>>): RunCode {
  const modules = new Map<string, string>();
  for (const [name, part] of Object.entries(named)) {
    for (const path of [part.code ?? []].flat()) addModule(moduleName(path), path, modules);
    if (part.code === undefined) modules.set(name, sha256(textOf(part)).slice(0, 16));
    else if (part.source !== undefined) modules.set(name, sha256(textOf(part.source)).slice(0, 16));
  }
  const sorted = Object.fromEntries([...modules].sort(([a], [b]) => (a < b ? -1 : 1)));
  return { version: versionOf(sorted), modules: sorted };
}

/** The version that some modules make. */
export function versionOf(modules: RunCode["modules"]): string {
  return sha256(canonicalJson(modules)).slice(0, 16);
}

/** Adds a module and all it imports. */
function addModule(name: string, path: string, modules: Map<string, string>): void {
  graph ??= readGraph();
  if (!Object.hasOwn(graph, name)) {
    modules.set(name, sha256(readFileSync(path)).slice(0, 16)); // somebody's own module: the file alone
    return;
  }
  const open = [name];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (modules.has(next) || silent.includes(next) || held.test(next)) continue;
    modules.set(next, graph[next].hash);
    open.push(...graph[next].imports);
  }
}

/** A module's name in the graph, whether its code runs from the sources or from `dist`. */
function moduleName(path: string): string {
  const inside = relative(libFolder(), path).split(sep).join("/");
  return inside.replace(/^dist\//, "").replace(/\.[a-z]+$/, "");
}

function readGraph(): CodeGraph["modules"] {
  const path = join(libFolder(), "dist", "code.json");
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new NotFoundError("lib has not been built", { where: path, remedy: buildRemedy(), cause });
  }
  const { version, modules } = JSON.parse(text) as CodeGraph;
  if (version === 1) return modules;
  throw new CorruptFileError("this is no graph of modules", { where: path, remedy: "run npm run clean, then build" });
}

/** A part made elsewhere, in a notebook for example, as text: its data and the source of its functions. */
function textOf(part: unknown): string {
  return JSON.stringify(part, (_, value: unknown) => (typeof value === "function" ? String(value) : value)) ?? "";
}
