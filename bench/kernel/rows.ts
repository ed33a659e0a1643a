import type { KernelClient } from "recsys-unlearning-kernel";
import { median } from "recsys-unlearning/metrics";
import type { Benchmark, Measurement } from "../benchmark";
import { commands, ipykernel, measureKernels, withKernel, withKernels } from "./kernels";

type Measured = Awaited<ReturnType<typeof measureKernels>>;

function medians({ ours, peers }: Measured): Measurement {
  const of = ([name, values]: [string, number[] | null]) => [name, values === null ? null : median(values)];
  return { ours: median(ours), peers: Object.fromEntries(Object.entries(peers).map(of)) as Measurement["peers"] };
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

export const kernelStart: Benchmark = {
  name: "kernel-start",
  what: "from the start of the process until the kernel answers and its output is heard; median of 5",
  unit: "ms",
  run: async () =>
    medians(
      await measureKernels(5, async (argv) => {
        const start = performance.now();
        return withKernel(argv, () => Promise.resolve(performance.now() - start));
      }),
    ),
};

const cellCount = 100;

export const kernelCell: Benchmark = {
  name: "kernel-cell",
  what: `one cell that defines a name and shows a sum, until its reply and idle; median of ${cellCount}, the kernels in turn`,
  unit: "ms",
  run: () =>
    withKernels(async (kernels) => {
      const times: Record<string, number[]> = {};
      for (let i = -10; i < cellCount; i++)
        for (const [name, kernel] of Object.entries(kernels)) {
          const code = `${name === ipykernel ? "" : "const "}x${i + 10} = ${i};\nx${i + 10} + 1`;
          const ms = await milliseconds(() => kernel.execute(code));
          if (i >= 0) (times[name] ??= []).push(ms);
        }
      const { ours, ...peers } = times;
      const missing = Object.keys(commands()).filter((name) => !(name in times));
      const of = ([name, values]: [string, number[]]) => [name, median(values)] as const;
      return {
        ours: median(ours),
        peers: {
          ...Object.fromEntries(Object.entries(peers).map(of)),
          ...Object.fromEntries(missing.map((name) => [name, null])),
        },
      };
    }),
};

const lineCount = 20_000;

export const kernelLines: Benchmark = {
  name: "kernel-lines",
  what: `${lineCount} printed lines in a kernel that ran a cell before, until all have arrived; median of 5; null for a kernel that loses some`,
  unit: "ms",
  run: async () =>
    medians(
      await measureKernels(5, (argv, name) =>
        withKernel(argv, async (kernel) => {
          const code =
            name === ipykernel
              ? `for i in range(${lineCount}): print(i)`
              : `for (let i = 0; i < ${lineCount}; i++) console.log(i);`;
          for (let i = 0; i < 3; i++) await kernel.execute(name === ipykernel ? "print(1)" : "console.log(1)");
          const start = performance.now();
          const { outputs } = await kernel.execute(code);
          const ms = performance.now() - start;
          const text = outputs.map((output) => (output.output_type === "stream" ? output.text : "")).join("");
          return text.split("\n").length === lineCount + 1 ? ms : null;
        }),
      ),
    ),
};

/** Megabytes on the heap and beside it, after a collection. */
async function heldMegabytes(kernel: KernelClient): Promise<number> {
  const code = "gc!(); gc!(); process.memoryUsage().heapUsed + process.memoryUsage().external";
  const [output] = (await kernel.execute(code, { store_history: false })).outputs;
  return output.output_type === "execute_result" ? Number(output.data["text/plain"]) / 2 ** 20 : NaN;
}

export const kernelMemory: Benchmark = {
  name: "kernel-memory",
  what: "heap plus external memory after a collection: 200 cells against 20 of the same kernel",
  unit: "MB",
  run: async () => {
    const [node, ...rest] = commands().ours ?? [];
    return withKernel([node, "--expose-gc", ...rest], async (kernel) => {
      await kernel.execute('import { core, tables } from "recsys-unlearning";');
      const held: number[] = [];
      for (let i = 1; i <= 200; i++) {
        await kernel.execute(`const values${i} = Array.from({ length: 100 }, (_, j) => j * ${i});\nvalues${i}.at(-1)`);
        if (i === 20 || i === 200) held.push(await heldMegabytes(kernel));
      }
      return { ours: held[1], peers: { "itself after 20 cells": held[0] } };
    });
  },
};

export { kernelControls } from "./controls";
export { kernelCompletion, kernelInterrupt } from "./interaction";
