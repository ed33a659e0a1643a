import zlib from "node:zlib";
import { Breather, InvalidDataError, RecsysError } from "../../core";
import { roles } from "./column-names";
import type { LayoutFacts } from "./file-layout";
import { NamedRows, type NamedValues } from "./named-rows";
import type { ReadSettings } from "./read-options";
import { type CollectedRows, RowCollector } from "./row-collector";

/** Rows that are in memory at a time, and those that the columns are found from. */
const blockRows = 1 << 16;
const sampleRows = 200;

/** From Node 22.15 on. */
const { zstdDecompressSync } = zlib as { zstdDecompressSync?: (bytes: Uint8Array) => Uint8Array };
const compressors = {
  GZIP: (bytes: Uint8Array) => new Uint8Array(zlib.gunzipSync(bytes)),
  BROTLI: (bytes: Uint8Array) => new Uint8Array(zlib.brotliDecompressSync(bytes)),
  ...(zstdDecompressSync === undefined
    ? {}
    : { ZSTD: (bytes: Uint8Array) => new Uint8Array(zstdDecompressSync(bytes)) }),
};

/**
 * Reads a Parquet file, plain or compressed by Snappy, gzip, Brotli or (from Node 22.15 on) zstd, some rows at a time
 * and the columns it needs.
 *
 * @throws InvalidDataError when it is damaged or compressed in another way, or when user or item cannot be told
 */
export async function readParquet(
  path: string,
  settings: ReadSettings,
): Promise<{ rows: CollectedRows; facts: LayoutFacts }> {
  const { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } = await import("hyparquet");
  const rows = new RowCollector(path, settings);
  const breather = new Breather("reading Parquet");
  try {
    const file = await asyncBufferFromFile(path);
    const metadata = await parquetMetadataAsync(file);
    const total = Number(metadata.num_rows);
    const read = (rowStart: number, rowEnd: number, columns?: string[]) =>
      parquetReadObjects({
        file,
        metadata,
        compressors,
        rowStart,
        rowEnd: Math.min(rowEnd, total),
        ...(columns === undefined ? {} : { columns }),
      });
    if (total === 0)
      throw new InvalidDataError("the file has no rows", { where: path, remedy: "give a file with interactions" });
    const sample = await read(0, sampleRows);
    const named = new NamedRows(sample.map(withPlainValues), settings, path);
    const used = [...roles, "event" as const].flatMap((role) => named.nameOf(role) ?? []);
    for (let start = 0; start < total; start += blockRows) {
      const block = await read(start, start + blockRows, used);
      block.forEach((values, k) => named.add(withPlainValues(values), start + k + 1, rows));
      await breather.breathe();
    }
    named.finish(rows);
    return { rows: rows.finish(), facts: { format: "Parquet", ...named.facts } };
  } catch (cause) {
    if (cause instanceof RecsysError) throw cause;
    throw new InvalidDataError(`the Parquet file cannot be read: ${(cause as Error).message}`, {
      where: path,
      remedy: "write it again, compressed by Snappy or gzip, or as CSV",
      cause,
    });
  }
}

function withPlainValues(row: NamedValues): NamedValues {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, value instanceof Date ? value.toISOString() : value]),
  );
}
