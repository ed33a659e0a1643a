import { join } from "node:path";
import { announce, canonicalJson, CorruptFileError, inWorkFolder, sha256, writeFileAtomic } from "../../core";
import { forgetHashes, runOf } from "../config/experiment-data";
import type { Parts } from "../config/parts";
import type { RunConfig } from "../config/run-config";
import { type RunCode, versionOf } from "./code-version";
import type { RunRecord } from "./run-record";
import type { RunStore } from "./run-store";
import type { Preset, View } from "../config/view";
import { readText, requireVersion } from "./sealed";

/** Where the records worth keeping are: small files under version control, without models, scores and logs. */
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
  /** Over what else is in this line and the bytes of all others: a changed byte is noticed, and a lost line. */
  readonly sha256: string;
}

/** A run as a line has it. */
type RecordLine = Omit<RunRecord, "environment"> & { readonly environment: number };

const fileOf = (view: View, preset: Preset, folder: string) => join(folder, `${view.name}-${preset}.jsonl`);

const remedy = "restore it from version control, or keep the experiment again";

/**
 * The runs of a view that were kept, verified; none where there is no such file.
 *
 * @throws CorruptFileError when it is damaged
 * @throws InvalidDataError when its version is not known
 */
export async function readRecords(view: View, preset: Preset, folder = recordsFolder()): Promise<readonly RunRecord[]> {
  const path = fileOf(view, preset, folder);
  const text = await readText(path);
  if (text === null) return [];
  const end = text.indexOf("\n") + 1;
  const [header] = parsedLines(text.slice(0, end), path) as [Partial<RecordsHeader> | undefined];
  requireVersion(header?.version, [version], "the file of records", path);
  const { sha256: seal, ...rest } = header ?? {};
  if (rest.version !== version || seal !== sealOf(rest, text.slice(end)))
    throw new CorruptFileError("the checksum of the records does not fit them", { where: path, remedy });
  const { environments = [] } = rest;
  const records = parsedLines(text.slice(end), path) as RecordLine[];
  if (
    rest.view === view.name &&
    rest.preset === preset &&
    records.every(({ environment }) => environment in environments)
  )
    return records.map((record) => ({ ...record, environment: environments[record.environment] }));
  throw new CorruptFileError(`these are not the records of ${view.name} at preset ${preset}`, { where: path, remedy });
}

function sealOf(header: object, lines: string): string {
  return sha256(`${canonicalJson(header)}\n${lines}`);
}

/** Keeps the runs of a view, a run a line, so that a change of one is a change of a line. @returns the file's path */
export async function keepRecords(
  view: View,
  preset: Preset,
  records: readonly RunRecord[],
  folder = recordsFolder(),
): Promise<string> {
  const path = fileOf(view, preset, folder);
  const texts = [...new Set(records.map(({ environment }) => canonicalJson(environment)))];
  const environments = texts.map((text) => JSON.parse(text) as RunRecord["environment"]);
  const lines = records.map((record): RecordLine => {
    return { ...record, environment: texts.indexOf(canonicalJson(record.environment)) };
  });
  const header: Omit<RecordsHeader, "sha256"> = { version, view: view.name, preset, environments };
  const text = linesOf(lines);
  await writeFileAtomic(path, linesOf([{ ...header, sha256: sealOf(header, text) }]) + text);
  return path;
}

const codeFile = "code.jsonl";

/**
 * The modules of the code versions that made kept records, by version.
 *
 * @throws CorruptFileError when a line is damaged: a version is the hash of its modules
 */
export async function readKeptCode(folder = recordsFolder()): Promise<ReadonlyMap<string, RunCode["modules"]>> {
  const path = join(folder, codeFile);
  const codes = parsedLines((await readText(path)) ?? "", path) as RunCode[];
  for (const { version, modules } of codes)
    if (versionOf(modules) !== version)
      throw new CorruptFileError(`the modules of code ${version} are damaged`, { where: path, remedy });
  return new Map(codes.map(({ version, modules }) => [version, modules]));
}

/** Keeps the modules of further code versions. @returns the file's path */
export async function keepCode(codes: readonly RunCode[], folder = recordsFolder()): Promise<string> {
  const known = new Map(await readKeptCode(folder));
  for (const { version, modules } of codes) known.set(version, modules);
  const sorted = [...known].sort(([a], [b]) => (a < b ? -1 : 1)).map(([version, modules]) => ({ version, modules }));
  const path = join(folder, codeFile);
  await writeFileAtomic(path, linesOf(sorted));
  return path;
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
  for (const config of configs) {
    const { id } = await runOf(config, parts, engine);
    const state = await store.read(id);
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
