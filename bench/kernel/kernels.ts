import { existsSync } from "node:fs";
import { join } from "node:path";
import { inRepository } from "recsys-unlearning/core";
import { KernelClient, kernelArgv } from "recsys-unlearning-kernel";
import { peerPython, peersBin } from "../peers";
import { denoSnippets, pythonSnippets, tslabSnippets } from "./snippets";
import type { Snippets } from "./testbed";

const plainTslab = "plain tslab 1.0.22";
export const ipykernel = "ipykernel 7.4.0";
const deno = "Deno 2.9.8";

export type KernelName = "ours" | typeof plainTslab | typeof deno | typeof ipykernel;

const denoPath = join(peersBin, process.platform === "win32" ? "deno.exe" : "deno");

/** How a kernel is spoken to: code of its language, and the class of `kernel_tests.py` that has more of it. */
interface Dialect {
  readonly snippets: Snippets;
  readonly samples: "Ours" | "Tslab" | "Deno" | "Python";
  readonly language: "typescript" | "python";
  /** How its kernelspec says that it is interrupted. */
  readonly interrupt: "message" | "signal";
}

export const dialects: Readonly<Record<KernelName, Dialect>> = {
  ours: { snippets: tslabSnippets, samples: "Ours", language: "typescript", interrupt: "message" },
  [plainTslab]: { snippets: tslabSnippets, samples: "Tslab", language: "typescript", interrupt: "signal" },
  [deno]: { snippets: denoSnippets, samples: "Deno", language: "typescript", interrupt: "signal" },
  [ipykernel]: { snippets: pythonSnippets, samples: "Python", language: "python", interrupt: "signal" },
};

/** The command of each kernel, ours under its name; `null` for one that is not installed. */
export function commands(): Record<KernelName, string[] | null> {
  const python = peerPython();
  const tslab = inRepository("node_modules", "tslab", "bin", "tslab");
  return {
    ours: kernelArgv(),
    [plainTslab]: [process.execPath, tslab, "kernel", "--config-path", "{connection_file}"],
    [deno]:
      python === null || !existsSync(denoPath)
        ? null
        : [denoPath, "jupyter", "--kernel", "--conn", "{connection_file}"],
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
