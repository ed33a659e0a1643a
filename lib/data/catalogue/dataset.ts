import { join } from "node:path";
import { announce, InvalidDataError, sha256OfFile } from "../../core";
import { cacheOf } from "./cache-folder";
import type { DatasetEntry, DatasetVariant } from "./catalogue";
import { dataHash } from "../data-hash";
import { type Interactions, rowCount } from "../interactions";
import { kCoreRows } from "../k-core";
import type { LayoutFacts } from "../reading/file-layout";
import type { ParsedFile } from "../reading/interactions-parser";
import { readInteractions } from "../reading/read-interactions";
import { compactRows } from "../renumber";
import { latestUsersRows } from "./latest-users";
import { readSeenHashes, recordSeenHash } from "./trust";

/** A dataset, loaded and verified. */
export interface Dataset {
  readonly name: string;
  /** Ratings as the dataset has them, in its own row order. */
  readonly interactions: Interactions;
  /** sha256 of the content; stands in records. */
  readonly dataHash: string;
  /** Where it came from, without the machine's folders, such as `"RECSYS_DATA/ml-100k.csv.gz"`. */
  readonly source: string;
  /** Malformed rows that were left out, by reason. */
  readonly droppedRows: Readonly<Record<string, number>>;
  /** Rows that were left out as asked, by reason: other events, ratings that mean none. */
  readonly leftOut: Readonly<Record<string, number>>;
  /** Rows whose user and item an earlier row has too. */
  readonly repeatedRows: number;
  /** What was found of the file, in words: its format, delimiter, columns used and unused, times. */
  readonly layout: LayoutFacts;
  /** What it lacks or where it is doubtful. */
  readonly gaps: readonly string[];
  /** `null` for a file of your own. */
  readonly licence: string | null;
  readonly citation: string | null;
}

/** A variant as it was read. */
interface CheckedVariant {
  readonly interactions: Interactions;
  readonly parsed: ParsedFile;
  /** `dataHash` of the interactions. */
  readonly found: string;
  /** Whether nothing was known to hold it against. */
  readonly isNew: boolean;
}

/**
 * Reads one variant of a dataset and verifies it: against the catalogue's hash, else against what was seen before, else
 * by trust on first use, which is said and recorded.
 *
 * @param folder where the file is
 * @param source where it came from, as messages and records name it
 * @throws InvalidDataError when the file is not what it should be
 */
export async function readVariant(
  name: string,
  entry: DatasetEntry,
  variant: DatasetVariant,
  folder: string,
  source: string,
): Promise<Dataset> {
  const { interactions, parsed, found, isNew } = await checkVariant(name, entry, variant, folder);
  if (isNew) await trustFirst(name, entry, variant, found, interactions);
  return {
    name,
    interactions,
    dataHash: found,
    source,
    droppedRows: parsed.droppedRows,
    leftOut: parsed.leftOut,
    repeatedRows: parsed.repeatedRows,
    layout: parsed.layout,
    gaps: [...entry.gaps, ...variant.gaps],
    licence: entry.licence,
    citation: entry.citation,
  };
}

/**
 * Reads one variant and holds it against what is known of it. Says and records nothing.
 *
 * @throws InvalidDataError as `readVariant`
 */
export async function checkVariant(
  name: string,
  entry: DatasetEntry,
  variant: DatasetVariant,
  folder: string,
): Promise<CheckedVariant> {
  const path = join(folder, variant.file);
  const parsed = await readInteractions(path, variant.read);
  const all = parsed.interactions;
  const interactions = partOf(all, variant);
  const found = dataHash(interactions);
  const expected = variant.dataHash ?? (await readSeenHashes(cacheOf(name)))[variant.file];
  if (expected !== undefined && expected !== found)
    throw unexpected(entry, path, `its content's sha256 is ${found}`, expected);
  if (expected === undefined && variant.sha256 !== undefined) {
    const sha256 = await sha256OfFile(path);
    if (sha256 !== variant.sha256) throw unexpected(entry, path, `the file's sha256 is ${sha256}`, variant.sha256);
  }
  return { interactions, parsed, found, isNew: expected === undefined };
}

/** What the dataset takes of a file. */
function partOf(all: Interactions, { coreSize, latestShare }: DatasetVariant): Interactions {
  const core = coreSize === undefined ? all : compactRows(all, kCoreRows(all, coreSize));
  return latestShare === undefined ? core : compactRows(core, latestUsersRows(core, latestShare));
}

/** The first sight of a file whose content the catalogue has no hash of. */
async function trustFirst(
  name: string,
  entry: DatasetEntry,
  variant: DatasetVariant,
  hash: string,
  interactions: Interactions,
): Promise<void> {
  if (variant.sha256 === undefined)
    announce(`${name}: no checksum of ${variant.file} is known; trusted now, and must stay the same (${hash})`);
  const { counts } = entry;
  const { userCount, itemCount } = interactions;
  const found = [rowCount(interactions), userCount, itemCount];
  const published = [counts.rows, counts.users, counts.items];
  if (published.some((count, k) => count !== null && count !== found[k]))
    announce(
      `${name}: ${found[0]} rows, ${found[1]} users, ${found[2]} items; ` +
        `${published.map((count) => count ?? "unknown").join(", ")} are published`,
    );
  await recordSeenHash(cacheOf(name), variant.file, hash);
}

function unexpected(entry: DatasetEntry, path: string, finding: string, expected: string): InvalidDataError {
  return new InvalidDataError(`this is not the ${entry.title} of the catalogue: ${finding}, not ${expected}`, {
    where: path,
    remedy: "fetch it again, or read it as a file of your own with readInteractions",
  });
}
