import { canonicalJson, sha256 } from "../../core";
import { type Parts, type PartVersion, taskOf } from "./parts";
import { defaultsOf } from "./resolve";
import type { Options, Run, RunConfig, RunOptions } from "./run-config";

/** A part by its name and revision. */
interface NamedPart {
  readonly name: string;
  readonly revision: number;
}

/** What a run's id is the hash of. */
export interface RunIdentity {
  readonly parts: Readonly<Record<"dataset" | "backbone" | "method" | "request", NamedPart>> & {
    readonly audit?: NamedPart;
  };
  /** Those that differ from their defaults, by what they concern; a group without any is left out. */
  readonly options: Readonly<Record<string, Options>>;
  readonly seed: number;
  /** sha256 of the dataset's content. */
  readonly dataHash: string;
  readonly engine: string;
}

/**
 * A run's identity. A default that is spelt out is the same run, and an option that is new and at its default changes
 * no id. Neither the code nor any grid is in it.
 *
 * @param config of parts that exist, complete or not
 * @example
 * const [config] = expandView(viewNamed("ifru-accuracy"), { preset: "tiny" }, builtInParts);
 * const dataHash = await builtInParts.datasets[config.dataset].hash(config.options.data);
 * identityOf(config, builtInParts, dataHash, "wasm").options["training"]; // { embeddingSize: 8, … }: no defaults
 */
export function identityOf(config: RunConfig, parts: Parts, dataHash: string, engine: string): RunIdentity {
  const { audit, seed } = config;
  const task = taskOf(config, parts);
  const defaults = defaultsOf(config, parts);
  const kind = String(defaults.request["kind"]);
  const named = (name: string, { revision = 1 }: PartVersion): NamedPart => ({ name, revision });
  const deciding = decidingOptions(config, defaults);
  const groups = (["data", "training", "request", "method"] as const).map((group) => {
    const options = differences(config.options[group], defaults[group]);
    return [group, group === "method" ? { ...options, ...deciding } : options] as const;
  });
  return {
    parts: {
      dataset: named(config.dataset, parts.datasets[config.dataset]),
      backbone: named(config.backbone, parts.backbones[config.backbone]),
      method: named(config.method, parts.methods[config.method]),
      request: named(kind, task.requests[kind]),
      ...(audit === undefined ? {} : { audit: named(audit, task.audits[audit]) }),
    },
    options: Object.fromEntries(groups.filter(([, options]) => Object.keys(options).length > 0)),
    ...{ seed, dataHash, engine },
  };
}

/**
 * A config with its id.
 *
 * @example
 * const [config] = expandView(viewNamed("ifru-accuracy"), { preset: "tiny" }, builtInParts);
 * const dataHash = await builtInParts.datasets[config.dataset].hash(config.options.data);
 * identifyRun(config, builtInParts, dataHash, "wasm").id; // 20 hexadecimal digits
 */
export function identifyRun(config: RunConfig, parts: Parts, dataHash: string, engine: string): Run {
  const id = sha256(canonicalJson(identityOf(config, parts, dataHash, engine))).slice(0, 20);
  return { id, config, dataHash, engine };
}

/**
 * The mode where it is not the one that is taken unasked: the defaults of a mode repeat it, so that it never differs
 * from them.
 */
function decidingOptions({ options }: RunConfig, defaults: RunOptions): Options {
  const { mode } = options.method;
  return Object.hasOwn(defaults.method, "mode") && mode !== undefined && mode !== "principled" ? { mode } : {};
}

function differences(given: Options, defaults: Options): Options {
  const differs = ([name, value]: [string, Options[string]]) =>
    !Object.hasOwn(defaults, name) ||
    (defaults[name] !== value && canonicalJson(defaults[name]) !== canonicalJson(value));
  return Object.fromEntries(Object.entries(given).filter(differs));
}
