import { type ChildProcess, spawn } from "node:child_process";

/** How a kernel ended. */
export interface KernelExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const live = new Set<KernelProcess>();
const logTail = 4000;

/**
 * One kernel's process, with everything it starts. None outlives this one: see `server/io-thread.ts` for a killed
 * parent.
 */
export class KernelProcess {
  readonly exited: Promise<KernelExit>;
  exit: KernelExit | undefined;
  private readonly child: ChildProcess;
  private tail = "";

  constructor(argv: readonly string[], cwd: string, env: Record<string, string>) {
    this.child = spawn(argv[0], argv.slice(1), {
      cwd,
      env: { ...process.env, ...env, JPY_PARENT_PID: String(process.pid) },
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own: Ctrl-C is ours to pass on, and ending the group ends what cells have started.
      detached: process.platform !== "win32",
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on("data", (chunk: Buffer) => (this.tail = (this.tail + chunk.toString()).slice(-logTail)));
    this.exited = new Promise((resolve) => {
      const end = (exit: KernelExit) => {
        live.delete(this);
        this.exit ??= exit;
        this.kill(); // what cells have started and left
        resolve(this.exit);
      };
      this.child.once("exit", (code, signal) => end({ code, signal }));
      this.child.once("error", (error) => {
        this.tail += String(error);
        end({ code: null, signal: null });
      });
    });
    live.add(this);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** The last of what the process wrote to its own stdout and stderr. */
  get log(): string {
    return this.tail.trim();
  }

  kill(): void {
    const { pid } = this.child;
    if (pid === undefined) return;
    try {
      process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
}

process.on("exit", () => live.forEach((kernel) => kernel.kill()));
