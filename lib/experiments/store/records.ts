import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { canonicalJson, CorruptFileError, inWorkFolder, writeFileAtomic } from "../../core";
import { runOf } from "../config/experiment-data";
import type { Parts } from "../config/parts";
import type { RunConfig } from "../config/run-config";
import type { RunCode } from "./code-version";
import type { RunRecord, RunStore } from "./run-store";
import type { Preset, View } from "../config/view";

/** Where the records worth keeping are: small files under version control, without models, scores and logs. */
export function recordsFolder(): string {
  return inWorkFolder("figures", "records");
}

/** The first line of a file of records; every further line is a run. */
interface RecordsHeader {
  readonly version: 2;
  readonly view: string;
  readonly preset: Preset;
  /** The machines and commits that made the runs; a run has the number of its own, from 0. */
  readonly environments: readonly RunRecord["environment"][];
}

/** A run as a line has it. */
type RecordLine = Omit<RunRecord, "environment"> & { readonly environment: number };

const fileOf = (view: View, preset: Preset, folder: string) => join(folder, `${view.name}-${preset}.jsonl`);

/**
 * The runs of a view that were kept; none where there is no such file.
 *
 * @throws CorruptFileError when it cannot be read
 */
export async function readRecords(view: View, preset: Preset, folder = recordsFolder()): Promise<readonly RunRecord[]> {
  const path = fileOf(view, preset, folder);
  const lines = await readLines(path);
  if (lines === null) return [];
  const [header, ...records] = lines as [RecordsHeader | undefined, ...RecordLine[]];
  const environments = header?.environments ?? [];
  const isWhole = header?.version === 2 && records.every(({ environment }) => environment in environments);
  if (isWhole && header.view === view.name)
    return records.map((record) => ({ ...record, environment: environments[record.environment] }));
  throw new CorruptFileError("this is no file of records", { where: path, remedy: "restore it from version control" });
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
  const header: RecordsHeader = { version: 2, view: view.name, preset, environments };
  await writeFileAtomic(path, linesOf([header, ...lines]));
  return path;
}

const codeFile = "code.jsonl";

/**
 * The modules of the code versions that made kept records, by version.
 *
 * @throws CorruptFileError when they cannot be read
 */
export async function readKeptCode(folder = recordsFolder()): Promise<ReadonlyMap<string, RunCode["modules"]>> {
  const codes = ((await readLines(join(folder, codeFile))) ?? []) as RunCode[];
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

/** The values of a file of JSON lines, or `null` where there is no such file. */
async function readLines(path: string): Promise<unknown[] | null> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  try {
    return text
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as unknown);
  } catch (cause) {
    const remedy = "restore it from version control";
    throw new CorruptFileError("a line is no JSON", { where: path, remedy, cause });
  }
}

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
  }
  return { records, fromStore, fromRecords };
}
