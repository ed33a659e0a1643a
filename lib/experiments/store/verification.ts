import type { Parts } from "../config/parts";
import { codeOf } from "./code-version";
import type { RunRecord } from "./run-record";

/** What a recomputation showed: some code versions give the same results as the code before them. */
export interface Verification {
  /** The commit whose code computed the sample. */
  readonly commit: string;
  /** The present code version by the one that made the records. */
  readonly codes: Readonly<Record<string, string>>;
  /** Ids of the runs that were computed again and agreed. */
  readonly runs: readonly string[];
}

/** The code version that a record is known to hold for: what made it, or what was shown to give the same. */
export function codeHeldTo(codeVersion: string, verified: readonly Verification[]): string {
  let held = codeVersion;
  for (const { codes } of verified) held = codes[held] ?? held;
  return held;
}

/** The code that a record is held to. */
export function versionOf({ heldTo, codeVersion }: RunRecord): string {
  return heldTo ?? codeVersion;
}

/**
 * Kept records that other code made than the present, and that no recomputation has held to it yet.
 *
 * @example
 * const records = await readRecords(viewNamed("ifru-time"), "full");
 * recordsToVerify(records, builtInParts).length; // 0 where none is of other code
 */
export function recordsToVerify(records: readonly RunRecord[], parts: Parts): RunRecord[] {
  return records.filter((record) => versionOf(record) !== codeOf(record.config, parts).version);
}
