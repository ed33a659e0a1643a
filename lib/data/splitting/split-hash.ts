import { sha256 } from "../../core";
import { dataHash } from "../data-hash";
import type { IfruSplit } from "../ifru-split";
import type { Split } from "../splits";

/**
 * The sha256 that names a split: of its parts' contents, in order, and of the rows to forget where it has some. Two
 * people whose hashes are the same have split alike.
 *
 * @returns lower-case hexadecimal
 * @example
 * splitHash(split); // the same split, the same hash
 */
export function splitHash(split: Split | IfruSplit): string {
  const parts = [split.train, split.valid, split.test].map(dataHash);
  const forget = "forgetRows" in split ? [sha256(split.forgetRows.join(" "))] : [];
  return sha256(["split 1", ...parts, ...forget].join("\n"));
}
