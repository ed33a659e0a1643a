import { execFile } from "node:child_process";
import { availableParallelism } from "node:os";
import { promisify } from "node:util";
import { RecsysError } from "recsys-unlearning/core";
import type { Measurement } from "../benchmark";
import { peerPython, runPeer, withThreads } from "../peers";

const run = promisify(execFile);
const release = "2.15.0";
const installMs = 1_800_000;

let python: Promise<string | null> | undefined;

/**
 * A Python that has PyTorch: the peers' own (`npm run peers -- --torch`), or the system's with Debian's
 * `python3-torch`, which needs `libopenblas0-pthread` beside it or is nine times slower.
 */
export function torchPython(): Promise<string | null> {
  return (python ??= findPython());
}

async function findPython(): Promise<string | null> {
  for (const candidate of [peerPython(), "python3", "/usr/bin/python3"]) {
    if (candidate === null) continue;
    try {
      await run(candidate, ["-c", "import torch"]);
      return candidate;
    } catch {
      continue; // not this one
    }
  }
  return null;
}

/**
 * Installs PyTorch from PyPI beside the other peers: 5 GB, since its CUDA parts cannot be left out.
 *
 * @throws RecsysError
 */
export async function installTorch(): Promise<void> {
  const command = peerPython();
  if (command === null) throw new RecsysError("PyTorch comes beside the other peers", { remedy: "npm run peers" });
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--timeout", "30"];
  python = undefined; // what was found before
  try {
    await run(command, [...pip, `torch==${release}`, "numpy"], { timeout: installMs });
  } catch (cause) {
    throw new RecsysError("PyTorch cannot be installed from PyPI", {
      cause,
      remedy: "Debian's is lighter: apt-get install python3-torch libopenblas0-pthread",
    });
  }
}

/** What PyTorch took, as a row's `Measurement` has it. */
type TorchTimes = Required<Pick<Measurement, "peers" | "peerMegabytes">>;

/**
 * Milliseconds of one row in PyTorch, with one thread and with all of the machine's, and the most memory of each of its
 * processes. `null` where there is no PyTorch.
 *
 * @param area the folder of `bench` whose `torch_peer.py` does the work
 */
export async function torchTimes(name: string, area = "engine"): Promise<TorchTimes> {
  const command = await torchPython();
  if (command === null) return { peers: { PyTorch: null }, peerMegabytes: {} };
  const peers: Record<string, number> = {};
  const peerMegabytes: Record<string, number | null> = {};
  for (const threads of new Set([1, availableParallelism()])) {
    const script = `${area}/torch_peer.py`;
    const args = [String(threads), name];
    const { version, ms, megabytes } = await runPeer<TorchReport>(command, script, args, threadVariables(threads));
    const peer = torchName(version, threads);
    peers[peer] = ms[name];
    peerMegabytes[peer] = megabytes;
  }
  return { peers, peerMegabytes };
}

/** How a row names PyTorch. */
export function torchName(version: string, threads: number): string {
  return withThreads(`PyTorch ${version}`, threads);
}

/** Waiting threads would else take the cores from each other. */
export function threadVariables(threads: number): Record<string, string> {
  return { OMP_WAIT_POLICY: "PASSIVE", OPENBLAS_NUM_THREADS: String(threads) };
}

interface TorchReport {
  readonly version: string;
  readonly ms: Readonly<Record<string, number>>;
  readonly megabytes: number | null;
}
