import { didYouMean, InvalidArgumentError } from "../../core";
import { noiseFloorMethod, referenceMethod, startMethod } from "../config/compared-methods";
import type { Parts } from "../config/parts";
import type { RunRecord } from "../store/run-record";
import type { ExperimentResult } from "./experiment-result";
import { summariseRuns, type SummaryRow, type ViewSummary } from "./summary";
import { methodLabel, summaryTable } from "./summary-table";

/**
 * A name, label or seed that nothing in a view has. It may be right for another view, so that of several views those
 * that it does not fit can be left out.
 */
export class SelectionError extends InvalidArgumentError {}

/**
 * What of a view is shown. A value is a name (`"amazon-beauty"`), a label (`"IFRU (principled)"`) or a word of one
 * (`"beauty"`); several mean any of them.
 */
export interface Selection {
  readonly dataset?: string | readonly string[];
  readonly backbone?: string | readonly string[];
  readonly method?: string | readonly string[];
  /** The view's metrics, and `"seconds"` where it is about time. */
  readonly metric?: string | readonly string[];
  /** Numbers of seeds. Means, spreads and tests are then over these alone. */
  readonly seeds?: number | readonly number[];
}

/** A result with what is not shown of it: figures take differences from rows that stay out of the table. */
export interface SelectedResult extends ExperimentResult {
  /** The rows of `summary` and those that others are compared with. */
  readonly compared: ViewSummary;
}

const listOf = <T>(given: T | readonly T[] | undefined): readonly T[] | undefined =>
  given === undefined ? undefined : Array.isArray(given) ? (given as readonly T[]) : [given as T];

/**
 * A part of a result. Comparisons with Retrain stay what they are in the whole: the same differences, the same
 * correction over all rows. Fewer seeds are summed up anew.
 *
 * @throws SelectionError for a value that nothing in the view has, with the nearest, and when nothing is left
 * @example
 * const whole = await experimentResult("ifru-accuracy");
 * const part = selectResult(whole, builtInParts, { dataset: "ml-100k", method: ["ifru", "retrain"], metric: "auc" });
 * console.log(part.table().toText());
 */
export function selectResult(result: ExperimentResult, parts: Parts, selection: Selection): SelectedResult {
  const { view, found, summary: all } = result;
  const seeds = seedsOf(found.records, selection, view.name);
  const records = seeds === undefined ? found.records : found.records.filter(({ config }) => seeds.has(config.seed));
  const whole =
    seeds === undefined ? all : summariseRuns(view, all.preset, records, records.length + all.missing, parts);
  const rowsOf = (key: "dataset" | "backbone" | "method", rows: readonly SummaryRow[]) =>
    matching(rows, listOf(selection[key]), key, view.name, (row) => namesOf(row, key, parts));
  const placed = rowsOf("backbone", rowsOf("dataset", whole.rows));
  const rows = rowsOf("method", placed);
  const references = [startMethod, referenceMethod, noiseFloorMethod];
  const metrics = matching(
    [...view.metrics, ...(view.timing ? ["seconds"] : [])],
    listOf(selection.metric),
    "metric",
    view.name,
    (name) => (name === "seconds" ? [name] : [name, parts.metrics[name].label]),
  );
  const chosen = {
    ...view,
    metrics: metrics.filter((name) => name !== "seconds"),
    timing: metrics.includes("seconds"),
  };
  const summary = { ...whole, rows };
  const places = new Set(placed.map(({ dataset, backbone }) => `${dataset} ${backbone}`));
  return {
    view: chosen,
    found: {
      ...found,
      records: records.filter(({ config: { dataset, backbone } }) => places.has(`${dataset} ${backbone}`)),
    },
    summary,
    compared: {
      ...whole,
      rows: placed.filter((row) => rows.includes(row) || references.includes(row.method)),
    },
    table: (given) => summaryTable(summary, chosen, parts, given),
  };
}

/** What a row is called, and its label. */
function namesOf(row: SummaryRow, key: "dataset" | "backbone" | "method", parts: Parts): string[] {
  if (key === "method") return [row.method, methodLabel(row, parts)];
  if (key === "backbone") return [row.backbone, parts.backbones[row.backbone].label];
  return [row.dataset, parts.datasets[row.dataset].label ?? row.dataset];
}

/** Those that one of some values names. */
function matching<T>(
  all: readonly T[],
  values: readonly string[] | undefined,
  key: string,
  view: string,
  namesOf: (one: T) => string[],
): readonly T[] {
  if (values === undefined) return all;
  const kept = new Set(values.flatMap((value) => named(all, value, key, view, namesOf)));
  return all.filter((one) => kept.has(one));
}

/**
 * What a word names: those with this name or label, else those whose name or label has it as a word.
 *
 * @throws SelectionError where it names nothing
 */
export function named<T>(
  all: readonly T[],
  value: string,
  key: string,
  view: string,
  namesOf: (one: T) => string[],
): readonly T[] {
  const wanted = value.toLowerCase();
  const exact = all.filter((one) => namesOf(one).some((name) => name.toLowerCase() === wanted));
  if (exact.length > 0) return exact;
  const words = (text: string) => ` ${text.toLowerCase().replace(/[^a-z0-9]+/g, " ")} `;
  const partly = all.filter((one) => namesOf(one).some((name) => words(name).includes(words(value))));
  if (partly.length > 0 && words(value).trim() !== "") return partly;
  throw new SelectionError(`nothing in ${view} has the ${key} "${value}"`, {
    where: key,
    remedy: didYouMean(value, [...new Set(all.flatMap(namesOf))]),
  });
}

function seedsOf(records: readonly RunRecord[], { seeds }: Selection, view: string): Set<number> | undefined {
  const asked = listOf(seeds);
  if (asked === undefined) return undefined;
  const there = [...new Set(records.map(({ config }) => config.seed))].sort((a, b) => a - b);
  const missing = asked.find((seed) => !there.includes(seed));
  if (missing !== undefined)
    throw new SelectionError(`nothing in ${view} has the seed ${missing}`, {
      where: "seeds",
      remedy: `use some of ${there.join(", ")}`,
    });
  return new Set(asked);
}
