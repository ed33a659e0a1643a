// npm run notebooks: executes notebooks in our kernel.
import { availableParallelism } from "node:os";
import { join, relative } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { commandLine, RecsysError } from "recsys-unlearning/core";
import { runProgram } from "recsys-unlearning/profiling";
import { inProject, projectFolder } from "../folders";
import { findNotebooks } from "../notebook/find-notebooks";
import { ExactNumber } from "../notebook/parameters";
import { failedLine, Reporter } from "../notebook/reporter";
import { readRunState, saveRunState } from "../notebook/run-state";
import { runNotebooks, type RunnerOptions } from "../notebook/runner";
import { prepareFastStart } from "../snapshot/make";

interface Flags {
  preset?: string;
  parameter: Record<string, unknown>;
  workers: number;
  timeout: number;
  outputDir: string;
  inPlace: boolean;
  check: boolean;
  resume: boolean;
  json: boolean;
  quiet: boolean;
}

/** `name=value`; the value is JSON where it reads as such, else text. */
function addParameter(given: string, before: Record<string, unknown>): Record<string, unknown> {
  const [, name, text] = /^([A-Za-z_$][\w$]*)=([\s\S]*)$/.exec(given) ?? [];
  if (name === undefined) throw new InvalidArgumentError("write name=value");
  return { ...before, [name]: parameterValue(text) };
}

function parameterValue(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  if (/^-?\d+$/.test(text.trim()) && !Number.isSafeInteger(value)) return new ExactNumber(text.trim());
  const numbers = text.replace(/"(?:[^"\\]|\\.)*"/g, '""').match(/-?\d[\d.eE+-]*/g) ?? [];
  const lost = numbers.find((number) =>
    /^-?\d+$/.test(number) ? !Number.isSafeInteger(Number(number)) : !Number.isFinite(Number(number)),
  );
  if (lost !== undefined) throw new InvalidArgumentError(`JavaScript's numbers cannot hold ${lost}: give it as a text`);
  return value;
}

function atLeastOne(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 1) throw new InvalidArgumentError("give a number of 1 or more");
  return value;
}

async function run(patterns: string[], flags: Flags): Promise<void> {
  const before = readRunState();
  const chosen = findNotebooks(patterns.length > 0 ? patterns : ["notebooks"], process.cwd());
  const paths = flags.resume
    ? chosen.filter((path) => before[relative(projectFolder(), path)]?.status !== "ok")
    : chosen;
  const reporter = new Reporter(process.stderr, before);
  const target: RunnerOptions["target"] = flags.check
    ? "compare"
    : flags.inPlace
      ? "in place"
      : { folder: flags.outputDir };
  await prepareFastStart();
  const reports = await runNotebooks(paths, {
    workers: flags.workers,
    timeoutMs: flags.timeout * 1000,
    parameters: flags.parameter,
    preset: flags.preset,
    target,
    start: { env: environment(flags) },
    onEvent: (path, event) => {
      if (!flags.quiet || event.type === "finished") reporter.take(path, event);
    },
  });
  // It only saves time in the next run: a checkout that cannot be written costs no report.
  await saveRunState(reports).catch((error: unknown) => console.error(`not remembered for --resume: ${String(error)}`));
  const failed = reports.filter(({ status }) => status !== "ok");
  const passed = reports.length - failed.length;
  if (flags.json) console.log(JSON.stringify({ passed, failed: failed.length, notebooks: reports }, null, 2));
  else {
    const told = `${passed} of ${reports.length} notebooks ${flags.check ? "are as committed" : "ran"}`;
    console.log([told, ...failed.map(failedLine)].join("\n"));
  }
  process.exitCode = failed.length === 0 ? 0 : 1;
}

/** Several kernels at a time keep the cores busy without threads. */
function environment({ preset, workers }: Flags): Record<string, string> {
  return {
    ...(preset === undefined ? {} : { RECSYS_PRESET: preset }),
    ...(workers > 1 ? { RECSYS_THREADS: process.env["RECSYS_THREADS"] || "1" } : {}),
  };
}

const command = new Command(commandLine("notebooks", "recsys-unlearning-kernel"))
  .description("Executes notebooks in this project's kernel, without Python.")
  .argument("[patterns...]", "files, folders or globs (default: notebooks)")
  .addOption(
    new Option("--preset <name>", "goes to notebooks with a parameter `preset`").choices(["tiny", "quick", "full"]),
  )
  .option("--parameter <name=value>", "sets a parameter; may be given again", addParameter, {})
  .option(
    "--workers <n>",
    "notebooks at the same time",
    atLeastOne,
    Math.max(1, Math.floor(availableParallelism() / 2)),
  )
  .option("--timeout <seconds>", "for each cell", atLeastOne, 600)
  .option("--output-dir <dir>", "where executed copies go", join(inProject("figures", "local"), "notebooks"))
  .option("--in-place", "put the outputs into the notebooks themselves", false)
  .option("--check", "write nothing; compare with the outputs the notebooks have", false)
  .option("--resume", "only those that did not succeed last time", false)
  .option("--quiet", "say only how each notebook ended", false)
  .option("--json", "print a report as JSON", false)
  .action(run);

// An interrupted run ends its kernels (see client/kernel-process.ts) before it ends itself.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

runProgram(command).catch((error: unknown) => {
  if (!(error instanceof RecsysError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
});
