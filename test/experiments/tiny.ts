import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { redirectAnnouncements } from "recsys-unlearning/core";
import { engineName } from "recsys-unlearning/engine";
import { expandView, type Run, type RunConfig, runOf, RunStore } from "recsys-unlearning/experiments";
import { builtInParts, viewNamed } from "recsys-unlearning/reproduction";

redirectAnnouncements(() => undefined);

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

/** A run store in a folder of its own, removed at the end. */
export async function newStore(): Promise<RunStore> {
  const folder = await mkdtemp(join(tmpdir(), "runs-"));
  folders.push(folder);
  return new RunStore(folder);
}

/** The configs of `ifru-accuracy` at its tiny preset. */
export function tinyConfigs(only: string[] = []): RunConfig[] {
  return expandView(viewNamed("ifru-accuracy"), { preset: "tiny", only }, builtInParts);
}

/** One run without prerequisites. */
export async function retrainRun(): Promise<Run> {
  return runOf(tinyConfigs(["method=retrain", "seed=1"])[0], builtInParts, engineName());
}
