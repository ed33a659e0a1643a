import { statSync } from "node:fs";
import { basename, resolve } from "node:path";
import { NotFoundError, optionList, type OptionsOf } from "../core";
import {
  type Dataset,
  ifruSplit,
  type ifruSplitOptions,
  loadDataset,
  type ReadOptions,
  sessionDataset,
  type sessionDatasetOptions,
} from "../data";
import type { DatasetPart, Options } from "../experiments";
import { builtInParts } from "./built-in-parts";
import { contentOf, loadedFrom } from "./hash-as-read";

/** The last files that were read: planning asks for the hash of one again and again. */
const read = new Map<string, Promise<Dataset>>();
const remembered = 4;

/** A file, read once, and again when it has changed. */
function datasetAt(path: string, options: ReadOptions): Promise<Dataset> {
  const { size, mtimeMs, ino } = statSync(path);
  const key = JSON.stringify([path, size, mtimeMs, ino, options]);
  const found = read.get(key) ?? loadDataset(path, { read: options });
  read.delete(key);
  read.set(key, found);
  for (const old of [...read.keys()].slice(0, -remembered)) read.delete(old);
  found.catch(() => read.delete(key)); // a failure is not remembered
  return found;
}

type SplitOptions = OptionsOf<typeof ifruSplitOptions.fields> & OptionsOf<typeof sessionDatasetOptions.fields>;

/** How a task makes a split of a file, and the dataset of the catalogue whose options its files have. */
const tasks: Readonly<
  Record<string, { readonly like: string; split(dataset: Dataset, options: SplitOptions): object }>
> = {
  ratings: {
    like: "ml-100k",
    split: ({ interactions }, options) => ifruSplit(interactions, options),
  },
  sessions: {
    like: "amazon-beauty",
    split: (dataset, options) => sessionDataset(dataset, options),
  },
};

/**
 * A file of one's own as a dataset of experiments: read by `loadDataset`, split as the task's datasets are, with their
 * options (`ml-100k`'s for ratings, `amazon-beauty`'s for sessions). Runs are named by the hash of its content.
 *
 * @param path of the file
 * @param task `"ratings"` or `"sessions"`
 * @param reading how the file is read, where its beginning does not tell; `{ keep: "last" }` merges repeated pairs
 * @example
 * ownDataset("ratings.csv", "ratings", { keep: "last" }); // among the datasets of your parts
 * @throws NotFoundError when there is no such file, or a task takes no files
 */
export function ownDataset(path: string, task: string, reading: ReadOptions = {}): DatasetPart {
  const full = resolve(path);
  if (statSync(full, { throwIfNoEntry: false })?.isFile() !== true)
    throw new NotFoundError("there is no such file", {
      where: full,
      remedy: "give the path of a file of interactions",
    });
  if (!Object.hasOwn(tasks, task)) throw new NotFoundError(`the task "${task}" takes no files`, { where: full });
  const { like, split } = tasks[task];
  const label = basename(full);
  return {
    task,
    label,
    code: __filename,
    options: optionList(label, builtInParts.datasets[like].options.fields),
    hash: async () => (await datasetAt(full, reading)).dataHash,
    async load(options: Options) {
      const dataset = await datasetAt(full, reading);
      const { splitSeed, ...rest } = options as unknown as SplitOptions & { readonly splitSeed: number };
      return loadedFrom(split(dataset, { ...rest, seed: splitSeed }), dataset.dataHash);
    },
    contentOf: (made) => contentOf(made as object),
  };
}
