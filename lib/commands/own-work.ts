import { basename } from "node:path";
import { commandLine, InvalidOptionError, libFolder } from "../core";
import {
  describeRun,
  parseSettings,
  type Parts,
  type Preset,
  type RunConfig,
  shellWord,
  startMethod,
  type View,
  withSettings,
} from "../experiments";
import { builtInParts, checkModule, type OwnSources, partsWith, viewNamed } from "../reproduction";
import { readSettingsOf } from "./read-flags";
import { typedPath } from "./typed-path";

/** What of a view is worked on, as a command line has it. */
export interface WorkOptions {
  preset: Preset;
  seeds?: number;
  only: string[];
  store?: string;
  /** `--set`; commands without it have none. */
  set?: string[];
  /** `--parts`; commands without it have none. */
  parts?: string;
}

/** A view and the parts that its configs name. */
export interface Work {
  readonly view: View;
  readonly parts: Parts;
}

/**
 * A view as it is, or on one's own data, parts and options. A parts file is type-checked first.
 *
 * @throws InvalidDataError for type errors, with file and line
 * @throws InvalidOptionError for a setting that nothing has, with the nearest; for `read.` without a file
 */
export function workOf(name: string, { set = [], parts: partsFile, preset }: WorkOptions): Work {
  const view = viewNamed(name);
  if (set.length === 0 && partsFile === undefined) return { view, parts: builtInParts };
  const path = partsFile === undefined ? undefined : typedPath("experiment", partsFile);
  if (path !== undefined) checkModule(path, libFolder());
  const isReading = (text: string) => text.startsWith("read.");
  const settings = parseSettings(set.filter((text) => !isReading(text)));
  const reading = set.filter(isReading).map((text) => text.slice("read.".length));
  const read = readSettingsOf(reading);
  const own = path === undefined ? builtInParts : partsWith({ partsFile: path });
  const { task } = own.datasets[view.grids[preset][0].datasets[0].name];
  const isFile = (dataset: string) => !Object.hasOwn(own.datasets, dataset) && /[./\\]/.test(dataset);
  const found = (settings.dataset ?? [])
    .filter(isFile)
    .map((file) => [basename(file), { path: typedPath("experiment", file), task, read }] as const);
  if (reading.length > 0 && found.length === 0)
    throw new InvalidOptionError("there is no file to read", {
      where: `--set read.${reading[0]}`,
      remedy: "name it, such as --set dataset=./ratings.csv",
    });
  requireOtherNames(found, own);
  const sources: OwnSources = { ...(path === undefined ? {} : { partsFile: path }), files: Object.fromEntries(found) };
  const parts = partsWith(sources);
  const dataset = settings.dataset?.map((one) => (isFile(one) ? basename(one) : one));
  const changed = withSettings(view, { ...settings, ...(dataset === undefined ? {} : { dataset }) }, parts);
  return { view: withOwnMetrics(changed, own, task), parts };
}

/** Runs name a file by its name alone, so that they are the same wherever it lies. */
function requireOtherNames(files: readonly (readonly [string, { readonly path: string }])[], parts: Parts): void {
  for (const [name, { path }] of files)
    if (Object.hasOwn(parts.datasets, name) || files.some((other) => other[0] === name && other[1].path !== path))
      throw new InvalidOptionError(`two datasets are called "${name}"`, { where: path, remedy: "rename the file" });
}

/** One's own metrics are shown after the view's. */
function withOwnMetrics(view: View, { metrics }: Parts, task: string): View {
  const own = Object.keys(metrics).filter(
    (name) => !Object.hasOwn(builtInParts.metrics, name) && metrics[name].task === task,
  );
  return own.length === 0 ? view : { ...view, metrics: [...view.metrics, ...own] };
}

/** A command on the same view with all that was given, to be typed as it stands. */
export function commandOn(verb: string, name: string, options: WorkOptions): string {
  const { preset, seeds, only, store, set = [], parts } = options;
  const word = (text: string) => (/^[\w./=@:,+-]+$/.test(text) ? text : shellWord(text));
  const words = [
    ...[verb, name, "--preset", preset],
    ...(seeds === undefined ? [] : ["--seeds", String(seeds)]),
    ...only.flatMap((condition) => ["--only", word(condition)]),
    ...set.flatMap((setting) => ["--set", word(setting)]),
    ...(parts === undefined ? [] : ["--parts", word(parts)]),
    ...(store === undefined ? [] : ["--store", word(store)]),
  ];
  return `${commandLine("experiment")} ${words.join(" ")}`;
}

/** @throws InvalidOptionError where settings leave nothing to forget: a split's share, and that share is 0 */
export function requireRequests(configs: readonly RunConfig[], { set = [] }: WorkOptions): void {
  if (set.length === 0) return;
  const isEmpty = ({ method, options: { data, request } }: RunConfig) =>
    method !== startMethod && request["kind"] === "split" && data["forgetFraction"] === 0;
  const empty = configs.find(isEmpty);
  if (empty === undefined) return;
  throw new InvalidOptionError("nothing was asked to be forgotten: the split sets no rows aside", {
    where: describeRun(empty),
    remedy: "--set data.forgetFraction=0.02 sets rows aside; --set request.kind=user asks for something else",
  });
}

/** @throws InvalidOptionError for what other machines' tasks cannot load */
export function requireBuiltIn({ set = [], parts }: WorkOptions, what: string): void {
  if (set.length === 0 && parts === undefined) return;
  throw new InvalidOptionError(`${what} does not take --set and --parts`, {
    remedy: "its tasks load the built-in parts alone; use --runner local",
  });
}
