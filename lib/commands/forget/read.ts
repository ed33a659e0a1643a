import { existsSync } from "node:fs";
import { announce, InvalidArgumentError, NotFoundError } from "../../core";
import {
  type AskedRequest,
  type Dataset,
  datasetCatalogue,
  type IfruSplit,
  ifruSplit,
  type Interactions,
  itemsRequest,
  loadDataset,
  loadItemTitles,
  pairsRequest,
  periodRequest,
  readIds,
  readItemAttributes,
  readPairs,
  usersRequest,
  withNegatives,
} from "../../data";
import { builtInParts } from "../../reproduction";
import type { ForgetFlags } from "./flags";
import { readOptionsOf } from "../read-flags";
import { typedPath } from "../typed-path";

/** Data, cut into rows to train on and to look at, and what is to be forgotten of them. */
export interface Task {
  readonly dataset: Dataset;
  readonly split: IfruSplit;
  readonly splitOptions: Readonly<Record<string, number>>;
  readonly request: AskedRequest;
  readonly titles: ReadonlyMap<string, string>;
}

/** Reads everything that the command was given. */
export async function readTask(data: string, flags: ForgetFlags): Promise<Task> {
  const { user: _user, item: _item, ...layout } = flags; // here they are whom to forget, not columns
  const read = { ...readOptionsOf(layout), ...(flags.columns && { columns: flags.columns }) };
  const asRead = isCatalogued(data) ? await loadDataset(data) : await loadDataset(existingFile(data), { read });
  const dataset = withSampledNegatives(asRead, flags);
  const positiveAbove = flags.positiveAbove ?? likedAbove(dataset);
  const negatives: Record<string, number> = flags.negatives === undefined ? {} : { negatives: flags.negatives };
  const splitOptions = { positiveAbove, coreSize: 0, forgetFraction: 0, seed: flags.seed };
  const split = ifruSplit(dataset.interactions, splitOptions);
  const request = await requestOf(split.train, flags);
  return {
    ...{ dataset, split, request, splitOptions: { ...splitOptions, ...negatives } },
    titles: await titlesOf(data, flags),
  };
}

/** @throws InvalidArgumentError for negatives beside ratings */
function withSampledNegatives(dataset: Dataset, { negatives: ratio, seed }: ForgetFlags): Dataset {
  if (ratio === undefined) return dataset;
  if (dataset.interactions.label.some((label) => label !== 1))
    throw new InvalidArgumentError("there are ratings: random items are no negatives beside them", {
      where: dataset.name,
      remedy: "leave --negatives out, or the ratings: --columns rating=none",
    });
  return { ...dataset, interactions: withNegatives(dataset.interactions, [], { ratio, seed }) };
}

const isCatalogued = (data: string): boolean => Object.hasOwn(datasetCatalogue(), data);

/** @throws NotFoundError for a name without a dot or slash that is neither a file nor a dataset, too */
function existingFile(data: string): string {
  const path = typedPath("forget", data);
  if (existsSync(path)) return path;
  throw new NotFoundError(`there is no file and no dataset ${JSON.stringify(data)}`, {
    where: path,
    remedy: "give the path of a file, or a name of: npm run data -- list",
  });
}

/** What experiments on a dataset of the catalogue call liked; `undefined` where they have none. */
function publishedThreshold(name: string): number | undefined {
  if (!isCatalogued(name) || !Object.hasOwn(builtInParts.datasets, name)) return undefined;
  return (builtInParts.datasets[name].options.defaults() as { readonly positiveAbove?: number }).positiveAbove;
}

/** Where a file of sessions is to go: this command reads rows of users and items alone. */
const sessionsGoBy =
  "sessions are forgotten by: npm run experiment -- run cau-main --set dataset=FILE, in a cell by loadSessionDataset";

/** Above which rating a row is liked, told by the dataset or the ratings, and said. */
function likedAbove({ name, interactions }: Dataset): number {
  const published = publishedThreshold(name);
  const most = interactions.label.reduce((a, b) => Math.max(a, b), -Infinity);
  const least = interactions.label.reduce((a, b) => Math.min(a, b), Infinity);
  if (most === least)
    throw new InvalidArgumentError(`every rating is ${most}: there is nothing that was not liked`, {
      where: name,
      remedy: `take random items for what was not: --negatives 1; ${sessionsGoBy}`,
    });
  const scale = least >= 0 && most <= 1 ? 0 : most <= 5 ? 3 : most <= 10 ? 5 : undefined;
  const chosen = published ?? scale;
  if (chosen === undefined)
    throw new InvalidArgumentError(`ratings go from ${least} to ${most}, which is no usual scale`, {
      where: name,
      remedy: "say what is liked, such as --positive-above 50",
    });
  announce(`${name}: ratings above ${chosen} count as liked (--positive-above sets it)`);
  return chosen;
}

type Asking = (train: Interactions) => AskedRequest | Promise<AskedRequest>;

/** @throws InvalidArgumentError when nothing, or more than one thing, was asked for */
async function requestOf(train: Interactions, flags: ForgetFlags): Promise<AskedRequest> {
  const { user, item, users, items, rows, from, until } = flags;
  const asked: Asking[] = [
    ...(user.length === 0 ? [] : [(set: Interactions) => usersRequest(set, user)]),
    ...(item.length === 0 ? [] : [(set: Interactions) => itemsRequest(set, item)]),
    ...(users === undefined
      ? []
      : [async (set: Interactions) => usersRequest(set, await readIds(typedPath("forget", users)))]),
    ...(items === undefined
      ? []
      : [async (set: Interactions) => itemsRequest(set, await readIds(typedPath("forget", items)))]),
    ...(rows === undefined
      ? []
      : [async (set: Interactions) => pairsRequest(set, await readPairs(typedPath("forget", rows)))]),
    ...(from === undefined && until === undefined
      ? []
      : [(set: Interactions) => periodRequest(set, { ...(from && { from }), ...(until && { until }) })]),
  ];
  if (asked.length === 1) return asked[0](train);
  throw new InvalidArgumentError(
    asked.length === 0 ? "nothing was asked to be forgotten" : "more than one kind of request was given",
    { remedy: "give one of --user ID, --item ID, --users FILE, --items FILE, --rows FILE, or --from and --until DATE" },
  );
}

async function titlesOf(data: string, { titles, titleColumn }: ForgetFlags): Promise<ReadonlyMap<string, string>> {
  if (titles === undefined) return isCatalogued(data) ? loadItemTitles(data) : new Map();
  const read = await readItemAttributes(typedPath("forget", titles), { attribute: titleColumn ?? 1 });
  return new Map([...read].map(([id, [title = id]]) => [id, title]));
}
