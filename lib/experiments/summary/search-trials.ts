import { runOf } from "../config/experiment-data";
import type { Parts } from "../config/parts";
import type { Options } from "../config/run-config";
import { type Search, searchConfigs } from "../config/search";
import type { RunState } from "../store/run-record";
import type { RunStore } from "../store/run-store";

/** One trial of a search: what was tried and what it gave. */
export interface Trial {
  readonly number: number;
  readonly options: Options;
  readonly id: string;
  /** `null` where it has no value. */
  readonly value: number | null;
  readonly status: RunState["kind"];
  readonly problem: string | null;
}

/**
 * Every trial with what it gave, best first, those without a value last. None is left out.
 *
 * @example
 * const store = new RunStore("runs");
 * const [best] = await searchTrials(searchNamed("mf-training"), store, builtInParts, "wasm");
 * console.log(best.value, best.options); // null where no trial has been computed
 */
export async function searchTrials(search: Search, store: RunStore, parts: Parts, engine: string): Promise<Trial[]> {
  const trials: Trial[] = [];
  for (const [number, { options, config }] of searchConfigs(search, parts).entries()) {
    const { id } = await runOf(config, parts, engine);
    const state = await store.read(id);
    const value = state.kind === "done" ? (state.record.metrics[search.objective] ?? null) : null;
    const problem = "problem" in state ? (state.problem ?? null) : null;
    trials.push({ number, options, id, value, status: state.kind, problem });
  }
  return trials.sort((a, b) => (b.value ?? -Infinity) - (a.value ?? -Infinity) || a.number - b.number);
}
