/** Every word of the option `format`: what `file-formats.ts` describes. */
export const formatNames = [
  "auto",
  "rows",
  "adjacency",
  "sequences",
  "lists",
  "matrix",
  "json",
  "blocks",
  "parquet",
  "netflix",
  "jester",
  "mind",
  "yoochoose",
  "diginetica",
  "retailrocket",
  "lastfm",
  "steam",
  "bookcrossing",
  "anime",
  "ta-feng",
] as const;

/** The name of a file format. */
export type FormatName = (typeof formatNames)[number];
