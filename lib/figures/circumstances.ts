import { canonicalJson } from "../core";
import {
  askedLabel,
  type Difference,
  differenceOf,
  minus,
  type OptionColumn,
  type Parts,
  referenceMethod,
  type ViewSummary,
  type SummaryRow,
} from "../experiments";

/** Rows of a view that may be compared: one dataset, one backbone, trained alike, asked to forget the same. */
export interface Circumstances {
  /** What tells them from the view's others, such as `"ML-100K, LightGCN, 1 % mislabelled"`. */
  readonly label: string;
  /** The same, but empty where the view has no others. */
  readonly told: string;
  /** Their labels. */
  readonly dataset: string;
  readonly backbone: string;
  /** Dataset and backbone, such as `"ML-100K, MF"`. */
  readonly model: string;
  readonly rows: readonly SummaryRow[];
}

/**
 * The rows of a view by circumstances.
 *
 * @param except an option that does not set rows apart: the one that is swept
 * @param whole the rows that labels tell them from, where `summary` has a part of these. Default: its own
 * @example
 * const { summary } = (await experiment("cau-main")).result;
 * circumstancesOf(summary, builtInParts).map(({ label }) => label); // "Amazon Beauty, GRU4Rec" and so on
 */
export function circumstancesOf(
  summary: ViewSummary,
  parts: Parts,
  except?: OptionColumn,
  whole: readonly SummaryRow[] = summary.rows,
): Circumstances[] {
  const places = byPlace(whole, except);
  const described = toldApart([...places.values()].map(([row]) => ({ row, words: describe(row, parts, except) })));
  const telling = described[0].map((part, k) => described.some((other) => other[k] !== part));
  const wordsAt = new Map([...places.keys()].map((place, g) => [place, described[g]]));
  return [...byPlace(summary.rows, except)].map(([place, rows]) => {
    const all = wordsAt.get(place) ?? describe(rows[0], parts, except);
    const told = all.filter((word, k) => telling[k] && word !== "").join(", ");
    const [dataset, backbone] = all;
    return { label: told === "" ? backbone : told, told, dataset, backbone, model: `${dataset}, ${backbone}`, rows };
  });
}

function byPlace(rows: readonly SummaryRow[], except?: OptionColumn): Map<string, SummaryRow[]> {
  const places = new Map<string, SummaryRow[]>();
  for (const row of rows) {
    const key = canonicalJson(settingOf(row, except));
    places.set(key, [...(places.get(key) ?? []), row]);
  }
  return places;
}

/**
 * What a part of a view is of, in words such as `"Amazon Beauty, GRU4Rec"`: its datasets where the view has others with
 * its backbones, and its backbones where the view has others on its datasets. Empty for the whole.
 */
export function narrowedLabel(part: readonly SummaryRow[], whole: readonly SummaryRow[], parts: Parts): string {
  const namesIn = (rows: readonly SummaryRow[], key: "dataset" | "backbone") => new Set(rows.map((row) => row[key]));
  const [datasets, backbones] = [namesIn(part, "dataset"), namesIn(part, "backbone")];
  const hasOtherDatasets = whole.some(({ dataset, backbone }) => backbones.has(backbone) && !datasets.has(dataset));
  const hasOtherBackbones = whole.some(({ dataset, backbone }) => datasets.has(dataset) && !backbones.has(backbone));
  return [
    ...(hasOtherDatasets ? [...datasets].map((name) => parts.datasets[name].label ?? name) : []),
    ...(hasOtherBackbones ? [...backbones].map((name) => parts.backbones[name].label) : []),
  ].join(", ");
}

/** The words of each row, and of rows with the same words the option of their data that tells them apart. */
function toldApart(all: readonly { readonly row: SummaryRow; readonly words: readonly string[] }[]): string[][] {
  return all.map(({ row, words }) => {
    const alike = all.filter((other) => canonicalJson(other.words) === canonicalJson(words));
    const valuesOf = (name: string) => new Set(alike.map((other) => other.row.options.data[name]));
    const telling = Object.keys(row.options.data).find(
      (name) => alike.length > 1 && valuesOf(name).size === alike.length,
    );
    return [...words, telling === undefined ? "" : `${telling} ${String(row.options.data[telling])}`];
  });
}

function settingOf({ dataset, backbone, options }: SummaryRow, except?: OptionColumn) {
  const own = { ...options, method: {} };
  if (except === undefined || except.of === "method") return { dataset, backbone, options: own };
  const rest = Object.fromEntries(Object.entries(own[except.of]).filter(([name]) => name !== except.option));
  return { dataset, backbone, options: { ...own, [except.of]: rest } };
}

/** Dataset, backbone and request in words, in this order. */
function describe(row: SummaryRow, parts: Parts, except?: OptionColumn): string[] {
  const { dataset, backbone, options } = row;
  const { kind, of } = options.request;
  const isStream = kind !== "split" && except?.of === "request" && of !== undefined;
  const request = isStream ? `stream of ${String(of)}` : askedLabel(row, parts);
  return [parts.datasets[dataset].label ?? dataset, parts.backbones[backbone].label, request];
}

/**
 * A row's metric minus Retrain's, mean and 95 % interval over the seeds that both have. A metric that Retrain has no
 * value of is relative to Retrain already and taken as it is.
 *
 * @returns `null` where it is undefined
 * @example
 * const { summary } = (await experiment("cau-main")).result;
 * const [{ rows }] = circumstancesOf(summary, builtInParts);
 * for (const row of rows) console.log(row.method, minusRetrain(row, rows, "hit-u@10")?.mean);
 */
export function minusRetrain(row: SummaryRow, rows: readonly SummaryRow[], metric: string): Difference | null {
  const reference = referenceFor(row, rows);
  if (reference !== undefined && reference.metrics[metric].mean !== null) return minus(row, reference, metric);
  return differenceOf(row.metrics[metric].values.flatMap((value) => value ?? []));
}

/** Retrain asked the same; where circumstances are a sweep over requests, at the same place of the sweep. */
function referenceFor(row: SummaryRow, rows: readonly SummaryRow[]): SummaryRow | undefined {
  const asked = canonicalJson(row.options.request);
  return rows.find(({ method, options }) => method === referenceMethod && canonicalJson(options.request) === asked);
}

/** Whether a metric is relative to Retrain as it is, so that Retrain itself has no value of it. */
export function isRelative(rows: readonly SummaryRow[], metric: string): boolean {
  return rows.every(({ method, metrics }) => method !== referenceMethod || metrics[metric].mean === null);
}
