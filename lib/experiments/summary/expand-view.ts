import { didYouMean, InvalidArgumentError } from "../../core";
import { expandGrids, seedsUpTo } from "../config/grid";
import type { Parts } from "../config/parts";
import { resolveConfig } from "../config/resolve";
import type { OptionValue, RunConfig, RunOptions } from "../config/run-config";
import type { Preset, View } from "../config/view";

/** What part of a view is looked at. */
export interface RunSelection {
  readonly preset: Preset;
  /** How many seeds, instead of the preset's. */
  readonly seeds?: number;
  /** Only runs with these values, such as `["method=ifru", "mode=paper"]`; several of one key mean any of them. */
  readonly only?: readonly string[];
}

/**
 * The runs of a view, complete, each followed by the audits of it that the view's metrics need.
 *
 * @throws InvalidArgumentError when nothing is left of them
 * @example
 * const selection = { preset: "tiny", only: ["method=ifru", "mode=paper"] } as const;
 * expandView(viewNamed("ifru-time"), selection, builtInParts).length; // 6: three requests with two seeds
 */
export function expandView(view: View, { preset, seeds, only = [] }: RunSelection, parts: Parts): RunConfig[] {
  const grids = view.grids[preset].map((grid) => (seeds === undefined ? grid : { ...grid, seeds: seedsUpTo(seeds) }));
  const isSelected = conditionsOf(only);
  const configs = expandGrids(grids, (config) => resolveConfig(config, parts));
  for (const text of only) requireKnown(text, configs, view.name);
  const selected = configs.filter(isSelected);
  if (selected.length === 0)
    throw new InvalidArgumentError(`no run of ${view.name} has ${only.join(" and ")}`, {
      remedy: "give key=value with a key of `plan`, such as method=retrain or seed=1",
    });
  return selected.flatMap((config) => [
    config,
    ...auditsOf(config, view, parts).map((audit) => ({ ...config, audit })),
  ]);
}

/** @throws InvalidArgumentError for a key or value that no run has, with the nearest */
function requireKnown(text: string, configs: readonly RunConfig[], view: string): void {
  if (configs.some(conditionOf(text))) return;
  const [key, value] = [text.slice(0, text.indexOf("=")), text.slice(text.indexOf("=") + 1)];
  const values = [...new Set(configs.flatMap((config) => valuesOf(config, key)))];
  const keys = [...new Set(configs.flatMap((config) => placesOf(config).flatMap((place) => Object.keys(place))))];
  throw new InvalidArgumentError(`no run of ${view} has ${text}`, {
    where: `--only ${text}`,
    remedy:
      nearest(value, values) ??
      didYouMean(
        key,
        keys.filter((one) => one !== "kind"),
      ),
  });
}

/** No number is a misspelt other one. */
function nearest(value: string, values: readonly string[]): string | undefined {
  if (values.length === 0) return undefined;
  return values.every((one) => Number.isFinite(Number(one)))
    ? `use one of ${values.join(", ")}`
    : didYouMean(value, values);
}

/** The audits that a view's metrics of a run's own task need; a view may have runs of several. */
function auditsOf({ dataset }: RunConfig, { metrics }: View, parts: Parts): string[] {
  const { task } = parts.datasets[dataset];
  const own = metrics.map((name) => parts.metrics[name]).filter((metric) => metric.task === task);
  return [...new Set(own.flatMap(({ audit }) => audit ?? []))];
}

/**
 * Whether a config has what is asked for: of each key one of its values.
 *
 * @param texts such as `["method=ifru", "method=scif", "seed=1"]`
 * @throws InvalidArgumentError for another form
 * @example
 * const isWanted = conditionsOf(["method=ifru", "method=scif", "seed=1"]); // either method, with seed 1
 * const configs = expandView(viewNamed("ifru-accuracy"), { preset: "quick" }, builtInParts).filter(isWanted);
 */
export function conditionsOf(texts: readonly string[]): (config: RunConfig) => boolean {
  const byKey = new Map<string, ((config: RunConfig) => boolean)[]>();
  for (const text of texts) {
    const key = text.slice(0, text.indexOf("="));
    byKey.set(key, [...(byKey.get(key) ?? []), conditionOf(text)]);
  }
  return (config) => [...byKey.values()].every((any) => any.some((holds) => holds(config)));
}

/**
 * Whether a config has a value: what the run itself has under that name, such as its seed, else any of its options.
 *
 * @param text such as `method=ifru`; `request.seed=1` for an option whose name the run has too
 * @throws InvalidArgumentError for another form
 * @example
 * const isMf = conditionOf("backbone=mf"); // of a run's config
 */
export function conditionOf(text: string): (config: RunConfig) => boolean {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError(`"${text}" is not key=value`, { remedy: "such as --only method=retrain" });
  const [key, value] = [text.slice(0, at), text.slice(at + 1)];
  return (config) => valuesOf(config, key).includes(value);
}

/** What a config has under a name. */
function valuesOf(config: RunConfig, key: string): string[] {
  const [group, name] = key.split(".", 2);
  if (name !== undefined) return valueIn(config.options[group as keyof RunOptions] ?? {}, name);
  const [own, ...options] = placesOf(config);
  return Object.hasOwn(own, key) ? valueIn(own, key) : options.flatMap((place) => valueIn(place, key));
}

function valueIn(place: Readonly<Record<string, OptionValue>>, key: string): string[] {
  return Object.hasOwn(place, key) ? [String(place[key])] : [];
}

function placesOf({ options, ...config }: RunConfig): Readonly<Record<string, OptionValue>>[] {
  const { data, training, request, method } = options;
  return [config, data, training, method, request, { request: request["kind"] }];
}
