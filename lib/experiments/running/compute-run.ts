import { setTimeout as wait } from "node:timers/promises";
import { announce, CancelledError, RecsysError, throwIfCancelled } from "../../core";
import { codeOf } from "../store/code-version";
import { executeRun, prerequisiteConfigs } from "./execute-run";
import { runOf } from "../config/experiment-data";
import type { Parts } from "../config/parts";
import { describeRun, type Run, type RunConfig } from "../config/run-config";
import type { RunState } from "../store/run-record";
import type { RunStore } from "../store/run-store";

/** When a finished run is computed again all the same. */
export interface Recompute {
  /** Always. Default: false. */
  readonly force?: boolean;
  /** Not even when other code made it. Default: false, so stale runs are computed again. */
  readonly keepStale?: boolean;
}

/**
 * Whether a run's result serves.
 *
 * @param config of the run, complete
 * @example
 * const [config] = expandView(viewNamed("ifru-accuracy"), { preset: "quick" }, builtInParts);
 * const { id } = await runOf(config, builtInParts, "wasm");
 * isUsable(await new RunStore("runs").read(id), config, builtInParts); // false where it is missing, or of older code
 */
export function isUsable(
  state: RunState,
  config: RunConfig,
  parts: Parts,
  { force = false, keepStale = false }: Recompute = {},
): boolean {
  return state.kind === "done" && !force && (keepStale || state.record.codeVersion === codeOf(config, parts).version);
}

/**
 * Computes one run unless its result is there. Its prerequisites must be finished.
 *
 * @returns `"busy"` when another process computes it now
 * @throws CancelledError when it is interrupted, and what the run itself throws (noted in the store)
 * @example
 * const selection = { preset: "tiny", only: ["method=retrain"] } as const; // Retrain rests on no other run
 * const [config] = expandView(viewNamed("ifru-accuracy"), selection, builtInParts);
 * const run = await runOf(config, builtInParts, "wasm");
 * await computeRun(run, new RunStore("runs"), builtInParts); // "computed"; "kept" when it is called again
 */
export async function computeRun(
  run: Run,
  store: RunStore,
  parts: Parts,
  recompute: Recompute = {},
): Promise<"computed" | "kept" | "busy"> {
  const claim = await store.claim(run.id);
  if (claim === null) return "busy";
  let finished = false;
  try {
    await store.settle(run.id);
    const state = await store.read(run.id);
    finished = isUsable(state, run.config, parts, recompute);
    if (finished) return "kept";
    if (state.kind === "unreadable") throw unreadable(run, state.problem);
    if (state.kind === "corrupt") announce(`run ${run.id} is damaged (${state.problem}) and is computed again`);
    await executeRun(run, store, parts);
    finished = true;
    return "computed";
  } catch (error) {
    if (!(error instanceof CancelledError)) await store.fail(run.id, (error as Error).message).catch(() => undefined); // a full disk does not take the note either
    throw error;
  } finally {
    await claim.release(finished);
  }
}

/** What is there may be a result: it is not computed over. */
function unreadable(run: Run, problem: string): RecsysError {
  return new RecsysError(`the result of ${describeRun(run.config)} is there and cannot be read: ${problem}`, {
    where: run.id,
    remedy: "make it readable, or take it away to have it computed again",
  });
}

/** Says, once, why a run that another process has may never be finished. */
export async function announceObstacle(run: Run, store: RunStore): Promise<void> {
  const obstacle = await store.obstacle(run.id);
  if (obstacle !== null) announce(`waiting for ${describeRun(run.config)} (${run.id}): ${obstacle}`);
}

const lookEveryMs = 300;

/**
 * Computes a run and first whatever it rests on; waits for what another process computes.
 *
 * @throws as `computeRun`
 * @example
 * const selection = { preset: "tiny", only: ["method=ifru"] } as const;
 * const [config] = expandView(viewNamed("ifru-accuracy"), selection, builtInParts);
 * const run = await runOf(config, builtInParts, "wasm");
 * await computeWithPrerequisites(run, new RunStore("runs"), builtInParts); // first Original, Retrain and a calibration
 */
export async function computeWithPrerequisites(
  run: Run,
  store: RunStore,
  parts: Parts,
  recompute: Recompute = {},
): Promise<"computed" | "kept"> {
  if (isUsable(await store.read(run.id), run.config, parts, recompute)) return "kept";
  for (const config of prerequisiteConfigs(run.config, parts)) {
    const prerequisite = await runOf(config, parts, run.engine);
    await computeWithPrerequisites(prerequisite, store, parts, { keepStale: recompute.keepStale ?? false });
  }
  for (;;) {
    const outcome = await computeRun(run, store, parts, recompute);
    if (outcome !== "busy") return outcome;
    throwIfCancelled(describeRun(run.config));
    await announceObstacle(run, store);
    await wait(lookEveryMs);
  }
}
