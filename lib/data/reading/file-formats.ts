import { plainName } from "./column-names";
import type { FormatName } from "./format-names";
import type { ReadOptions } from "./read-options";

/** How the bytes of a format are cut: into rows of fields, or in a way of its own. */
export type FormatKind =
  "rows" | "adjacency" | "sequences" | "lists" | "matrix" | "json" | "blocks" | "netflix" | "mind" | "parquet";

/** A format by name. */
export interface FileFormat {
  /** What it holds, for people. */
  readonly meaning: string;
  readonly kind: FormatKind;
  /** Whether a file that is unmistakably of this format is read without its name. */
  readonly isFound: boolean;
  /** How it is read, by its first line; what a person gives comes before it. */
  readonly read?: (firstLine: string) => ReadOptions;
  /** Names that only its header has. */
  readonly header?: readonly string[];
  /** A column of milliseconds that is added to the time. */
  readonly offset?: string;
}

const fieldsOf = (line: string, delimiter: string) => line.split(delimiter).length;

/** Every format that is read by name. */
export const fileFormats: Readonly<Record<Exclude<FormatName, "auto">, FileFormat>> = {
  rows: {
    meaning: "a row of fields for each interaction: CSV, TSV, any delimiter, RecBole's .inter, MovieLens' files",
    kind: "rows",
    isFound: true,
  },
  adjacency: {
    meaning: "a user and their items on each line (LightGCN, NGCF, RecEraser)",
    kind: "adjacency",
    isFound: true,
  },
  sequences: {
    meaning: "the items of a session on each line, in order; the session is the line's number",
    kind: "sequences",
    isFound: false,
  },
  lists: {
    meaning: "RecBole's item_id_list: a session, its items and the item that follows",
    kind: "lists",
    isFound: true,
  },
  matrix: {
    meaning: "a line for each user and a column for each item; an empty cell is no rating",
    kind: "matrix",
    isFound: false,
  },
  json: {
    meaning: "JSON lines or an array of objects (Amazon, Yelp), Python's dicts one a line",
    kind: "json",
    isFound: true,
  },
  blocks: {
    meaning: "a block of lines for each interaction, `name: value` (SNAP's Amazon, BeerAdvocate, RateBeer)",
    kind: "blocks",
    isFound: true,
  },
  parquet: { meaning: "Parquet, plain or compressed by Snappy, gzip or Brotli", kind: "parquet", isFound: true },
  netflix: {
    meaning: "the Netflix Prize: `item:`, then lines of user, rating and date",
    kind: "netflix",
    isFound: true,
  },
  jester: {
    meaning: "Jester: a line for each user, a count and then a rating for each joke; 99 is no rating",
    kind: "matrix",
    isFound: false,
    read: () => ({ missing: [99] }),
  },
  mind: {
    meaning: "MIND's behaviors.tsv: the news that a user was shown, label 1 where clicked",
    kind: "mind",
    isFound: true,
  },
  yoochoose: {
    meaning: "yoochoose-clicks.dat and -buys.dat: session, time, item",
    kind: "rows",
    isFound: false,
    read: () => ({ delimiter: ",", header: false, columns: { user: 0, time: 1, item: 2, rating: null } }),
  },
  diginetica: {
    meaning: "train-item-views.csv: session, item, and the day with the milliseconds since the session began",
    kind: "rows",
    isFound: false,
    header: ["sessionid", "itemid", "timeframe", "eventdate"],
    offset: "timeframe",
    read: () => ({
      delimiter: ";",
      header: true,
      columns: { user: "sessionId", item: "itemId", time: "eventdate", rating: null },
    }),
  },
  retailrocket: {
    meaning: "events.csv: visitor, item, event; `events` keeps some of view, addtocart, transaction",
    kind: "rows",
    isFound: false,
    header: ["visitorid", "itemid", "event", "transactionid"],
    read: () => ({
      header: true,
      columns: { user: "visitorid", item: "itemid", time: "timestamp", event: "event", rating: null },
    }),
  },
  lastfm: {
    meaning: "last.fm 2K (user, artist, weight), 360K (user, artist, plays) and 1K (a row for each play), by artist",
    kind: "rows",
    isFound: false,
    read: lastfm,
  },
  steam: {
    meaning: "Steam-200k (hours played; `events` chooses play or purchase), Steam's reviews and bundles (Python dicts)",
    kind: "rows",
    isFound: false,
    read: steam,
  },
  bookcrossing: {
    meaning: "BX-Book-Ratings.csv: user, ISBN, rating; 0 is implicit feedback",
    kind: "rows",
    isFound: false,
    read: (line) => ({
      header: true,
      quote: "backslash",
      columns: /Book-Rating/i.test(line) ? { user: "User-ID", item: "ISBN", rating: "Book-Rating", time: null } : {},
    }),
  },
  anime: {
    meaning: "Anime's rating.csv: user, anime, rating; -1 (seen, not rated) is left out",
    kind: "rows",
    isFound: false,
    header: ["userid", "animeid", "rating"],
    read: () => ({
      header: true,
      missing: [-1],
      columns: { user: "user_id", item: "anime_id", rating: "rating", time: null },
    }),
  },
  "ta-feng": {
    meaning: "Ta Feng: transactions of a grocery, by customer, product and day",
    kind: "rows",
    isFound: false,
    header: ["transactiondt", "customerid", "productid"],
    read: () => ({
      header: true,
      timeUnit: "month-first",
      columns: { user: "CUSTOMER_ID", item: "PRODUCT_ID", time: "TRANSACTION_DT", rating: null },
    }),
  },
};

/** The named format whose header these names are. */
export function formatOfHeader(names: readonly string[]): FormatName | undefined {
  const plain = names.map(plainName);
  return (Object.keys(fileFormats) as (keyof typeof fileFormats)[]).find(
    (name) => fileFormats[name].header?.every((one) => plain.includes(one)) === true,
  );
}

function lastfm(line: string): ReadOptions {
  const plain = { delimiter: "\t", quote: "none" } as const;
  if (fieldsOf(line, "\t") === 6)
    return { ...plain, header: false, columns: { user: 0, time: 1, item: 3, rating: null } };
  if (fieldsOf(line, "\t") === 4)
    return { ...plain, header: false, columns: { user: 0, item: 2, rating: 3, time: null } };
  return { ...plain, header: true, columns: { user: "userID", item: "artistID", rating: "weight", time: null } };
}

function steam(line: string): ReadOptions {
  if (line.startsWith("{")) return { format: "json", columns: { rating: null } };
  const event = { header: false, delimiter: ",", events: ["play"] };
  return { ...event, columns: { user: 0, item: 1, event: 2, rating: 3, time: null } };
}
