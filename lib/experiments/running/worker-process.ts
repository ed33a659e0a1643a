import { join } from "node:path";
import { type ChildProcess, fork } from "node:child_process";
import { announce, CancelledError, libFolder, RecsysError } from "../../core";
import type { PartsModule } from "../config/parts";
import type { Recompute } from "./compute-run";
import { describeRun, type Run } from "../config/run-config";

/** What a worker is sent. */
export type WorkerOrder =
  | {
      readonly kind: "run";
      readonly run: Run;
      readonly storeFolder: string;
      readonly parts: PartsModule;
      readonly recompute: Recompute;
    }
  | { readonly kind: "stop" };

/** What a worker sends. */
export type WorkerNews =
  | { readonly kind: "announcement"; readonly line: string }
  | { readonly kind: "ended"; readonly outcome: "computed" | "kept" | "busy" }
  | { readonly kind: "failed"; readonly problem: string }
  | { readonly kind: "interrupted" };

/** A process that computes runs one after another. When it dies, its run fails and the next one gets a new process. */
export class WorkerProcess {
  private child: ChildProcess | undefined;

  constructor(
    private readonly storeFolder: string,
    private readonly parts: PartsModule,
    private readonly recompute: Recompute,
  ) {}

  /**
   * @throws CancelledError when the run was interrupted
   * @throws RecsysError when it failed or the process died
   */
  compute(run: Run): Promise<"computed" | "kept" | "busy"> {
    const child = (this.child ??= this.start());
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        child.off("message", listen).off("exit", died);
        act();
      };
      const listen = (news: WorkerNews) => {
        if (news.kind === "announcement") announce(news.line);
        else if (news.kind === "ended") settle(() => resolve(news.outcome));
        else if (news.kind === "failed") settle(() => reject(new RecsysError(news.problem)));
        else settle(() => reject(new CancelledError(describeRun(run.config))));
      };
      const died = (status: number | null, signal: string | null) => {
        this.child = undefined;
        settle(() => reject(new RecsysError(`the worker process died (${signal ?? `status ${status}`})`)));
      };
      child.on("message", listen).on("exit", died);
      this.send({ kind: "run", run, storeFolder: this.storeFolder, parts: this.parts, recompute: this.recompute });
    });
  }

  /** Asks for an end: a training under way is saved. */
  stop(): void {
    this.send({ kind: "stop" });
  }

  private start(): ChildProcess {
    const env = { ...process.env, RECSYS_THREADS: "1" };
    return fork(join(libFolder(), "dist", "experiments", "running", "worker.js"), {
      env,
      execArgv: ["--enable-source-maps"],
    });
  }

  private send(order: WorkerOrder): void {
    if (this.child?.connected === true) this.child.send(order);
  }
}
