import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Random } from "recsys-unlearning/core";

/** How large made-up ratings are. */
export interface Size {
  readonly rows: number;
  readonly users: number;
  readonly items: number;
}

/** How few items there are beside users, so that lists grow with the data, too. */
const usersPerItem = 5;
const tastes = 8;
const rowsPerChunk = 20_000;

/** Smaller data have fewer users and items in proportion: a person rates as often, an item is as popular on average. */
export function sizeOf(rows: number, largest: { readonly rows: number; readonly users: number }): Size {
  const users = Math.max(10, Math.round((rows * largest.users) / largest.rows));
  return { rows, users, items: Math.max(10, Math.round(users / usersPerItem)) };
}

/**
 * Writes ratings as CSV in random order: users at random, items by popularity, stars by whether the two share a taste.
 * Equal sizes give equal bytes.
 */
export async function writeMadeUp(path: string, size: Size): Promise<void> {
  await pipeline(Readable.from(chunks(size)), createWriteStream(path));
}

function* chunks({ rows, users, items }: Size): Generator<string> {
  const random = Random.derive(1, "scale", rows);
  yield "user,item,rating,timestamp\n";
  for (let row = 0; row < rows; row += rowsPerChunk) {
    const lines: string[] = [];
    for (let k = row; k < Math.min(rows, row + rowsPerChunk); k++) {
      const user = random.integer(users);
      const item = Math.floor(items * random.uniform() ** 2);
      const isLiked = random.uniform() < (user % tastes === item % tastes ? 0.9 : 0.4);
      lines.push(`u${user},i${item},${isLiked ? 4 + random.integer(2) : 1 + random.integer(3)},${1_600_000_000 + k}`);
    }
    yield `${lines.join("\n")}\n`;
  }
}
