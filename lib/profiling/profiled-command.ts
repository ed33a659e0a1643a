import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import type { CpuProfile } from "./sampler";
import { type ProcessTimes, stageTable } from "./stage-table";
import { stageTimes } from "./stages";

const kernelScript = "server/main.js";

/** What a process leaves at its end. */
interface Left {
  readonly script?: string;
  readonly profile: CpuProfile;
}

/**
 * Runs this process's command line again without `--profile`, with every process of it sampled, and prints the table of
 * stages on stderr. Sets the exit status to that of the command.
 */
export async function runProfiled(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "recsys-unlearning-profile-"));
  try {
    process.exitCode = await runSampled(folder);
    const width = process.stderr.isTTY ? process.stderr.columns : Infinity;
    const processes = readProcesses(folder);
    console.error(`\n${stageTable("the command", processes).toText(process.stderr.isTTY, width)}`);
    if (processes.some(({ process }) => process === kernelScript))
      console.error("Kernels start without their startup snapshot while they are profiled.");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns the command's exit status */
function runSampled(folder: string): Promise<number> {
  const args = process.argv.slice(1).filter((arg) => arg !== "--profile");
  const before = process.env["NODE_OPTIONS"] ?? "";
  const hook = `--require ${JSON.stringify(join(__dirname, "hook.js"))}`;
  const env = { ...process.env, NODE_OPTIONS: `${before} ${hook}`.trim(), RECSYS_PROFILE_FOLDER: folder };
  const child = spawn(process.execPath, [...process.execArgv, ...args], { stdio: "inherit", env });
  // A terminal sends Ctrl-C to both; the command decides what becomes of it, and its profile is still wanted.
  const signals = ["SIGINT", "SIGTERM"] as const;
  const passOn = (signal: NodeJS.Signals) => void child.kill(signal);
  const stay = () => undefined;
  process.on("SIGINT", stay).on("SIGTERM", passOn);
  return new Promise<number>((resolve, reject) => {
    child.on("error", reject).on("exit", (status, signal) => {
      for (const one of signals) process.off(one, one === "SIGINT" ? stay : passOn);
      resolve(status ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

/** Processes by script, those with the most time first. */
function readProcesses(folder: string): ProcessTimes[] {
  const left = readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Left);
  const byScript = new Map<string, CpuProfile[]>();
  for (const { script, profile } of left) {
    const name = script === undefined ? "node" : `${basename(dirname(script))}/${basename(script)}`;
    byScript.set(name, [...(byScript.get(name) ?? []), profile]);
  }
  const processes = [...byScript].map(([process, profiles]) => {
    return { process, count: profiles.length, times: stageTimes(profiles) };
  });
  const secondsOf = ({ times }: ProcessTimes) => times.stages.reduce((sum, { seconds }) => sum + seconds, 0);
  return processes.sort((a, b) => secondsOf(b) - secondsOf(a));
}
