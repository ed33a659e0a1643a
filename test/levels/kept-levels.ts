import { existsSync, readFileSync } from "node:fs";
import { inRepository } from "../../lib/core";
import type { LevelRecord, Loss } from "./sasrec-level";

/** Where the table of the kept records is. */
export const keptTable = inRepository("figures", "levels", "sasrec-ml-1m.md");

/** The record of the longest training by a loss: a copy of `runs/levels/…/record.json`. */
export function keptRecord(loss: Loss): LevelRecord | null {
  const path = inRepository("figures", "levels", `sasrec-ml-1m-${loss}.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as LevelRecord) : null;
}
