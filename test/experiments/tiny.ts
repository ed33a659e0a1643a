import { engineName } from "recsys-unlearning/engine";
import { expandView, type Run, type RunConfig, runOf, RunStore } from "recsys-unlearning/experiments";
import { builtInParts, viewNamed } from "recsys-unlearning/reproduction";
import { temporaryFolder } from "../temporary-folders";

/** A run store in a folder of its own, removed at the end. */
export async function newStore(): Promise<RunStore> {
  return new RunStore(temporaryFolder("runs-"));
}

/** The configs of `ifru-accuracy` at its tiny preset. */
export function tinyConfigs(only: string[] = []): RunConfig[] {
  return expandView(viewNamed("ifru-accuracy"), { preset: "tiny", only }, builtInParts);
}

/** One run without prerequisites. */
export async function retrainRun(): Promise<Run> {
  return runOf(tinyConfigs(["method=retrain", "seed=1"])[0], builtInParts, engineName());
}
