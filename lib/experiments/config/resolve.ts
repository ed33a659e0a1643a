import { didYouMean, InvalidOptionError, NotFoundError, resolveOptions } from "../../core";
import { type Parts, taskOf } from "./parts";
import type { Options, RunConfig, RunOptions } from "./run-config";

/**
 * A config with every default filled in.
 *
 * @throws NotFoundError for a dataset, backbone, method or audit that does not exist, naming the nearest
 * @throws InvalidOptionError for an option that does not exist, naming the nearest, a backbone that is no model for the dataset's
 *   task, or a method that does not work on the backbone
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
  const { data, training, request, method: own } = config.options;
  const defaults = defaultsOf(config, parts);
  return {
    dataset: config.dataset,
    backbone: config.backbone,
    method: config.method,
    options: {
      data: resolved(defaults.data, data, config.dataset),
      training: resolved(defaults.training, training, config.backbone),
      request: resolved(defaults.request, request, `request of kind ${String(defaults.request["kind"])}`),
      method: resolved(defaults.method, own, config.method),
    },
    seed: config.seed,
    ...(config.audit === undefined ? {} : { audit: config.audit }),
  };
}

/**
 * Every option of a config with its default; a request's `kind` is as the config has it.
 *
 * @param config of parts that exist
 */
export function defaultsOf(config: RunConfig, parts: Parts): RunOptions {
  const { request, method: own } = config.options;
  const { defaults } = parts.methods[config.method];
  const [kind, part] = requestPart(request, taskOf(config, parts).requests);
  return {
    data: parts.datasets[config.dataset].defaults,
    training: parts.backbones[config.backbone].defaults(config.dataset),
    request: { kind, ...part.defaults },
    method: typeof defaults === "function" ? defaults(config.backbone, own) : defaults,
  };
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

/** Like `resolveOptions`, but an option whose default is a word may be a number and the other way round (`damping`). */
function resolved(defaults: Options, given: Options, where: string): Options {
  const alike = Object.fromEntries(
    Object.entries(given).filter(
      ([key, value]) => typeof value === typeof defaults[key] || !Object.hasOwn(defaults, key),
    ),
  );
  return { ...resolveOptions<Options>(defaults, alike, where), ...given };
}

function partOf<T>(kind: string, name: string, parts: Readonly<Record<string, T>>): T {
  if (Object.hasOwn(parts, name)) return parts[name];
  throw new NotFoundError(`no ${kind} "${name}"`, { remedy: didYouMean(name, Object.keys(parts)) });
}
