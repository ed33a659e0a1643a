import { didYouMean, InvalidOptionError, NotFoundError, resolveOptions } from "../core";
import type { Parts } from "./parts";
import type { Options, RunConfig } from "./run-config";

const requestDefaults = { kind: "split" };
const requestKinds = ["split", "user", "interaction"];

/**
 * A config with every default filled in.
 *
 * @throws NotFoundError for a dataset, backbone or method that does not exist, naming the nearest
 * @throws InvalidOptionError for an option that does not exist, naming the nearest, or a method that does not work on the backbone
 */
export function resolveConfig(config: RunConfig, parts: Parts): RunConfig {
  const dataset = partOf("dataset", config.dataset, parts.datasets);
  const backbone = partOf("backbone", config.backbone, parts.backbones);
  const method = partOf("method", config.method, parts.methods);
  if (!method.backbones.includes(config.backbone))
    throw new InvalidOptionError(`${config.method} does not work on ${config.backbone}`, {
      remedy: `it works on ${method.backbones.join(", ")}`,
    });
  const { data, training, request, method: own } = config.options;
  const resolvedRequest = resolved(requestDefaults, request, "request");
  if (!requestKinds.includes(resolvedRequest.kind))
    throw new InvalidOptionError(`no request of kind "${resolvedRequest.kind}"`, {
      remedy: didYouMean(resolvedRequest.kind, requestKinds),
    });
  return {
    dataset: config.dataset,
    backbone: config.backbone,
    method: config.method,
    options: {
      data: resolved(dataset.defaults, data, config.dataset),
      training: resolved(backbone.defaults, training, config.backbone),
      request: resolvedRequest,
      method: resolved(method.defaults, own, config.method),
    },
    seed: config.seed,
  };
}

/** Like `resolveOptions`, but an option whose default is a word may be a number and the other way round (`damping`). */
function resolved<T extends Options>(defaults: T, given: Options, where: string): T {
  const alike = Object.fromEntries(
    Object.entries(given).filter(
      ([key, value]) => typeof value === typeof defaults[key] || !Object.hasOwn(defaults, key),
    ),
  );
  return { ...resolveOptions<T>(defaults, alike as Partial<T>, where), ...given };
}

function partOf<T>(kind: string, name: string, parts: Readonly<Record<string, T>>): T {
  if (Object.hasOwn(parts, name)) return parts[name];
  throw new NotFoundError(`no ${kind} "${name}"`, { remedy: didYouMean(name, Object.keys(parts)) });
}
