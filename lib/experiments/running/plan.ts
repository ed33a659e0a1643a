import { isUsable, type Recompute } from "./compute-run";
import { prerequisiteConfigs } from "./execute-run";
import { forgetHashes, loadContents, runOf } from "../config/experiment-data";
import type { Parts } from "../config/parts";
import { resolveConfig } from "../config/resolve";
import type { Run, RunConfig } from "../config/run-config";
import type { RunState } from "../store/run-record";
import type { RunStore } from "../store/run-store";

/** Where a run stands. */
export type RunStatus = "done" | "stale" | "corrupt" | "unreadable" | "failed" | "running" | "missing";

/** One run of a plan. */
export interface PlannedRun {
  readonly run: Run;
  readonly status: RunStatus;
  /** Why, where something went wrong. */
  readonly problem: string | null;
  /** Whether running the plan computes it. */
  readonly compute: boolean;
  /** Whether it was asked for, or others rest on it. */
  readonly asked: boolean;
  /** Ids of the runs it rests on directly. */
  readonly prerequisites: readonly string[];
}

/**
 * What has to be computed for some configs, in an order in which every run comes after those it rests on. Runs that
 * nothing asked for and nothing that has to be computed rests on are left out.
 *
 * @param configs complete or not: a kept run may be older than an option of its method
 * @example
 * const configs = expandView(viewNamed("ifru-time"), { preset: "tiny" }, builtInParts);
 * const plan = await planRuns(configs, new RunStore("runs"), builtInParts, "wasm");
 * const count = plan.filter(({ compute }) => compute).length; // how many have to be computed
 */
export async function planRuns(
  configs: readonly RunConfig[],
  store: RunStore,
  parts: Parts,
  engine: string,
  recompute: Recompute = {},
): Promise<PlannedRun[]> {
  forgetHashes();
  const found = new Map<string, PlannedRun>();
  const visit = async (config: RunConfig, asked: boolean): Promise<string> => {
    const run = await runOf(config, parts, engine);
    const known = found.get(run.id);
    if (known !== undefined) {
      if (asked && !known.asked) found.set(run.id, { ...known, asked });
      return run.id;
    }
    const state = await store.read(run.id);
    const compute = !isUsable(state, config, parts, asked ? recompute : { keepStale: recompute.keepStale ?? false });
    const prerequisites: string[] = [];
    if (compute) for (const other of prerequisiteConfigs(config, parts)) prerequisites.push(await visit(other, false));
    const status = await statusOf(run, state, store, parts);
    const obstacle = status === "running" ? await store.obstacle(run.id) : null;
    const problem = obstacle ?? ("problem" in state ? (state.problem ?? null) : null);
    found.set(run.id, {
      run,
      status,
      problem,
      compute,
      asked,
      prerequisites,
    });
    return run.id;
  };
  for (const config of configs) await visit(resolveConfig(config, parts), true);
  return [...found.values()];
}

/**
 * `planRuns` for computing: what has to be computed is named by the data that it is going to read. They are fetched
 * first where they are not here.
 *
 * @example
 * const configs = expandView(viewNamed("ifru-accuracy"), { preset: "quick" }, builtInParts);
 * const store = new RunStore("runs");
 * const plan = await planToCompute(configs, store, builtInParts, "wasm"); // gets MovieLens-100K where it is not here
 * await runLocally(plan, store, builtInParts, { workers: 1, label: "ifru-accuracy" });
 */
export async function planToCompute(...args: Parameters<typeof planRuns>): Promise<PlannedRun[]> {
  const plan = await planRuns(...args);
  const runs = plan.filter(({ compute }) => compute).map(({ run }) => run);
  return (await loadContents(runs, args[2])) ? planRuns(...args) : plan;
}

async function statusOf({ id, config }: Run, state: RunState, store: RunStore, parts: Parts): Promise<RunStatus> {
  if (state.kind === "done") return isUsable(state, config, parts) ? "done" : "stale";
  return (await store.isRunning(id)) ? "running" : state.kind;
}
