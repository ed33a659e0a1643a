import { type ChildProcess, fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { announce, Breather, currentSignal, libFolder, ProgressTask, RecsysError, throwIfCancelled } from "../core";
import { type DrawJob, drawJob, type DrawReport } from "./draw-view";
import type { FiguresNews } from "./figures-worker";

/**
 * Draws jobs, in as many processes as there are cores; in this one where there is one job only.
 *
 * @param workers Default: one for each core
 * @throws CancelledError when it is interrupted; what was drawn stays
 * @throws RecsysError when a process dies
 */
export async function drawJobs(jobs: readonly DrawJob[], workers = availableParallelism()): Promise<DrawReport[]> {
  const progress = new ProgressTask("figures", jobs.length, "views");
  const reports: DrawReport[][] = [];
  const open = [...jobs.entries()];
  let done = 0;
  const ended = (at: number, of: DrawReport[]) => {
    reports[at] = of;
    progress.update(++done, jobs[at].view);
  };
  try {
    if (Math.min(workers, jobs.length) < 2) await drawHere(open, ended);
    else await Promise.all(Array.from({ length: Math.min(workers, jobs.length) }, () => drawInProcess(open, ended)));
  } finally {
    progress.finish();
  }
  return reports.flat();
}

type Open = (readonly [number, DrawJob])[];
type Ended = (at: number, reports: DrawReport[]) => void;

async function drawHere(open: Open, ended: Ended): Promise<void> {
  const breather = new Breather("drawing figures");
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    await breather.breathe();
    ended(next[0], await drawJob(next[1]));
  }
}

/** Takes jobs for one process until none is left. */
async function drawInProcess(open: Open, ended: Ended): Promise<void> {
  let child: ChildProcess | undefined;
  const stop = () => child?.kill();
  const signal = currentSignal();
  signal?.addEventListener("abort", stop);
  try {
    for (let next = open.shift(); next !== undefined; next = open.shift()) {
      child ??= fork(join(libFolder(), "dist", "commands", "figures-worker.js"), { execArgv: [] });
      ended(next[0], await drawnBy(child, next[1]));
    }
  } catch (error) {
    throwIfCancelled("drawing figures");
    throw error;
  } finally {
    signal?.removeEventListener("abort", stop);
    child?.disconnect();
  }
}

function drawnBy(child: ChildProcess, job: DrawJob): Promise<DrawReport[]> {
  return new Promise((resolve, reject) => {
    const died = (status: number | null, killer: string | null) => {
      const how = killer ?? `status ${status}`;
      settle(() => reject(new RecsysError(`the process that drew ${job.view} ended: ${how}`, { remedy: "try again" })));
    };
    const told = (news: FiguresNews) => {
      if (news.kind === "announcement") return announce(news.line);
      if (news.kind === "drawn") return settle(() => resolve([...news.reports]));
      settle(() => reject(new RecsysError(`${job.view} cannot be drawn: ${news.problem}`)));
    };
    const settle = (act: () => void) => {
      child.off("exit", died).off("message", told);
      act();
    };
    child.on("exit", died).on("message", told);
    child.send(job);
  });
}
