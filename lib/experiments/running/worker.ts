// The process behind `WorkerProcess`: computes the runs it is sent, one after another, and ends with its parent.
import { CancelledError, redirectAnnouncements, setCurrentSignal } from "../../core";
import type { Parts, PartsModule } from "../config/parts";
import { RunStore } from "../store/run-store";
import { computeRun } from "./compute-run";
import type { WorkerNews, WorkerOrder } from "./worker-process";

const interruption = new AbortController();
setCurrentSignal(interruption.signal);
redirectAnnouncements((line) => tell({ kind: "announcement", line }));

function tell(news: WorkerNews): void {
  if (process.connected) process.send?.(news);
}

async function obey(order: WorkerOrder): Promise<void> {
  if (order.kind === "stop") return stop();
  try {
    const parts = await loadParts(order.parts);
    const outcome = await computeRun(order.run, new RunStore(order.storeFolder), parts, order.recompute);
    tell({ kind: "ended", outcome });
  } catch (error) {
    tell(
      error instanceof CancelledError ? { kind: "interrupted" } : { kind: "failed", problem: (error as Error).message },
    );
  }
}

async function loadParts({ path, name }: PartsModule): Promise<Parts> {
  return ((await import(path)) as Record<string, Parts>)[name];
}

/** Interrupts the run, if there is one, and leaves when it has been saved. */
function stop(): void {
  interruption.abort();
  if (process.connected) process.disconnect();
}

process.on("SIGINT", () => undefined); // a terminal's Ctrl-C reaches the parent too, which sends "stop"
process.on("SIGTERM", stop);
process.on("disconnect", stop);
process.on("message", (order: WorkerOrder) => void obey(order));
