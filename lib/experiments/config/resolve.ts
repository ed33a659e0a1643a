import {
  didYouMean,
  InvalidOptionError,
  type Mode,
  NotFoundError,
  type OptionList,
  optionList,
  settingsOf,
  wordOption,
} from "../../core";
import { type Parts, taskOf } from "./parts";
import type { Options, RunConfig, RunOptions } from "./run-config";

/**
 * A config with every default filled in.
 *
 * @throws NotFoundError for a dataset, backbone, method or audit that does not exist, naming the nearest
 * @throws InvalidOptionError for an option that does not exist, naming the nearest, a backbone that is no model for the
 *   dataset's task, or a method that does not work on the backbone
 * @example
 * const options = { data: {}, training: { epochs: 20 }, request: {}, method: { mode: "paper" } };
 * const given = { dataset: "ml-100k", backbone: "mf", method: "ifru", options, seed: 1 };
 * const config = resolveConfig(given, builtInParts);
 * config.options.request["kind"]; // "split", which is asked for unless another is named
 */
export function resolveConfig(config: RunConfig, parts: Parts): RunConfig {
  const dataset = partOf("dataset", config.dataset, parts.datasets);
  const backbone = partOf("backbone", config.backbone, parts.backbones);
  const method = partOf("method", config.method, parts.methods);
  const task = taskOf(config, parts);
  if (config.audit !== undefined) partOf("audit", config.audit, task.audits);
  if (backbone.task !== dataset.task)
    throw new InvalidOptionError(
      `${config.backbone} is a model for ${backbone.task}, ${config.dataset} has ${dataset.task}`,
      {
        remedy: `choose among ${namesOf(parts.backbones, dataset.task).join(", ")}`,
      },
    );
  if (method.backbones !== "all" && !method.backbones.includes(config.backbone))
    throw new InvalidOptionError(`${config.method} does not work on ${config.backbone}`, {
      remedy: `it works on ${method.backbones.join(", ")}`,
    });
  const lists = settingsFor(config, parts);
  const resolved = (group: keyof RunOptions) => lists[group].resolve(config.options[group]) as Options;
  return {
    dataset: config.dataset,
    backbone: config.backbone,
    method: config.method,
    options: {
      data: resolved("data"),
      training: resolved("training"),
      request: resolved("request"),
      method: resolved("method"),
    },
    seed: config.seed,
    ...(config.audit === undefined ? {} : { audit: config.audit }),
  };
}

/**
 * Every option of a config with its default in the config's mode; a request's `kind` is as the config has it.
 *
 * @param config of parts that exist
 * @example
 * const [config] = expandView(viewNamed("ifru-accuracy"), { preset: "tiny" }, builtInParts);
 * defaultsOf(config, builtInParts).training["embeddingSize"]; // 48, where the tiny preset has 8
 */
export function defaultsOf(config: RunConfig, parts: Parts): RunOptions {
  const { data, training, request, method } = settingsFor(config, parts);
  return {
    data: data.defaults() as Options,
    training: training.defaults() as Options,
    request: request.defaults() as Options,
    method: method.defaults(config.options.method["mode"] as Mode | undefined) as Options,
  };
}

/** The options that a config may set, by what they concern. */
type Settings = Readonly<Record<keyof RunOptions, OptionList>>;

const known = new WeakMap<Parts, Map<string, Settings>>();

/** The options that a config of these parts may set, found once; those of a request are the named kind's. */
function settingsFor(config: Pick<RunConfig, "dataset" | "backbone" | "method" | "options">, parts: Parts): Settings {
  const { dataset, backbone, method } = config;
  const { requests } = taskOf(config, parts);
  const [kind, part] = requestPart(config.options.request, requests);
  const ofParts = known.get(parts) ?? new Map<string, Settings>();
  known.set(parts, ofParts);
  const key = JSON.stringify([dataset, backbone, method, kind]);
  const found = ofParts.get(key);
  if (found !== undefined) return found;
  const kinds = wordOption("What is to be forgotten.", Object.keys(requests), kind);
  const named = (name: string, list: OptionList) => optionList(name, settingsOf(list).fields);
  const settings = {
    data: named(dataset, parts.datasets[dataset].options),
    training: named(backbone, parts.backbones[backbone].options(dataset)),
    request: optionList(`request of kind ${kind}`, { kind: kinds, ...settingsOf(part.options).fields }),
    method: named(method, parts.methods[method].options(backbone)),
  };
  ofParts.set(key, settings);
  return settings;
}

/** The kind of request that is meant; a task's first unless one is named. @throws InvalidOptionError for another */
function requestPart<T>(given: Options, kinds: Readonly<Record<string, T>>): [string, T] {
  const kind = String(given["kind"] ?? Object.keys(kinds)[0]);
  if (Object.hasOwn(kinds, kind)) return [kind, kinds[kind]];
  throw new InvalidOptionError(`no request of kind "${kind}"`, { remedy: didYouMean(kind, Object.keys(kinds)) });
}

function namesOf(parts: Readonly<Record<string, { readonly task: string }>>, task: string): string[] {
  return Object.keys(parts).filter((name) => parts[name].task === task);
}

function partOf<T>(kind: string, name: string, parts: Readonly<Record<string, T>>): T {
  if (Object.hasOwn(parts, name)) return parts[name];
  throw new NotFoundError(`no ${kind} "${name}"`, { remedy: didYouMean(name, Object.keys(parts)) });
}
