import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { inRepository } from "recsys-unlearning/core";
import { peersBin } from "../../bench/peers";
import { labArguments, labEnvironment } from "../../kernel/lab/environment";

const startMs = 60_000;
const stopMs = 10_000;

/** The peers' JupyterLab, started as `npm run lab` starts one. */
export class LabServer {
  private constructor(
    private readonly server: ChildProcess,
    readonly baseUrl: string,
    readonly token: string,
  ) {}

  static async start(...extra: string[]): Promise<LabServer> {
    const port = 20_000 + (process.pid % 20_000);
    const token = "test-token";
    const options = [
      "--no-browser",
      `--port=${port}`,
      "--ServerApp.port_retries=0",
      `--IdentityProvider.token=${token}`,
    ];
    const server = spawn(join(peersBin, "jupyter-lab"), labArguments([...options, ...extra]), {
      cwd: inRepository(),
      env: labEnvironment(peersBin),
      stdio: "ignore",
      detached: true,
    });
    const lab = new LabServer(server, `http://127.0.0.1:${port}`, token);
    const deadline = performance.now() + startMs;
    while (!(await lab.answers())) {
      if (performance.now() > deadline) throw new Error("JupyterLab did not start in time");
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return lab;
  }

  /** Ends the server and its kernels, and waits for the server's end: the next one has the same port. */
  async stop(): Promise<void> {
    const { pid, exitCode } = this.server;
    if (pid === undefined || exitCode !== null) return;
    const ended = once(this.server, "exit");
    process.kill(-pid, "SIGTERM");
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, stopMs))]);
  }

  private async answers(): Promise<boolean> {
    return fetch(`${this.baseUrl}/api?token=${this.token}`).then(
      ({ ok }) => ok,
      () => false,
    );
  }
}
