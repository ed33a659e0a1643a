import { canonicalJson, inWorkFolder, RecsysError } from "../../core";
import type { Table } from "../../tables";
import type { Parts } from "../config/parts";
import { runLocally, workerCount } from "../running/local-runner";
import { planToCompute } from "../running/plan";
import { findRuns, type FoundRuns, readRecords } from "../store/records";
import { RunStore } from "../store/run-store";
import { expandView, type RunSelection } from "./expand-view";
import { summariseRuns, type ViewSummary } from "./summary";
import { summaryTable, type SummaryTableOptions } from "./summary-table";
import { presets, type View } from "../config/view";

/**
 * Where runs are kept unless a store is named.
 *
 * @example
 * defaultStoreFolder(); // where runs are kept
 */
export function defaultStoreFolder(): string {
  return inWorkFolder("runs");
}

/** How an experiment's result is found. */
export interface ResultOptions extends Partial<RunSelection> {
  /**
   * A run store; where one is named, records are looked for only where `records` says. Default: `runs` in the
   * checkout.
   */
  readonly store?: string;
  /** A folder of kept records, such as a checkout's `figures/records`. Default: that of this checkout, if any. */
  readonly records?: string;
  /** Whether runs that are nowhere to be found are computed here. Default: false. */
  readonly compute?: boolean;
}

/** An experiment's result: the runs that were found, put together. */
export interface ExperimentResult {
  readonly view: View;
  readonly found: FoundRuns;
  readonly summary: ViewSummary;
  table(options?: SummaryTableOptions): Table;
}

/**
 * The result of a view: from the run store, else from the records that were kept under version control, else (if asked)
 * computed here, which may take hours.
 *
 * @param parts what the view's configs name
 * @param engine what computes, such as `"wasm"`; part of every run's identity
 * @throws RecsysError when a run that is computed fails
 * @example
 * const view = viewNamed("ifru-accuracy");
 * const { table } = await viewResult(view, builtInParts, "wasm", { preset: "full", only: ["dataset=ml-100k"] });
 * console.log(table().toText());
 */
export async function viewResult(
  view: View,
  parts: Parts,
  engine: string,
  options: ResultOptions = {},
): Promise<ExperimentResult> {
  const { preset = "quick", store: folder, records, compute = false } = options;
  const configs = expandView(view, { ...options, preset }, parts);
  const store = new RunStore(folder ?? defaultStoreFolder());
  // Presets share runs, so that a smaller one is found in what was kept of a larger one.
  const isLooked = folder === undefined || records !== undefined;
  const kept = isLooked ? (await Promise.all(presets.map((one) => readRecords(view, one, records)))).flat() : [];
  const find = () => findRuns(configs, store, kept, parts, engine, view.curves);
  let found = await find();
  if (compute && found.records.length < configs.length) {
    const there = new Set(found.records.map(({ config }) => canonicalJson(config)));
    const missing = configs.filter((config) => !there.has(canonicalJson(config)));
    const plan = await planToCompute(missing, store, parts, engine, { keepStale: true });
    const workers = workerCount(view.timing ? 1 : undefined);
    const { failed } = await runLocally(plan, store, parts, { workers, label: view.name, keepStale: true });
    if (failed.length > 0) throw new RecsysError(`${failed.length} runs of ${view.name} failed: ${failed[0].problem}`);
    found = await find();
  }
  const summary = summariseRuns(view, preset, found.records, configs.length, parts);
  return { view, found, summary, table: (given) => summaryTable(summary, view, parts, given) };
}
