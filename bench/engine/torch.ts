import { execFile } from "node:child_process";
import { availableParallelism } from "node:os";
import { promisify } from "node:util";
import { inRepository } from "recsys-unlearning/core";

const run = promisify(execFile);
/** Debian's `python3-torch` belongs to the system's Python, whatever comes first on the path. */
const pythons = ["python3", "/usr/bin/python3"];

/** Which Python has PyTorch, if any. With Debian's, `libopenblas0-pthread` must be there too, or it is nine times slower. */
let python: Promise<string | null> | undefined;

async function findPython(): Promise<string | null> {
  for (const candidate of pythons)
    try {
      await run(candidate, ["-c", "import torch"]);
      return candidate;
    } catch {
      continue; // not this one
    }
  return null;
}

/** Milliseconds of one row in PyTorch, with one thread and with all of the machine's. `null` where there is no PyTorch. */
export async function torchTimes(name: string): Promise<Record<string, number | null>> {
  python ??= findPython();
  const command = await python;
  if (command === null) return { PyTorch: null };
  const times: Record<string, number> = {};
  for (const threads of new Set([1, availableParallelism()])) {
    // Waiting threads would else take the cores from each other.
    const env = { ...process.env, OMP_WAIT_POLICY: "PASSIVE", OPENBLAS_NUM_THREADS: String(threads) };
    const script = inRepository("bench", "engine", "torch_peer.py");
    const { stdout } = await run(command, [script, String(threads), name], { env });
    const { version, ms } = JSON.parse(stdout) as { version: string; ms: Record<string, number> };
    times[`PyTorch ${version}, ${threads} ${threads === 1 ? "thread" : "threads"}`] = ms[name];
  }
  return times;
}
