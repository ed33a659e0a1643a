import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { didYouMean, libFolder, NotFoundError } from "../../core";
import { formatNames } from "../reading/format-names";
import type { ReadOptions } from "../reading/read-options";

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

const readSchema = z.strictObject({
  format: z.enum(formatNames).optional(),
  delimiter: z.string().optional(),
  header: z.boolean().optional(),
  columns: z.strictObject({ user: z.number(), item: z.number(), rating: z.number(), time: z.number() }).optional(),
  quote: z.enum(["doubled", "backslash", "none"]).optional(),
  encoding: z.enum(["utf-8", "latin1"]).optional(),
  badRows: z.enum(["error", "drop"]).optional(),
});

const variantSchema = z.strictObject({
  file: z.string(),
  read: readSchema.optional(),
  coreSize: z.number().optional(),
  latestShare: z.number().optional(),
  dataHash: sha256Schema.optional(),
  sha256: sha256Schema.optional(),
  gaps: z.array(z.string()).default([]),
});

const wheelSchema = z.strictObject({
  kind: z.literal("pypi"),
  requirement: z.string(),
  member: z.string(),
  file: z.string(),
});

const originSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("address"),
    url: z.url(),
    md5: z
      .string()
      .regex(/^[0-9a-f]{32}$/)
      .optional(),
    member: z.string().optional(),
    file: z.string(),
    maxBytes: z.number(),
  }),
  wheelSchema,
]);

const titlesSchema = z.strictObject({ file: z.string(), sha256: sha256Schema, origin: wheelSchema });

const categoriesSchema = z.strictObject({
  file: z.string(),
  item: z.string(),
  column: z.string(),
  separator: z.string(),
});
const countSchema = z.number().nullable();

const entrySchema = z.strictObject({
  title: z.string(),
  homepage: z.url(),
  licence: z.string(),
  citation: z.string(),
  counts: z.strictObject({ rows: countSchema, users: countSchema, items: countSchema }),
  gaps: z.array(z.string()).default([]),
  variants: z.array(variantSchema),
  origins: z.array(originSchema),
  titles: titlesSchema.optional(),
  categories: categoriesSchema.optional(),
});

/** One form in which a dataset exists as a file. */
export interface DatasetVariant {
  /** The file's name, in `RECSYS_DATA` and in the cache. */
  readonly file: string;
  /** How to read it, where its first line does not tell. */
  readonly read?: Readonly<ReadOptions> | undefined;
  /** The dataset is this file's k-core: what the file holds beyond it is dropped. */
  readonly coreSize?: number | undefined;
  /** The dataset is the users whose last row is latest, this share of them. */
  readonly latestShare?: number | undefined;
  /** `dataHash` of the dataset as this file gives it. */
  readonly dataHash?: string | undefined;
  /** sha256 of the file itself. */
  readonly sha256?: string | undefined;
  /** What this form lacks that the original has. */
  readonly gaps: readonly string[];
}

/** Where a variant can be fetched: an address (perhaps of an archive), or a wheel on PyPI that holds it. */
export type DatasetOrigin =
  | {
      readonly kind: "address";
      readonly url: string;
      /** md5 of what the address gives, as its publisher says. */
      readonly md5?: string | undefined;
      /** The archive's member that is the file; left out where the address is the file itself. */
      readonly member?: string | undefined;
      /** Which variant it gives. */
      readonly file: string;
      /** What is larger is refused. */
      readonly maxBytes: number;
    }
  | { readonly kind: "pypi"; readonly requirement: string; readonly member: string; readonly file: string };

/** A file with the titles of a dataset's items, and where it can be fetched. */
export interface DatasetTitles {
  readonly file: string;
  readonly sha256: string;
  readonly origin: Extract<DatasetOrigin, { kind: "pypi" }>;
}

/** A file with the categories of a dataset's items, such as genres: what a request to forget may be about. */
export interface DatasetCategories {
  readonly file: string;
  /** The columns of the items and of their categories. */
  readonly item: string;
  readonly column: string;
  /** What stands between an item's categories. */
  readonly separator: string;
}

/** What is known of a dataset. */
export interface DatasetEntry {
  readonly title: string;
  readonly homepage: string;
  readonly licence: string;
  readonly citation: string;
  /** As published; `null` where no count was seen. */
  readonly counts: { readonly rows: number | null; readonly users: number | null; readonly items: number | null };
  /** What is missing from it or doubtful. */
  readonly gaps: readonly string[];
  readonly variants: readonly DatasetVariant[];
  /** In the order they are tried. */
  readonly origins: readonly DatasetOrigin[];
  readonly titles?: DatasetTitles | undefined;
  readonly categories?: DatasetCategories | undefined;
}

let catalogue: Readonly<Record<string, DatasetEntry>> | undefined;

/**
 * Every dataset this project knows, by name (`lib/data/catalogue/catalogue.json`).
 *
 * @example
 * Object.keys(datasetCatalogue()); // the names that loadDataset knows
 */
export function datasetCatalogue(): Readonly<Record<string, DatasetEntry>> {
  catalogue ??= z
    .record(z.string(), entrySchema)
    .parse(JSON.parse(readFileSync(join(libFolder(), "data", "catalogue", "catalogue.json"), "utf8")));
  return catalogue;
}

/**
 * What the catalogue has of a dataset: its files, their addresses and hashes, its licence.
 *
 * @throws NotFoundError for a name that is not in the catalogue
 *
 * @example
 * datasetEntry("ml-100k").licence; // what it may be used for
 */
export function datasetEntry(name: string): DatasetEntry {
  const entries = datasetCatalogue();
  if (Object.hasOwn(entries, name)) return entries[name];
  throw new NotFoundError(`no dataset "${name}"`, {
    remedy: `${didYouMean(name, Object.keys(entries))}; a file of your own is named by its path, such as "ratings.csv"`,
  });
}
