import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { inRepository } from "recsys-unlearning/core";
import { peersBin } from "../../bench/peers";
import { labArguments, labEnvironment } from "../../kernel/lab/environment";

const startMs = 60_000;

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

  /** Ends the server and its kernels. */
  stop(): void {
    if (this.server.pid !== undefined) process.kill(-this.server.pid, "SIGTERM");
  }

  private async answers(): Promise<boolean> {
    return fetch(`${this.baseUrl}/api?token=${this.token}`).then(
      ({ ok }) => ok,
      () => false,
    );
  }
}
