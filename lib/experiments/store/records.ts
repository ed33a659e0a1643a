import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CorruptFileError, inWorkFolder, writeFileAtomic } from "../../core";
import { runOf } from "../running/experiment-data";
import type { Parts } from "../config/parts";
import type { RunConfig } from "../config/run-config";
import type { RunRecord, RunStore } from "./run-store";
import type { Preset, View } from "../summary/view";

/** Where the records worth keeping are: small files under version control, without models, scores and logs. */
export function recordsFolder(): string {
  return inWorkFolder("figures", "records");
}

/** The runs of a view that were kept. */
interface KeptRecords {
  readonly version: 1;
  readonly view: string;
  readonly preset: Preset;
  readonly runs: readonly RunRecord[];
}

const fileOf = (view: View, preset: Preset, folder: string) => join(folder, `${view.name}-${preset}.json`);

/** The runs of a view that were kept; none where there is no such file. @throws CorruptFileError when it cannot be read */
export async function readRecords(view: View, preset: Preset, folder = recordsFolder()): Promise<readonly RunRecord[]> {
  const path = fileOf(view, preset, folder);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  try {
    const kept = JSON.parse(text) as KeptRecords;
    if (kept.version === 1 && Array.isArray(kept.runs)) return kept.runs;
  } catch {
    // said below
  }
  throw new CorruptFileError("this is no file of records", { where: path, remedy: "restore it from version control" });
}

/** Keeps the runs of a view. @returns the file's path */
export async function keepRecords(
  view: View,
  preset: Preset,
  records: readonly RunRecord[],
  folder = recordsFolder(),
): Promise<string> {
  const path = fileOf(view, preset, folder);
  const kept: KeptRecords = { version: 1, view: view.name, preset, runs: records };
  await writeFileAtomic(path, JSON.stringify(kept, null, 1) + "\n");
  return path;
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
 * The finished runs of some configs: those of the store, and where it has none the kept ones.
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
      records.push(curves ? { ...state.record, log: await store.readLog(id) } : state.record);
      fromStore++;
    } else if (known !== undefined) {
      records.push(known);
      fromRecords++;
    }
  }
  return { records, fromStore, fromRecords };
}
