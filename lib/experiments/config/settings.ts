import { didYouMean, InvalidOptionError, settingsOf } from "../../core";
import { noiseFloorMethod, referenceMethod, startMethod } from "./compared-methods";
import type { Choice, Grid } from "./grid";
import type { Parts } from "./parts";
import type { OptionValue, RunOptions } from "./run-config";
import { presets, type View } from "./view";

/** What a view is run with instead of what it has: parts by kind, options by what they concern. */
export interface Settings {
  readonly dataset?: readonly string[];
  readonly backbone?: readonly string[];
  /** Original, Retrain and its noise floor stay beside them. */
  readonly method?: readonly string[];
  readonly options: Readonly<Record<keyof RunOptions, Readonly<Record<string, OptionValue>>>>;
}

const kinds = ["dataset", "backbone", "method"] as const;
/** Whose options a group has. */
const partOf = { data: "dataset", training: "backbone", method: "method" } as const;
const groups = ["data", "training", "request", "method"] as const;

/**
 * Reads settings as a command line has them. A kind of part that comes again means both.
 *
 * @param texts such as `["dataset=./ratings.csv", "training.epochs=20", "method.damping=1e-4"]`
 * @throws InvalidOptionError for another form, or a key that is none, with the nearest
 * @example
 * parseSettings(["dataset=./ratings.csv", "training.epochs=20"]);
 */
export function parseSettings(texts: readonly string[]): Settings {
  const names: Record<string, string[]> = {};
  const options: Record<string, Record<string, OptionValue>> = { data: {}, training: {}, request: {}, method: {} };
  for (const text of texts) {
    const at = text.indexOf("=");
    const [key, value] = [text.slice(0, Math.max(0, at)), text.slice(at + 1)];
    const [group, option] = key.split(".", 2);
    if (at < 1 || value === "")
      throw new InvalidOptionError(`"${text}" is not key=value`, { remedy: "such as --set training.epochs=20" });
    if ((kinds as readonly string[]).includes(key)) names[key] = [...(names[key] ?? []), value];
    else if (option !== undefined && (groups as readonly string[]).includes(group))
      options[group][option] = valueOf(value);
    else {
      const known = [...kinds, ...groups.map((name) => `${name}.${option ?? "OPTION"}`)];
      throw new InvalidOptionError(`nothing is called "${key}"`, {
        where: `--set ${text}`,
        remedy: didYouMean(key, known),
      });
    }
  }
  return { ...names, options: options as unknown as Settings["options"] };
}

function valueOf(text: string): OptionValue {
  if (/^(true|false|null)$/.test(text)) return JSON.parse(text) as OptionValue;
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}

/**
 * A view on other parts, or with other options. Options of the view's grids stay where the new part has them too; what
 * is set comes on top. An option of methods is set for those that have it.
 *
 * @throws InvalidOptionError for a part that does not exist, or an option that none of the runs' parts has, with the
 *   nearest
 * @example
 * withSettings(viewNamed("ifru-accuracy"), parseSettings(["training.epochs=20"]), builtInParts);
 */
export function withSettings(view: View, settings: Settings, parts: Parts): View {
  requireParts(settings, parts);
  const used = new Set<string>();
  const known: Record<string, Set<string>> = { data: new Set(), training: new Set(), method: new Set() };
  const made = presets.map((preset) => [
    preset,
    view.grids[preset].map((grid) => gridWith(grid, settings, parts, used, known)),
  ]);
  for (const group of ["data", "training", "method"] as const)
    for (const option of Object.keys(settings.options[group]))
      if (!used.has(`${group}.${option}`))
        throw new InvalidOptionError(`no ${partOf[group]} of ${view.name} has the option "${option}"`, {
          where: `--set ${group}.${option}`,
          remedy: didYouMean(option, [...known[group]]),
        });
  return { ...view, grids: Object.fromEntries(made) as View["grids"] };
}

function requireParts(settings: Settings, parts: Parts): void {
  for (const kind of kinds)
    for (const name of settings[kind] ?? [])
      if (!Object.hasOwn(parts[`${kind}s`], name))
        throw new InvalidOptionError(`there is no ${kind} "${name}"`, {
          where: `--set ${kind}=${name}`,
          remedy: didYouMean(name, Object.keys(parts[`${kind}s`])),
        });
}

function gridWith(
  grid: Grid,
  settings: Settings,
  parts: Parts,
  used: Set<string>,
  known: Readonly<Record<string, Set<string>>>,
): Grid {
  /** A choice with what its part knows of its own options and of those set. */
  const told = (group: "data" | "training" | "method", choice: Choice, names: readonly string[]): Choice => {
    const set = Object.entries(settings.options[group]);
    names.forEach((name) => known[group].add(name));
    const own = Object.entries(choice.options ?? {}).filter(([name]) => names.includes(name));
    const taken = set.filter(([name]) => names.includes(name));
    taken.forEach(([name]) => used.add(`${group}.${name}`));
    return { name: choice.name, options: Object.fromEntries([...own, ...taken]) };
  };
  const datasets = replaced(grid.datasets, settings.dataset);
  const backbones = replaced(grid.backbones, settings.backbone);
  const [dataset, backbone] = [datasets[0].name, backbones[0].name];
  const fields = (list: { readonly fields: object }) => Object.keys(list.fields);
  return {
    datasets: datasets.map((one) => told("data", one, fields(settingsOf(parts.datasets[one.name].options)))),
    backbones: backbones.map((one) =>
      told("training", one, fields(settingsOf(parts.backbones[one.name].options(dataset)))),
    ),
    methods: methodsOf(grid.methods, settings.method, parts, backbone).map((one) =>
      told("method", one, fields(settingsOf(parts.methods[one.name].options(backbone)))),
    ),
    options: (grid.options ?? [{}]).map((common) => withRequest(common, settings.options.request)),
    seeds: grid.seeds,
  };
}

/** The choices, each under every new name: sweeps over a part's options stay. */
function replaced(choices: readonly Choice[], names: readonly string[] | undefined): readonly Choice[] {
  return names === undefined
    ? choices
    : names.flatMap((name) => choices.map(({ options }) => ({ name, ...(options && { options }) })));
}

const references = [startMethod, referenceMethod, noiseFloorMethod];

/** Methods that work on the backbone; those named stand for all but the references. */
function methodsOf(
  methods: readonly Choice[],
  names: readonly string[] | undefined,
  parts: Parts,
  backbone: string,
): readonly Choice[] {
  const kept = methods.filter(({ name }) => names === undefined || references.includes(name));
  const added = (names ?? []).flatMap((name) => {
    const same = methods.filter((choice) => choice.name === name);
    return same.length > 0 ? same : [{ name }];
  });
  return [...kept, ...added].filter(({ name }) => {
    const { backbones } = parts.methods[name];
    return backbones === "all" || backbones.includes(backbone);
  });
}

/** Another kind of request starts from its own defaults. */
function withRequest(common: Partial<RunOptions>, set: RunOptions["request"]): Partial<RunOptions> {
  if (Object.keys(set).length === 0) return common;
  const isOther = set["kind"] !== undefined && set["kind"] !== common.request?.["kind"];
  return { ...common, request: { ...(isOther ? {} : common.request), ...set } };
}
