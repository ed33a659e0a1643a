import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { didYouMean, InvalidDataError, libFolder, sha256 } from "../core";
import type { ReadOptions } from "../data";
import { loadableFrom, type Parts } from "../experiments";
import { builtInParts } from "./built-in-parts";
import { loadModule } from "./load-module";
import { ownDataset } from "./own-dataset";

/** What of one's own stands beside the built-in parts. */
export interface OwnSources {
  /** The absolute path of a TypeScript or JavaScript module that exports `parts`. Default: none. */
  readonly partsFile?: string;
  /** Absolute paths of data files and how they are read, each under the name it is called by. Default: none. */
  readonly files?: Readonly<
    Record<string, { readonly path: string; readonly task: string; readonly read?: ReadOptions }>
  >;
}

const kinds = ["datasets", "backbones", "methods", "metrics"] as const;
const named = ["dataset", "backbone", "method"] as const;

/** Environment variable that tells a worker what of one's own there is. */
const variable = "RECSYS_OWN_PARTS";

/**
 * The built-in parts with one's own beside them. Runs of own parts keep the sha256 of the parts file among their facts
 * (`partsFile`), and their code version changes with it.
 *
 * @throws InvalidDataError for a module without `parts`, or a name that a built-in part has
 * @example
 * partsWith({ partsFile: "/my/project/my-parts.ts" });
 */
export function partsWith(sources: OwnSources): Parts {
  const { partsFile, files = {} } = sources;
  const own = partsFile === undefined ? {} : ownPartsOf(partsFile);
  const ofFiles = Object.fromEntries(
    Object.entries(files).map(([name, { path, task, read }]) => [name, ownDataset(path, task, read)]),
  );
  const parts = {
    ...builtInParts,
    datasets: { ...builtInParts.datasets, ...own.datasets, ...ofFiles },
    backbones: { ...builtInParts.backbones, ...own.backbones },
    methods: { ...builtInParts.methods, ...own.methods },
    metrics: { ...builtInParts.metrics, ...own.metrics },
  };
  process.env[variable] = JSON.stringify(sources); // for the workers that this process starts
  const made = partsFile === undefined ? parts : { ...parts, methods: withFact(parts.methods, own, partsFile) };
  return loadableFrom({ path: __filename.replace(/\.ts$/, ".js"), name: "ownPartsHere" }, made);
}

/** Own parts, each with the file as its code where it names none. */
function ownPartsOf(path: string): Partial<Parts> {
  const { parts } = loadModule(path, libFolder()) as { readonly parts?: Partial<Parts> };
  if (typeof parts !== "object" || parts === null)
    throw new InvalidDataError('the module exports no "parts"', {
      where: path,
      remedy: "export const parts = { methods: { … } }, with any of datasets, backbones, methods and metrics",
    });
  for (const kind of Object.keys(parts))
    if (!(kinds as readonly string[]).includes(kind))
      throw new InvalidDataError(`parts has "${kind}"`, { where: path, remedy: didYouMean(kind, kinds) });
  for (const kind of kinds)
    for (const name of Object.keys(parts[kind] ?? {}))
      if (Object.hasOwn(builtInParts[kind], name))
        throw new InvalidDataError(`"${name}" is the name of a built-in part (${kind})`, {
          where: path,
          remedy: `call it otherwise, such as "my-${name}"`,
        });
  const coded = <P extends object>(ofKind: Readonly<Record<string, P>> = {}) =>
    Object.fromEntries(
      Object.entries(ofKind).map(([name, part]) => {
        const { code = [] } = part as { readonly code?: string | readonly string[] };
        return [name, { ...part, code: [...new Set([path, ...[code].flat()])] }];
      }),
    ) as Record<string, P>;
  const { datasets, backbones, methods, metrics = {} } = parts;
  return { datasets: coded(datasets), backbones: coded(backbones), methods: coded(methods), metrics };
}

/** Methods that keep the file's hash among the facts of runs with a part of it. */
function withFact(methods: Parts["methods"], own: Partial<Parts>, path: string): Parts["methods"] {
  const partsFile = `${basename(path)} sha256 ${sha256(readFileSync(path))}`;
  const isOwn = (config: Readonly<Record<(typeof named)[number], string>>) =>
    named.some((kind) => Object.hasOwn(own[`${kind}s`] ?? {}, config[kind]));
  const entries = Object.entries(methods).map(([name, method]) => {
    const run: typeof method.run = async (context) => {
      const outcome = await method.run(context);
      return isOwn(context.config) ? { ...outcome, facts: { ...outcome.facts, partsFile } } : outcome;
    };
    return [name, { ...method, run }];
  });
  return Object.fromEntries(entries) as Parts["methods"];
}

let here: Parts | undefined;

/**
 * In a worker, which loads it by name: the parts of the process that started it.
 *
 * @public
 */
export const ownPartsHere: Parts = new Proxy({} as Parts, {
  get: (_, key: keyof Parts) => (here ??= partsWith(JSON.parse(process.env[variable] ?? "{}") as OwnSources))[key],
});
