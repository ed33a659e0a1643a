import type { Parts } from "../config/parts";
import { resolveConfig } from "../config/resolve";
import { readRecords, recordsFolder } from "../store/records";
import type { ExperimentResult } from "./experiment-result";
import { summariseRuns } from "./summary";
import { summaryTable } from "./summary-table";
import { type Preset, presets, type View } from "../config/view";

/**
 * The presets whose records of a view are kept, the smallest first.
 *
 * @throws CorruptFileError when they cannot be read
 * @example
 * await keptPresets(viewNamed("ifru-accuracy")); // ["full"] in a checkout, [] in an installed package
 */
export async function keptPresets(view: View, folder = recordsFolder()): Promise<Preset[]> {
  const kept: Preset[] = [];
  for (const preset of presets) if ((await readRecords(view, preset, folder)).length > 0) kept.push(preset);
  return kept;
}

/**
 * A view's result from its kept records alone, whatever is in a run store.
 *
 * @returns `null` where none are kept
 * @throws CorruptFileError when the records cannot be read
 * @example
 * const kept = await keptResult(viewNamed("ifru-accuracy"), builtInParts);
 * if (kept !== null) console.log(kept.preset, kept.table().toText());
 */
export async function keptResult(
  view: View,
  parts: Parts,
): Promise<(ExperimentResult & { readonly preset: Preset }) | null> {
  const preset = (await keptPresets(view)).pop();
  if (preset === undefined) return null;
  const kept = await readRecords(view, preset);
  const records = kept.map((record) => ({ ...record, config: resolveConfig(record.config, parts) }));
  const summary = summariseRuns(view, preset, records, records.length, parts);
  const found = { records, fromStore: 0, fromRecords: records.length };
  return { view, preset, found, summary, table: (given) => summaryTable(summary, view, parts, given) };
}
