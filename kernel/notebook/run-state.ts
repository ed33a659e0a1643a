import { existsSync, readFileSync } from "node:fs";
import { writeFileAtomic } from "recsys-unlearning/core";
import { inProject } from "../folders";
import type { NotebookReport } from "./runner";

/**
 * What the last runs of each notebook came to, by path. Kept in `.cache` (or the file `RECSYS_RUN_STATE`), never
 * committed.
 */
export type RunState = Record<string, { readonly status: NotebookReport["status"]; readonly seconds: number }>;

const statePath = process.env["RECSYS_RUN_STATE"] ?? inProject(".cache", "notebooks.json");

/** A state that is missing or damaged counts as empty: it only saves time. */
export function readRunState(): RunState {
  if (!existsSync(statePath)) return {};
  try {
    return JSON.parse(readFileSync(statePath, "utf8")) as RunState;
  } catch {
    return {};
  }
}

export async function saveRunState(reports: readonly NotebookReport[]): Promise<void> {
  const state = { ...readRunState() };
  for (const { path, status, seconds } of reports) state[path] = { status, seconds };
  await writeFileAtomic(statePath, `${JSON.stringify(state, null, 1)}\n`);
}
