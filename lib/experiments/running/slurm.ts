import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { inWorkFolder, libFolder, markFolder, NotFoundError, RecsysError } from "../../core";
import { gridFileIn, stepsOf } from "./grid-file";
import type { PlannedRun } from "./plan";
import type { RunStore } from "../store/run-store";

const execute = promisify(execFile);

/** How jobs are laid out. */
export interface SlurmOptions {
  /** Tasks of one array that may run at a time. Default: 8. */
  readonly throttle?: number;
  /** Runs that one task computes, one after another; more than one for tiny runs. Default: 1. */
  readonly runsPerTask?: number;
  /** The most tasks one array may have. Default: 1000, below Slurm's own default of 1001. */
  readonly maxArraySize?: number;
  /** Further options of sbatch, such as `["--partition=short"]`. Default: none. */
  readonly sbatchOptions?: readonly string[];
}

/** A submitted job. */
export interface SlurmJob {
  readonly id: string;
  readonly tasks: number;
}

/** Exit status of `run-one` that asks to be run again: it was stopped and has saved where it was (EX_TEMPFAIL). */
export const requeueStatus = 75;

/**
 * Text as one word of a POSIX shell, whatever it holds.
 *
 * @example
 * shellWord("it's"); // quoted for a shell
 */
export function shellWord(text: string): string {
  return `'${text.replace(/'/g, "'\\''")}'`;
}

/**
 * The batch script of an array: each task computes some runs of a grid file. Slurm's TERM, two minutes before the end
 * or at a preemption, is passed on to node, which saves and leaves with status 75; then the task is requeued.
 */
function arrayScript(gridFile: string, firstRun: number, runsPerTask: number): string {
  const cli = join(libFolder(), "dist", "commands", "experiment.js");
  const command = [process.execPath, cli, "run-one", gridFile].map(shellWord).join(" ");
  return `#!/bin/bash
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=B:TERM@120
first=$(( ${firstRun} + SLURM_ARRAY_TASK_ID * ${runsPerTask} ))
status=0
stop() { kill -TERM "$child" 2>/dev/null; }
trap stop TERM
for (( run = first; run < first + ${runsPerTask}; run++ )); do
  ${command} "$run" &
  child=$!
  wait "$child"; code=$?
  while kill -0 "$child" 2>/dev/null; do wait "$child"; code=$?; done
  if [ "$code" -eq ${requeueStatus} ]; then scontrol requeue "\${SLURM_ARRAY_JOB_ID}_\${SLURM_ARRAY_TASK_ID}" || true; exit ${requeueStatus}; fi
  if [ "$code" -ne 0 ]; then status=$code; fi
done
exit "$status"
`;
}

/**
 * Submits what a plan has to compute: one array (or several, where it is longer than Slurm takes) for each step of what
 * rests on what, and a collector after all of them that runs `collect`.
 *
 * @param collect the words of the command that runs at the end
 * @returns the jobs, the collector last
 * @throws NotFoundError when there is no sbatch
 * @example
 * const store = new RunStore("/shared/runs");
 * const configs = expandView(viewNamed("ifru-accuracy"), { preset: "full" }, builtInParts);
 * const plan = await planToCompute(configs, store, builtInParts, "wasm");
 * const options = { throttle: 20, sbatchOptions: ["--partition=short"] };
 * const jobs = await submitToSlurm(plan, store, "ifru-accuracy", ["touch", "/shared/runs-are-done"], options);
 */
export async function submitToSlurm(
  plan: readonly PlannedRun[],
  store: RunStore,
  name: string,
  collect: readonly string[],
  options: SlurmOptions = {},
): Promise<SlurmJob[]> {
  const steps = stepsOf(plan.filter(({ compute }) => compute));
  const runsPerTask = options.runsPerTask ?? 1;
  const chunk = (options.maxArraySize ?? 1000) * runsPerTask;
  const gridFile = await gridFileIn(store, name, steps.flat());
  const logs = join(store.folder, "slurm");
  await mkdir(logs, { recursive: true });
  await markFolder(logs); // so that `clean` knows the folder for ours
  const jobs: SlurmJob[] = [];
  let [first, before] = [0, [] as string[]];
  for (const step of steps) {
    const ids: string[] = [];
    for (let done = 0; done < step.length; done += chunk) {
      const count = Math.min(chunk, step.length - done);
      const tasks = Math.ceil(count / runsPerTask);
      const script = arrayScript(gridFile, first + done, runsPerTask);
      const array = `--array=0-${tasks - 1}%${options.throttle ?? 8}`;
      const id = await sbatch(
        script,
        [array, `--output=${logs}/%A_%a.log`, ...after(before), ...(options.sbatchOptions ?? [])],
        name,
      );
      jobs.push({ id, tasks });
      ids.push(id);
    }
    first += step.length;
    before = ids;
  }
  const collector = `#!/bin/bash\n${collect.map(shellWord).join(" ")}\n`;
  jobs.push({
    id: await sbatch(
      collector,
      [`--output=${logs}/%j-collect.log`, ...after(jobs.map(({ id }) => id)), ...(options.sbatchOptions ?? [])],
      `${name}-collect`,
    ),
    tasks: 1,
  });
  return jobs;
}

const after = (ids: readonly string[]) => (ids.length === 0 ? [] : [`--dependency=afterany:${ids.join(":")}`]);

async function sbatch(script: string, options: readonly string[], name: string): Promise<string> {
  const submission = execute("sbatch", ["--parsable", `--job-name=${name}`, ...options], { cwd: inWorkFolder() });
  submission.child.stdin?.end(script);
  try {
    const { stdout } = await submission;
    return stdout.trim().split(";")[0];
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT")
      throw new NotFoundError("there is no sbatch on this machine", {
        cause,
        remedy: "submit from a node of the cluster, or use --runner local",
      });
    const { stderr = "", message } = cause as Error & { stderr?: string };
    throw new RecsysError(`sbatch failed: ${stderr.trim() || message}`, { cause });
  }
}

/**
 * Tasks of our jobs that Slurm holds, by state; empty where there is no squeue. Only for showing: the run store is what
 * counts.
 *
 * @example
 * const { running = 0, pending = 0 } = await slurmQueue("ifru-accuracy"); // jobs have the name of their experiment
 */
export async function slurmQueue(name: string): Promise<Readonly<Record<string, number>>> {
  try {
    const { stdout } = await execute("squeue", ["--noheader", "--array", `--name=${name}`, "--format=%T"]);
    const states: Record<string, number> = {};
    for (const state of stdout.split("\n").filter(Boolean))
      states[state.toLowerCase()] = (states[state.toLowerCase()] ?? 0) + 1;
    return states;
  } catch {
    return {}; // no Slurm here: nothing is pending
  }
}
