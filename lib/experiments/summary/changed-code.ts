import type { Parts } from "../config/parts";
import { recordsToVerify } from "../store/verification";
import { changedModules, codeOf, type RunCode } from "../store/code-version";
import { findRuns, readKeptCode, readRecords } from "../store/records";
import type { RunRecord } from "../store/run-record";
import type { RunStore } from "../store/run-store";
import { expandView, type RunSelection } from "./expand-view";
import type { View } from "../config/view";

/** Runs that were made by other code than the present, and what changed since. */
export interface CodeChange {
  /** Of the code that made them. */
  readonly version: string;
  readonly runs: number;
  /** Names of the modules that differ, sorted; `null` where those of the version are not known any more. */
  readonly modules: readonly string[] | null;
}

/**
 * What changed in the code since a view's runs were made; empty where none is stale.
 *
 * @example
 * const store = new RunStore("runs");
 * const changes = await changedCode(viewNamed("ifru-time"), store, builtInParts, "wasm", { preset: "full" });
 * changes[0]?.modules; // what is to blame for the first stale runs, such as ["ifru/solve"]
 */
export async function changedCode(
  view: View,
  store: RunStore,
  parts: Parts,
  engine: string,
  selection: RunSelection,
): Promise<CodeChange[]> {
  const kept = await readRecords(view, selection.preset);
  const { records } = await findRuns(expandView(view, selection, parts), store, kept, parts, engine);
  const keptCode = await readKeptCode();
  const changes = new Map<string, CodeChange>();
  for (const { record, now } of stale(records, parts)) {
    const version = record.heldTo ?? record.codeVersion;
    const before = keptCode.get(version) ?? (await store.readCode(version));
    const modules = before === null ? null : changedModules(before, now.modules);
    const key = JSON.stringify([version, modules]);
    changes.set(key, { version, modules, runs: (changes.get(key)?.runs ?? 0) + 1 });
  }
  return [...changes.values()];
}

function stale(records: readonly RunRecord[], parts: Parts): { record: RunRecord; now: RunCode }[] {
  return recordsToVerify(records, parts).map((record) => ({ record, now: codeOf(record.config, parts) }));
}
