import { createHash } from "node:crypto";
import { type Interactions, rowCount } from "./interactions";

/**
 * The sha256 of a dataset's content, whatever file it came from: counts, id tables, then the columns as little-endian
 * bytes (a missing time is NaN in its canonical form). Stands in every record, so that a result names its data.
 *
 * @returns lower-case hexadecimal
 * @example
 * dataHash(interactions); // stands in records; the same rows give the same hash
 */
export function dataHash(interactions: Interactions): string {
  const { user, item, label, time, users, items } = interactions;
  const hash = createHash("sha256");
  hash.update(`interactions 1 ${rowCount(interactions)} ${users.size} ${items.size} ${time === undefined ? 0 : 1}\n`);
  for (const map of [users, items]) {
    const { bytes, offsets } = map.content();
    hash.update(littleEndian(offsets)).update(bytes);
  }
  for (const column of [user, item, label]) hash.update(littleEndian(column));
  if (time !== undefined) hash.update(littleEndian(time.map((seconds) => (Number.isNaN(seconds) ? NaN : seconds))));
  return hash.digest("hex");
}

function littleEndian(values: Uint32Array | Int32Array | Float32Array | Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
