import { inRepository } from "recsys-unlearning/core";
import { KernelClient, kernelArgv } from "recsys-unlearning-kernel";
import { peerPython } from "../peers";

export const plainTslab = "plain tslab 1.0.22";
export const ipykernel = "ipykernel 7.4.0";

/** The command of each kernel, ours under its name; `null` for one that is not installed. */
export function commands(): Record<"ours" | typeof plainTslab | typeof ipykernel, string[] | null> {
  const python = peerPython();
  const tslab = inRepository("node_modules", "tslab", "bin", "tslab");
  return {
    ours: kernelArgv(),
    [plainTslab]: [process.execPath, tslab, "kernel", "--config-path", "{connection_file}"],
    [ipykernel]: python === null ? null : [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
  };
}

/** Runs `work` with a fresh kernel and ends it. */
export async function withKernel<T>(argv: string[], work: (kernel: KernelClient) => Promise<T>): Promise<T> {
  const kernel = await KernelClient.start({ argv });
  try {
    return await work(kernel);
  } finally {
    await kernel.shutdown();
  }
}

/** Runs `work` with one fresh kernel of each kind that is installed, by name, and ends them. */
export async function withKernels<T>(work: (kernels: Record<string, KernelClient>) => Promise<T>): Promise<T> {
  const kernels: Record<string, KernelClient> = {};
  try {
    for (const [name, argv] of Object.entries(commands()))
      if (argv !== null) kernels[name] = await KernelClient.start({ argv });
    return await work(kernels);
  } finally {
    await Promise.all(Object.values(kernels).map((kernel) => kernel.shutdown()));
  }
}

/** The same measurement of every kernel there is; rounds alternate, so that a slow moment of the machine meets all. */
export async function measureKernels(
  rounds: number,
  measure: (argv: string[], name: string) => Promise<number | null>,
): Promise<{ ours: number[]; peers: Record<string, number[] | null> }> {
  const { ours, ...peers } = commands();
  const oursMeasured: number[] = [];
  const peersMeasured: Record<string, number[] | null> = {};
  for (let round = 0; round < rounds; round++) {
    oursMeasured.push((await measure(ours ?? [], "ours")) ?? NaN);
    for (const [name, argv] of Object.entries(peers)) {
      const value = argv === null ? null : await measure(argv, name);
      if (value === null) peersMeasured[name] = null;
      else (peersMeasured[name] ??= []).push(value);
    }
  }
  return { ours: oursMeasured, peers: peersMeasured };
}
