import type { KernelClient } from "recsys-unlearning-kernel";
import { median } from "recsys-unlearning/metrics";
import type { Benchmark } from "../benchmark";
import { commands, dialects, ipykernel, type KernelName, measureKernels, withKernel, withKernels } from "./kernels";

const completions = 30;

export const kernelCompletion: Benchmark = {
  name: "kernel-completion",
  what: `a name completed among those of a library and of an earlier cell; median of ${completions}, the kernels in turn`,
  unit: "ms",
  run: () =>
    withKernels(async (kernels) => {
      const times: Record<string, number[]> = {};
      for (const [name, kernel] of Object.entries(kernels))
        await kernel.execute(name === ipykernel ? "import math\nnumber = 1" : "const number = 1;");
      for (let i = -5; i < completions; i++)
        for (const [name, kernel] of Object.entries(kernels)) {
          const code = name === ipykernel ? "math.flo" : "Math.flo";
          const start = performance.now();
          await kernel.request("shell", "complete_request", { code, cursor_pos: code.length });
          if (i >= 0) (times[name] ??= []).push(performance.now() - start);
        }
      const { ours, ...peers } = Object.fromEntries(
        Object.keys(commands()).map((name) => [name, name in times ? median(times[name]) : null]),
      );
      return { ours: ours ?? NaN, peers };
    }),
};

const heedMs = 5000;

/** From the interrupt until the reply; `null` for a kernel that goes on, dies, or loses its variables. */
async function interrupted(kernel: KernelClient, name: KernelName): Promise<number | null> {
  const { language, interrupt } = dialects[name];
  const [define, loop, read] =
    language === "python"
      ? ["kept = 41", "print(1)\nwhile True: pass", "kept + 1"]
      : ["let kept = 41;", "console.log(1); for (;;);", "kept + 1"];
  await kernel.execute(define);
  let prints: () => void = () => undefined;
  const printed = new Promise<void>((resolve) => (prints = resolve));
  const running = kernel.execute(loop, { onMessage: ({ header }) => header.msg_type === "stream" && prints() });
  await Promise.race([printed, new Promise((resolve) => setTimeout(resolve, heedMs))]);
  const start = performance.now();
  if (interrupt === "message") await kernel.interrupt();
  else process.kill(kernel.pid ?? NaN, "SIGINT");
  const ended = await Promise.race([running, new Promise<undefined>((resolve) => setTimeout(resolve, heedMs))]);
  const ms = performance.now() - start;
  if (ended?.status !== "error") return null;
  const { outputs } = await kernel.execute(read, { timeoutMs: heedMs });
  return JSON.stringify(outputs).includes('"text/plain":"42"') ? ms : null;
}

export const kernelInterrupt: Benchmark = {
  name: "kernel-interrupt",
  what: "an endless loop interrupted, until its reply, and the variables are there; median of 3; null for a kernel that cannot",
  unit: "ms",
  run: async () => {
    const measured = await measureKernels(3, (argv, name) =>
      withKernel(argv, (kernel) => interrupted(kernel, name as KernelName)),
    );
    const of = (values: number[] | null) => (values === null ? null : median(values));
    const peers = Object.entries(measured.peers).map(([name, values]) => [name, of(values)] as const);
    return { ours: median(measured.ours), peers: Object.fromEntries(peers) };
  },
};
