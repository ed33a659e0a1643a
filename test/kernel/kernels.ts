import { inRepository } from "recsys-unlearning/core";
import { KernelClient } from "recsys-unlearning-kernel";

/** The kernels that the scenarios run against. */
const kernels = {
  ours: undefined,
  plain: [
    process.execPath,
    inRepository("node_modules/tslab/bin/tslab"),
    "kernel",
    "--config-path",
    "{connection_file}",
  ],
} as const;

export type KernelName = keyof typeof kernels;

/** One kernel for many scenarios; a fresh one where a scenario ended the last. */
export class Bench {
  private kernel: KernelClient | undefined;

  constructor(readonly name: KernelName) {}

  /** @param cwd by default not the repository's root but a notebook's folder, as Jupyter starts kernels */
  async start(cwd = inRepository("test")): Promise<KernelClient> {
    return KernelClient.start({ argv: kernels[this.name], cwd });
  }

  async shared(): Promise<KernelClient> {
    if (this.kernel?.isAlive !== true) this.kernel = await this.start();
    return this.kernel;
  }

  /** Ends the shared kernel, so that the next scenario gets a fresh one. */
  async discard(): Promise<void> {
    await this.kernel?.shutdown();
    this.kernel = undefined;
  }
}
