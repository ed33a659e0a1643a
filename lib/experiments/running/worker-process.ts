import { join } from "node:path";
import { type ChildProcess, fork } from "node:child_process";
import { announce, CancelledError, libFolder, RecsysError, stateOf, thisProcess } from "../../core";
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

/** A run under way, and how to tell of its end. */
interface Job {
  readonly run: Run;
  resolve(outcome: "computed" | "kept" | "busy"): void;
  reject(error: Error): void;
}

/** How often a worker that computes is looked at: a stopped one would be waited for without a word. */
const lookEveryMs = 2_000;

/** A process that computes runs one after another. When it dies, its run fails and the next one gets a new process. */
export class WorkerProcess {
  private child: ChildProcess | undefined;
  private job: Job | undefined;

  constructor(
    private readonly storeFolder: string,
    private readonly parts: PartsModule,
    private readonly recompute: Recompute,
  ) {}

  /**
   * @throws CancelledError when the run was interrupted
   * @throws RecsysError when it failed, the process died, or none could be started
   */
  async compute(run: Run): Promise<"computed" | "kept" | "busy"> {
    const look = setInterval(() => this.nameStopped(), lookEveryMs);
    try {
      return await new Promise((resolve, reject) => {
        this.job = { run, resolve, reject };
        this.child ??= this.start();
        const { storeFolder, parts, recompute } = this;
        this.send({ kind: "run", run, storeFolder, parts, recompute });
      });
    } finally {
      clearInterval(look);
      this.job = undefined;
    }
  }

  /** Asks for an end: a training under way is saved. */
  stop(): void {
    if (this.child !== undefined) this.send({ kind: "stop" });
  }

  /** Its end is listened for from its first moment to its last, whether it computes or waits. */
  private start(): ChildProcess {
    // As many workers as cores: threads of a worker's own would wait for each other
    const env = { ...process.env, RECSYS_THREADS: process.env["RECSYS_THREADS"] || "1" };
    const script = join(libFolder(), "dist", "experiments", "running", "worker.js");
    let child: ChildProcess;
    try {
      child = fork(script, { env, execArgv: ["--enable-source-maps"] });
    } catch (cause) {
      throw noProcess(cause as NodeJS.ErrnoException);
    }
    child.on("message", (news: WorkerNews) => this.hear(news));
    child.on("exit", (status, signal) => this.end(child, diedOf(status, signal)));
    child.on("error", (cause) => {
      if (child.pid === undefined) this.end(child, noProcess(cause)); // else its exit follows
    });
    return child;
  }

  private nameStopped(): void {
    const pid = this.child?.pid;
    if (pid === undefined || stateOf({ ...thisProcess(), pid, started: "0" }) !== "stopped") return;
    announce(`the worker process ${pid} is stopped; kill -CONT ${pid} lets it go on`);
  }

  private hear(news: WorkerNews): void {
    if (news.kind === "announcement") announce(news.line);
    else if (news.kind === "ended") this.job?.resolve(news.outcome);
    else if (news.kind === "failed") this.job?.reject(new RecsysError(news.problem));
    else this.job?.reject(new CancelledError(this.job === undefined ? "a run" : describeRun(this.job.run.config)));
  }

  private end(child: ChildProcess, why: RecsysError): void {
    if (this.child !== child) return;
    this.child = undefined;
    this.job?.reject(why);
  }

  private send(order: WorkerOrder): void {
    this.child?.send(order, () => undefined); // where it cannot be sent, the process has ended, which is heard of
  }
}

const remedy = "give fewer --workers, or make room";

function diedOf(status: number | null, signal: string | null): RecsysError {
  const how = `the worker process died (${signal ?? `status ${status}`})`;
  if (signal === "SIGKILL") return new RecsysError(`${how}: systems that are out of memory do that`, { remedy });
  if (signal === "SIGABRT" || status === 134)
    return new RecsysError(`${how}: it was out of memory, or of threads`, { remedy });
  return new RecsysError(how);
}

function noProcess(cause: NodeJS.ErrnoException): RecsysError {
  const limits: Readonly<Record<string, string>> = {
    EAGAIN: "the system is out of processes",
    ENOMEM: "the system is out of memory",
    EMFILE: "too many files are open",
    ENFILE: "too many files are open",
  };
  const why = limits[cause.code ?? ""] ?? cause.message;
  return new RecsysError(`no worker process can be started: ${why}`, { remedy, cause });
}
