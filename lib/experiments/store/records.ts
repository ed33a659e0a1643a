import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { announce, canonicalJson, CorruptFileError, inWorkFolder, sha256, writeFileAtomic } from "../../core";
import { forgetHashes, runOf } from "../config/experiment-data";
import type { Parts } from "../config/parts";
import type { RunConfig } from "../config/run-config";
import { type RunCode, versionOf } from "./code-version";
import type { RunRecord, RunState } from "./run-record";
import type { RunStore } from "./run-store";
import type { Preset, View } from "../config/view";
import { readText, requireVersion } from "./sealed";
import { codeHeldTo, type Verification } from "./verification";

/**
 * Where the records worth keeping are: small files under version control, without models, scores and logs.
 *
 * @example
 * recordsFolder(); // where the kept records are
 */
export function recordsFolder(): string {
  return inWorkFolder("figures", "records");
}

/** The form of files of records. The second had no seal. */
const version = 3;

/** The first line of a file of records; every further line is a run. */
interface RecordsHeader {
  readonly version: typeof version;
  readonly view: string;
  readonly preset: Preset;
  /** The machines and commits that made the runs; a run has the number of its own, from 0. */
  readonly environments: readonly RunRecord["environment"][];
  /** Recomputations that held these results to later code, in order. Default: none. */
  readonly verified?: readonly Verification[];
  /** Over what else is in this line and the bytes of all others: a changed byte is noticed, and a lost line. */
  readonly sha256: string;
}

/** A run as a line has it. */
type RecordLine = Omit<RunRecord, "environment" | "heldTo"> & { readonly environment: number };

const fileOf = (view: View, preset: Preset, folder: string) => join(folder, `${view.name}-${preset}.jsonl`);

const remedy = "restore it from version control, or keep the experiment again";

/**
 * The runs of a view that were kept, unharmed; none where there is no such file.
 *
 * @throws CorruptFileError when it is damaged
 * @throws InvalidDataError when its version is not known
 * @example
 * const [record] = await readRecords(viewNamed("ifru-accuracy"), "full");
 * console.log(describeRun(record.config), record.metrics["auc"], record.environment.cpu);
 */
export async function readRecords(view: View, preset: Preset, folder = recordsFolder()): Promise<readonly RunRecord[]> {
  return (await readRecordsFile(view, preset, folder)).records;
}

/** What a file of records holds. */
interface RecordsFile {
  readonly records: readonly RunRecord[];
  readonly verified: readonly Verification[];
}

async function readRecordsFile(view: View, preset: Preset, folder: string): Promise<RecordsFile> {
  const path = fileOf(view, preset, folder);
  const text = await readText(path);
  if (text === null) return { records: [], verified: [] };
  const end = text.indexOf("\n") + 1;
  const [header] = parsedLines(text.slice(0, end), path) as [Partial<RecordsHeader> | undefined];
  requireVersion(header?.version, [version], "the file of records", path);
  const { sha256: seal, ...rest } = header ?? {};
  if (rest.version !== version || seal !== sealOf(rest, text.slice(end)))
    throw new CorruptFileError("the checksum of the records does not fit them", { where: path, remedy });
  const { environments = [], verified = [] } = rest;
  const lines = parsedLines(text.slice(end), path) as RecordLine[];
  if (
    rest.view !== view.name ||
    rest.preset !== preset ||
    lines.some(({ environment }) => !(environment in environments))
  )
    throw new CorruptFileError(`these are not the records of ${view.name} at preset ${preset}`, {
      where: path,
      remedy,
    });
  const records = lines.map((line): RunRecord => {
    const heldTo = codeHeldTo(line.codeVersion, verified);
    const environment = environments[line.environment];
    return { ...line, environment, ...(heldTo === line.codeVersion ? {} : { heldTo }) };
  });
  return { records, verified };
}

function sealOf(header: object, lines: string): string {
  return sha256(`${canonicalJson(header)}\n${lines}`);
}

/**
 * Keeps the runs of a view, a run a line, so that a change of one is a change of a line. Earlier verifications stay,
 * also those of the kept records that a copy in another folder is made from.
 *
 * @param further what a recomputation showed since
 * @returns the file's path
 * @example
 * const { view, found } = await experimentResult("ifru-accuracy", { compute: true });
 * await keepRecords(view, "quick", found.records, "my-records"); // "my-records/ifru-accuracy-quick.jsonl"
 */
export async function keepRecords(
  view: View,
  preset: Preset,
  records: readonly RunRecord[],
  folder = recordsFolder(),
  further: readonly Verification[] = [],
): Promise<string> {
  const path = fileOf(view, preset, folder);
  const texts = [...new Set(records.map(({ environment }) => canonicalJson(environment)))];
  const environments = texts.map((text) => JSON.parse(text) as RunRecord["environment"]);
  const lines = records.map(({ heldTo, ...record }): RecordLine => {
    return { ...record, environment: texts.indexOf(canonicalJson(record.environment)) };
  });
  const verified = serving([...(await verificationsFor(view, preset, folder)), ...further], records);
  const header = { version, view: view.name, preset, environments, ...(verified.length === 0 ? {} : { verified }) };
  const text = linesOf(lines);
  await writeFileAtomic(path, linesOf([{ ...header, sha256: sealOf(header, text) }]) + text);
  return path;
}

/** What recomputations have shown of a view's records: of those in a folder, or else of those that are kept. */
async function verificationsFor(view: View, preset: Preset, folder: string): Promise<readonly Verification[]> {
  const { verified } = await readRecordsFile(view, preset, folder);
  return verified.length > 0 ? verified : (await readRecordsFile(view, preset, recordsFolder())).verified;
}

/** Of verifications, what some record still rests on. */
function serving(verified: readonly Verification[], records: readonly RunRecord[]): Verification[] {
  let held = new Set(records.map(({ codeVersion }) => codeVersion));
  const left: Verification[] = [];
  for (const { commit, codes, runs } of verified) {
    const used = Object.entries(codes).filter(([code]) => held.has(code));
    held = new Set([...held].map((code) => codes[code] ?? code));
    if (used.length > 0) left.push({ commit, codes: Object.fromEntries(used), runs });
  }
  return left;
}

const codeFile = "code.jsonl";

/**
 * The modules of the code versions that made kept records, by version.
 *
 * @throws CorruptFileError when a line is damaged: a version is the hash of its modules
 * @example
 * const [record] = await readRecords(viewNamed("ifru-accuracy"), "full");
 * const modules = (await readKeptCode()).get(record.heldTo ?? record.codeVersion); // the hash of each module
 */
export async function readKeptCode(folder = recordsFolder()): Promise<ReadonlyMap<string, RunCode["modules"]>> {
  const path = join(folder, codeFile);
  const codes = parsedLines((await readText(path)) ?? "", path) as RunCode[];
  for (const { version, modules } of codes)
    if (versionOf(modules) !== version)
      throw new CorruptFileError(`the modules of code ${version} are damaged`, { where: path, remedy });
  return new Map(codes.map(({ version, modules }) => [version, modules]));
}

/**
 * Keeps the modules of further code versions, and no longer those that no kept record is held to.
 *
 * @returns the file's path
 * @example
 * const records = await readRecords(viewNamed("ifru-time"), "full");
 * await keepCode(records.map(({ config }) => codeOf(config, builtInParts)));
 */
export async function keepCode(codes: readonly RunCode[], folder = recordsFolder()): Promise<string> {
  const known = new Map(await readKeptCode(folder));
  for (const { version, modules } of codes) known.set(version, modules);
  const used = await versionsInUse(folder);
  const sorted = [...known].filter(([version]) => used.has(version)).sort(([a], [b]) => (a < b ? -1 : 1));
  const path = join(folder, codeFile);
  await writeFileAtomic(path, linesOf(sorted.map(([version, modules]) => ({ version, modules }))));
  return path;
}

/** The code versions that records of any view are held to. */
async function versionsInUse(folder: string): Promise<ReadonlySet<string>> {
  const used = new Set<string>();
  for (const name of await readdir(folder)) {
    if (!name.endsWith(".jsonl") || name === codeFile) continue;
    const text = (await readText(join(folder, name))) ?? "";
    const [{ verified = [] }, ...lines] = parsedLines(text, join(folder, name)) as [
      Partial<RecordsHeader>,
      ...RecordLine[],
    ];
    for (const { codeVersion } of lines) used.add(codeHeldTo(codeVersion, verified));
  }
  return used;
}

const linesOf = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value) + "\n").join("");

/** The values of lines of JSON. @throws CorruptFileError */
function parsedLines(text: string, where: string): unknown[] {
  try {
    const lines = text.split("\n").filter(Boolean);
    return lines.map((line) => JSON.parse(line) as unknown);
  } catch (cause) {
    throw new CorruptFileError("a line is no JSON", { where, remedy, cause });
  }
}

const inWords = { corrupt: "damaged", unreadable: "there and cannot be read" } as const;

/** Finished runs, and where they come from. */
export interface FoundRuns {
  /** In the order of the configs. */
  readonly records: readonly RunRecord[];
  readonly fromStore: number;
  /** Those the store does not have. */
  readonly fromRecords: number;
}

/**
 * The finished runs of some configs: those of the store, and where it has none the kept ones. Each has the config that
 * was asked for: one that was made before an option existed lacks it.
 *
 * @param kept of `readRecords`; empty to look in the store only
 * @param curves whether the logs of the store's runs are read too; kept ones have theirs where their view shows curves
 * @example
 * const view = viewNamed("ifru-accuracy");
 * const [configs, kept] = [expandView(view, { preset: "full" }, builtInParts), await readRecords(view, "full")];
 * const { records } = await findRuns(configs, new RunStore("runs"), kept, builtInParts, "wasm");
 * const aucs = records.map(({ metrics }) => metrics["auc"]);
 */
export async function findRuns(
  configs: readonly RunConfig[],
  store: RunStore,
  kept: readonly RunRecord[],
  parts: Parts,
  engine: string,
  curves = false,
): Promise<FoundRuns> {
  forgetHashes();
  const keptById = new Map(kept.map((record) => [record.id, record]));
  const records: RunRecord[] = [];
  let [fromStore, fromRecords] = [0, 0];
  const there = await store.ids().then(
    (ids) => new Set(ids),
    () => undefined, // the runs that cannot be read say so
  );
  for (const config of configs) {
    const { id } = await runOf(config, parts, engine);
    const state: RunState = there?.has(id) === false ? { kind: "missing" } : await store.read(id);
    const known = keptById.get(id);
    if (state.kind === "done") {
      records.push({ ...state.record, config, ...(curves ? { log: await store.readLog(id) } : {}) });
      fromStore++;
    } else if (known !== undefined) {
      records.push({ ...known, config });
      fromRecords++;
    }
    if (state.kind === "corrupt" || state.kind === "unreadable")
      announce(`run ${id} is ${inWords[state.kind]}, so that it is not shown: ${state.problem}`);
  }
  return { records, fromStore, fromRecords };
}
