import { core, type data } from "recsys-unlearning";
import { expect } from "vitest";
import type { ReadOptions } from "../../lib/data/reading/read-options";
import { InteractionsParser } from "../../lib/data/reading/interactions-parser";
import { referenceParse } from "./reference-parser.fixture";

/** Parses bytes cut into chunks of the sizes given, over and over. */
export function parseInChunks(bytes: Uint8Array, options: ReadOptions, sizes: readonly number[]): data.ParsedFile {
  const parser = new InteractionsParser("file", options);
  for (let at = 0, k = 0; at < bytes.length; k++) {
    const size = Math.max(1, sizes[k % sizes.length]);
    parser.push(bytes.slice(at, at + size)); // a copy: the parser may change what it is given
    at += size;
  }
  return parser.finish();
}

/**
 * Holds the parser against the slow reference: equal rows and counts, or both refuse, at the same line. Files are taken
 * as rows with quotes as in CSV; one with a mark of UTF-16 is only read or refused.
 */
export function expectAsReference(bytes: Uint8Array, given: ReadOptions, sizes: readonly number[]): "read" | "refused" {
  const options: ReadOptions = { format: "rows", quote: "doubled", ...given };
  const expected = /^(\xff\xfe|\xfe\xff)/.test(Buffer.from(bytes).toString("latin1"))
    ? null
    : referenceParse(bytes, options);
  let parsed: data.ParsedFile;
  try {
    parsed = parseInChunks(bytes, options, sizes);
  } catch (error) {
    expect(error).toBeInstanceOf(core.RecsysError);
    if (expected === null) return "refused";
    const line = /^file:(\d+)$/.exec((error as core.RecsysError).where ?? "")?.[1] ?? 0;
    expect(expected).toEqual({ errorLine: Number(line) });
    return "refused";
  }
  if (expected === null) return "read";
  const { interactions, droppedRows } = parsed;
  const rows = Array.from(interactions.user, (user, row) => ({
    user: interactions.users.toRaw(user),
    item: interactions.items.toRaw(interactions.item[row]),
    label: interactions.label[row],
    time: interactions.time?.[row] ?? NaN,
  }));
  const dropped = Object.values(droppedRows).reduce((sum, count) => sum + count, 0);
  expect({ rows, dropped }).toEqual(expected);
  expect(firstAppearances(interactions.user)).toBe(interactions.userCount);
  expect(firstAppearances(interactions.item)).toBe(interactions.itemCount);
  return "read";
}

/** How many ids there are, given that they are numbered by first appearance; NaN where they are not. */
function firstAppearances(ids: Int32Array): number {
  let next = 0;
  for (const id of ids) {
    if (id > next) return NaN;
    if (id === next) next++;
  }
  return next;
}
