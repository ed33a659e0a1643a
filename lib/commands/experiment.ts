import { resolve } from "node:path";
import { Command, InvalidArgumentError as InvalidValue, Option } from "commander";
import { commandLine, redirectAnnouncements } from "../core";
import type { Preset } from "../experiments";
import type { CommonOptions, KeepActionOptions, PlanActionOptions, VerifyActionOptions } from "./experiment-actions";
import { runProgram } from "../profiling";
import { runCommand, safeOutput } from "./terminal";

const presets = ["tiny", "quick", "full"] as const satisfies readonly Preset[];

/** What is done is loaded when it is: `--help` does not wait for it. */
const actions = async () => {
  (await import("../data/index.js")).spellReadOptionsAs("settings");
  return import("./experiment-actions.js");
};

function wholeNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidValue("give a whole number from 1 on");
  return Number(text);
}

const folder = (path: string): string => resolve(path);
const collect = (text: string, before: string[]): string[] => [...before, text];

const program = new Command(commandLine("experiment"))
  .configureOutput(safeOutput)
  .description("Experiments: what is to be computed, computing it, and the tables that come of it.");

/** A subcommand on one view, with the options that all of them share. */
function onView(name: string, description: string, view = "<name>"): Command {
  return program
    .command(`${name} ${view}`)
    .description(description)
    .addOption(new Option("--preset <preset>", "how large").choices(presets).default("quick"))
    .option("--seeds <n>", "how many seeds, instead of the preset's", wholeNumber)
    .option("--only <key=value>", "only runs with this value, such as method=ifru; again on one key: or", collect, [])
    .option("--store <dir>", "the run store (default: runs, in the checkout)", folder)
    .option("--keep-stale", "use results of older code instead of computing them again", false)
    .option("--force", "compute finished runs again", false)
    .option("--json", "JSON on stdout", false)
    .option("--quiet", "no progress", false);
}

/** The same on one's own data, parts and options. */
function onOwn(name: string, description: string, view?: string): Command {
  return onView(name, description, view)
    .option(
      "--set <key=value>",
      "dataset=FILE, dataset=, backbone= or method=NAME (again: both), or an option: data.coreSize=2, " +
        "training.epochs=20, request.kind=user, method.damping=1e-4",
      collect,
      [],
    )
    .option("--parts <file>", "a TypeScript module that exports parts of your own; it is type-checked", folder);
}

/** Hands the options to an action, with progress, interruption and errors as every command has them. */
function action<T extends { quiet?: boolean }>(
  act: (of: Awaited<ReturnType<typeof actions>>) => (name: string, options: T) => Promise<void>,
) {
  return (name: string, options: T) => runCommand(async () => act(await actions())(name, options), options);
}

program
  .command("list")
  .description("the experiments there are")
  .option("--json", "JSON on stdout", false)
  .action((options: { json: boolean }) => runCommand(async () => (await actions()).listViews(options), {}));

program
  .command("verify [name...]")
  .description("compute a sample of kept runs that older code made, and hold the others to it where all agree")
  .option("--sample <n>", "how often each part occurs in the sample", wholeNumber, 1)
  .option("--seed <n>", "of the draw", wholeNumber, 1)
  .option("--only <key=value>", "only runs with this value, such as backbone=mf; again on one key: or", collect, [])
  .option("--except <key=value>", "no runs with this value, such as method=sru; may be repeated", collect, [])
  .option("--store <dir>", "the run store (default: runs, in the checkout)", folder)
  .option("--workers <n>", "processes (default: one per core)", wholeNumber)
  .option("--dry-run", "only say what the sample is", false)
  .option("--quiet", "no progress", false)
  .action((names: string[], options: VerifyActionOptions) =>
    runCommand(async () => (await actions()).verify(names, options), options),
  );

program
  .command("options <part>")
  .description("what a dataset, backbone, method or request may be told: defaults, ranges, meaning")
  .option("--json", "JSON on stdout", false)
  .action((part: string, options: { json: boolean }) =>
    runCommand(async () => (await import("./part-options.js")).showOptions(part, options), {}),
  );

onOwn("plan", "what running an experiment would compute, and how long that takes; of all without a name", "[name]")
  .option("--grid <file>", "write it there instead, for run-one: any scheduler can compute it", folder)
  .action((name: string | undefined, options: PlanActionOptions) =>
    runCommand(async () => (await actions()).planView(name, options), options),
  );

onOwn("run", "compute what is missing; goes on where an earlier run was stopped")
  .option("--workers <n>", "processes (default: one per core; 1 for experiments that measure time)", wholeNumber)
  .addOption(new Option("--runner <runner>", "where").choices(["local", "slurm"]).default("local"))
  .option("--throttle <n>", "slurm: tasks that may run at a time", wholeNumber)
  .option("--runs-per-task <n>", "slurm: runs of one task, for tiny runs", wholeNumber)
  .option("--sbatch <option>", "slurm: passed to sbatch; may be repeated", collect, [])
  .action(action((of) => of.runView));

onOwn("status", "how far an experiment is").action(action<CommonOptions>((of) => of.showStatus));

onOwn("show", "the table of an experiment")
  .addOption(new Option("--format <format>").choices(["text", "md", "csv", "tex", "json"]).default("text"))
  .action(action((of) => of.showView));

onView("keep", "write an experiment's records to figures/records, and its table and figures to figures")
  .option("--output-dir <dir>", "write there instead; for a part of an experiment, or another preset", folder)
  .action(action<KeepActionOptions>((of) => of.keepView));

const search = program
  .command("search <name>")
  .description(
    "try options, judged on validation rows only; every trial is kept, and a search that was stopped goes on",
  )
  .option("--store <dir>", "the run store (default: runs, in the checkout)", folder)
  .option("--workers <n>", "processes (default: one per core)", wholeNumber)
  .option("--json", "JSON on stdout", false)
  .option("--quiet", "no progress", false)
  .action(action((of) => of.runSearch));

program
  .command("clean")
  .description("remove from the run store what was not finished; nothing that another process works on")
  .option("--store <dir>", "the run store (default: runs, in the checkout)", folder)
  .option("--all", "finished runs too", false)
  .option("--dry-run", "only say what", false)
  .action((options: { store?: string; all: boolean; dryRun: boolean }) =>
    runCommand(async () => (await actions()).cleanStore(options), {}),
  );

program
  .command("run-one <grid> <index>")
  .description("compute one run of a grid file (status 0: done, 75: stopped and saved, run it again; else: failed)")
  .option("--store <dir>", "the run store (default: the one that the grid names)", folder)
  .option("--quiet", "no progress", false)
  .action(async (grid: string, index: string, options: { quiet: boolean; store?: string }) =>
    (await actions()).runOne(grid, Number(index), options),
  );

/** The help of `search` names the searches there are; no other command waits for them. */
async function nameSearches(): Promise<void> {
  if (!process.argv.includes("search")) return;
  const { searches } = await import("../reproduction/index.js");
  const lines = Object.entries(searches).map(([name, { base, target, objective }]) => {
    return `  ${name.padEnd(22)} ${target} of ${base.method} on ${base.dataset} (${base.backbone}), by ${objective}`;
  });
  search.addHelpText("after", ["", "Searches:", ...lines].join("\n"));
}

redirectAnnouncements((line) => console.error(line)); // stdout is for results
void nameSearches().then(() => runProgram(program));
