import { join } from "node:path";
import {
  announce,
  CancelledError,
  checkoutFolder,
  commandLine,
  InvalidOptionError,
  libFolder,
  nowMs,
  provenance,
  setCurrentSignal,
  visibleLines,
  visibleText,
} from "../core";
import { engineName } from "../engine";
import {
  changedCode,
  cleanRunStore,
  computeWithPrerequisites,
  type CostEstimate,
  defaultStoreFolder,
  describeRun,
  describeRuns,
  expandView,
  type PlannedRun,
  planRuns,
  planToCompute,
  type Preset,
  presets,
  readGridFile,
  requeueStatus,
  runLocally,
  searchConfigs,
  searchTrials,
  RunStore,
  slurmQueue,
  shellWord,
  submitToSlurm,
  type View,
  viewResult,
  workerCount,
  writeGridFile,
} from "../experiments";
import { builtInParts, searchNamed, views } from "../reproduction";
import { table } from "../tables";
import { costLines, costOf, holdPromise, hours, planCosts, thisCpu, tookLine } from "./cost";
import { commandOn, requireBuiltIn, requireRequests, type Work, workOf, type WorkOptions } from "./own-work";
import { runCommand } from "./terminal";
import type { VerifyOptions } from "./verify";

/** Options that every subcommand on a view has. */
export interface CommonOptions extends WorkOptions {
  keepStale: boolean;
  force: boolean;
  json: boolean;
  quiet: boolean;
}

export interface RunActionOptions extends CommonOptions {
  workers?: number;
  runner: "local" | "slurm";
  throttle?: number;
  runsPerTask?: number;
  sbatch: string[];
}

export interface ShowActionOptions extends CommonOptions {
  format: "text" | "md" | "csv" | "tex" | "json";
}

export interface KeepActionOptions extends CommonOptions {
  outputDir?: string;
}

const storeOf = ({ store }: { store?: string }): RunStore => new RunStore(store ?? defaultStoreFolder());

/** Prints for people, or JSON for programs. */
function print(json: boolean, value: unknown, text: () => string): void {
  console.log(json ? JSON.stringify(value, null, 2) : text());
}

export async function listViews({ json }: { json: boolean }): Promise<void> {
  const listed = Object.values(views).map((view) => {
    const counts = presets.map((preset) => [preset, expandView(view, { preset }, builtInParts).length]);
    return { name: view.name, title: view.title, runs: Object.fromEntries(counts) as Record<Preset, number> };
  });
  print(json, listed, () =>
    table({ rows: listed.map(({ name, title, runs }) => ({ name, ...runs, title })) }).toText(),
  );
}

export interface VerifyActionOptions extends VerifyOptions {
  store?: string;
  quiet: boolean;
}

export async function verify(names: readonly string[], options: VerifyActionOptions): Promise<void> {
  const { verifyRecords } = await import("./verify.js");
  console.log((await verifyRecords(names, storeOf(options), options)).join("\n"));
}

async function planOf({ view, parts }: Work, options: CommonOptions, makePlan = planRuns): Promise<PlannedRun[]> {
  const configs = expandView(view, options, parts);
  requireRequests(configs, options);
  return makePlan(configs, storeOf(options), parts, engineName(), options);
}

/** How many runs are computed at a time: one where seconds are the point. */
function workersOf({ timing }: View, asked?: number): number {
  return workerCount(asked ?? (timing ? 1 : undefined));
}

export interface PlanActionOptions extends CommonOptions {
  grid?: string;
}

export async function planView(name: string | undefined, options: PlanActionOptions): Promise<void> {
  if (name === undefined) return planAll(options);
  if (options.grid !== undefined) return writeGrid(name, options, options.grid);
  const work = workOf(name, options);
  const plan = await planOf(work, options);
  const told = costLines(await costOf(plan, storeOf(options), workersOf(work.view)));
  const names = describeRuns(plan.map(({ run }) => run.config));
  const listed = plan.map(({ run, status, compute, asked, problem }, k) => ({
    id: run.id,
    run: names[k],
    status,
    compute,
    asked,
    problem,
    config: run.config,
  }));
  print(options.json, listed, () => {
    const rows = listed.map(({ id, run, status, compute, asked }) => ({
      id,
      run,
      status,
      "to compute": compute,
      for: asked ? "the table" : "other runs",
    }));
    const count = listed.filter(({ compute }) => compute).length;
    return [table({ rows }).toText(), `${count} of ${listed.length} runs to compute`, ...told].join("\n");
  });
}

/** What an experiment would compute, and what that takes. */
interface PlannedView extends Pick<CostEstimate, "seconds" | "unknown" | "machines"> {
  readonly name: string;
  readonly runs: number;
  readonly compute: number;
}

/** How long every experiment takes: hours of one core, here and on each machine that made kept records. */
async function planAll(options: PlanActionOptions): Promise<void> {
  for (const [flag, isGiven] of Object.entries({
    ...{ "--only": options.only.length > 0, "--set": (options.set ?? []).length > 0 },
    ...{ "--parts": options.parts !== undefined, "--grid": options.grid !== undefined },
  }))
    if (isGiven) throw new InvalidOptionError(`${flag} is for one experiment`, { remedy: "name it" });
  const costOf = await planCosts(storeOf(options));
  const listed: PlannedView[] = [];
  for (const view of Object.values(views)) {
    const plan = await planOf({ view, parts: builtInParts }, options);
    const { seconds, unknown, machines } = costOf(plan, 1);
    const compute = plan.filter((one) => one.compute).length;
    listed.push({ name: view.name, runs: plan.length, compute, seconds, unknown, machines });
  }
  print(options.json, { preset: options.preset, cpu: thisCpu(), views: listed }, () => {
    const rows = listed.map(({ name, runs, compute, seconds, unknown, machines }) => ({
      ...{ name, runs, "to compute": compute, [`h here (${thisCpu()})`]: hours(seconds) },
      ...Object.fromEntries(machines.map((one) => [`h on ${one.cpu}`, hours(one.seconds)])),
      "not in it": unknown,
    }));
    const caption = `${options.preset}: hours of one core, by records; "not in it" counts runs that no record is like`;
    return table({ rows, caption }).toText();
  });
}

/** What has to be computed, as a file for schedulers of one's own. */
async function writeGrid(name: string, options: CommonOptions, path: string): Promise<void> {
  requireBuiltIn(options, "--grid");
  const store = storeOf(options);
  const plan = await planOf(workOf(name, options), options, planToCompute);
  const count = await writeGridFile(path, name, plan, store);
  const cost = costLines(await costOf(plan, store, 1));
  print(options.json, { grid: path, runs: count, store: store.folder }, () =>
    [
      `${count} runs in ${path}; each of them, in any order and at the same time: ${commandLine("experiment")} run-one ${shellWord(path)} INDEX`,
      `INDEX is from 0 to ${count - 1}; status 75: stopped and saved, run it again; --store DIR: the store is elsewhere there`,
      ...cost,
    ].join("\n"),
  );
}

export async function runView(name: string, options: RunActionOptions): Promise<void> {
  const work = workOf(name, options);
  const { view, parts } = work;
  if (options.runner === "slurm") requireBuiltIn(options, "--runner slurm");
  const store = storeOf(options);
  const plan = await planOf(work, options, planToCompute);
  const label = `${name} (${options.preset})`;
  if (options.runner === "slurm") return submit(view, plan, store, options);
  const workers = workersOf(view, options.workers);
  if (view.timing) useOneThread(); // as the kept records, whatever the machine has
  const cost = await costOf(plan, store, workers);
  if (!options.quiet) for (const line of costLines(cost)) announce(line);
  const start = nowMs();
  try {
    const report = await runLocally(plan, store, parts, { ...options, workers, label });
    const held = await holdPromise(cost, plan, store, (nowMs() - start) / 1000);
    print(options.json, { name, preset: options.preset, ...report, failed: report.failed.length, ...held }, () =>
      [
        ...(report.computed === 0 ? [] : [tookLine(held)]),
        `${label}: ${report.computed} computed, ${plan.filter(({ compute }) => !compute).length + report.kept} there already`,
        ...report.failed.map(
          ({ run, problem }) => `failed: ${describeRun(run.config)} (${run.id}): ${visibleLines(problem)}`,
        ),
        ...(report.blocked > 0 ? [`${report.blocked} left out, since they rest on what failed`] : []),
      ].join("\n"),
    );
    if (report.failed.length > 0) process.exitCode = 1;
  } catch (error) {
    if (error instanceof CancelledError)
      announce(`what was computed is kept; go on with: ${commandOn("run", name, options)}`);
    throw error;
  }
}

async function submit(
  view: View,
  plan: readonly PlannedRun[],
  store: RunStore,
  options: RunActionOptions,
): Promise<void> {
  if (!plan.some(({ compute }) => compute)) return console.log("nothing to compute");
  const collect = [process.execPath, join(libFolder(), "dist", "commands", "experiment.js"), "status", view.name];
  const words = [
    ...collect,
    "--preset",
    options.preset,
    "--store",
    store.folder,
    ...(options.keepStale ? ["--keep-stale"] : []),
  ];
  const jobs = await submitToSlurm(plan, store, view.name, words, { ...options, sbatchOptions: options.sbatch });
  print(options.json, jobs, () => jobs.map(({ id, tasks }) => `job ${id}: ${tasks} tasks`).join("\n"));
}

export async function showStatus(name: string, options: CommonOptions): Promise<void> {
  const work = workOf(name, options);
  const plan = (await planOf(work, options)).filter(({ asked }) => asked);
  const changes = await changedCode(work.view, storeOf(options), work.parts, engineName(), options);
  const counts: Record<string, number> = {};
  for (const { status } of plan) counts[status] = (counts[status] ?? 0) + 1;
  const queue = await slurmQueue(name);
  print(options.json, { name, preset: options.preset, runs: plan.length, ...counts, queue, changed: changes }, () =>
    [
      `${name} (${options.preset}): ${plan.length} runs`,
      ...Object.entries(counts).map(([status, count]) => `  ${status}: ${count}`),
      ...Object.entries(queue).map(([state, count]) => `  in Slurm's queue, ${state}: ${count}`),
      ...plan.flatMap(({ run, problem }) =>
        problem === null ? [] : [`${describeRun(run.config)} (${run.id}): ${visibleLines(problem)}`],
      ),
      ...changes.flatMap(({ runs, version, modules }) => [
        `  ${runs} made by code ${version}; since then:`,
        ...(modules === null ? ["    unknown: the list of its modules is gone"] : modules.map((one) => `    ${one}`)),
      ]),
    ].join("\n"),
  );
}

/** Formats that have comments: to ask git for the commit takes a tenth of a second. */
const commented: readonly ShowActionOptions["format"][] = ["md", "tex"];

export async function showView(name: string, options: ShowActionOptions): Promise<void> {
  const { view, parts } = workOf(name, options);
  const { found, summary, table: tableWith } = await viewResult(view, parts, engineName(), options);
  const notes = [
    ...(found.fromRecords > 0 ? [`${found.fromRecords} of ${summary.runs} runs come from the committed records`] : []),
    ...(summary.missing > 0
      ? [`${summary.missing} of ${summary.runs} runs are missing: ${commandOn("run", name, options)}`]
      : []),
    ...(summary.missing > 0 && checkoutFolder() === undefined
      ? ["the records behind the papers' tables are not in the package: a checkout has them in figures/records"]
      : []),
  ];
  for (const note of notes) console.error(note);
  if (options.format === "json" || options.json) return console.log(JSON.stringify(summary, null, 2));
  const shown = tableWith(
    commented.includes(options.format)
      ? { provenance: [commandOn("show", name, { ...options, store: undefined }), ...provenanceLines(), ...notes] }
      : {},
  );
  const formats = {
    text: () => shown.toText(process.stdout.isTTY, process.stdout.columns),
    md: () => shown.toMarkdown(),
    csv: () => shown.toCsv(),
    tex: () => shown.toLatex(),
  };
  process.stdout.write(formats[options.format]());
}

function provenanceLines(): string[] {
  const { commit, dirty, node, cpu } = provenance();
  return [`commit ${commit ?? "unknown"}${dirty === true ? " with changes" : ""}, Node ${node}, ${cpu}`];
}

export async function keepView(name: string, options: KeepActionOptions): Promise<void> {
  const { keepResult } = await import("./keep.js"); // it draws, which nothing else here does
  const files = await keepResult(name, options);
  print(options.json, files, () => files.join("\n"));
}

export async function cleanStore({
  store: given,
  all,
  dryRun,
}: {
  store?: string;
  all: boolean;
  dryRun: boolean;
}): Promise<void> {
  const folder = given ?? defaultStoreFolder();
  const { removed, left } = await cleanRunStore(folder, { all, dryRun });
  console.log(`${dryRun ? "would remove" : "removed"} ${removed.length} folders of ${folder}`);
  for (const [path, why] of Object.entries(left)) console.error(visibleText(`left alone: ${path}: ${why}`));
}

/** Runs a search's trials that are not there yet, and shows all of them. */
export async function runSearch(
  name: string,
  options: { store?: string; workers?: number; json: boolean; quiet: boolean },
): Promise<void> {
  const search = searchNamed(name);
  const store = storeOf(options);
  const configs = searchConfigs(search, builtInParts).map(({ config }) => config);
  const plan = await planToCompute(configs, store, builtInParts, engineName());
  await runLocally(plan, store, builtInParts, { workers: workerCount(options.workers), label: `search ${name}` });
  const trials = await searchTrials(search, store, builtInParts, engineName());
  print(options.json, trials, () => {
    const rows = trials.map(({ number, options: tried, value, status }) => ({
      trial: number,
      ...tried,
      value,
      status,
    }));
    return table({ rows, caption: `${name}: ${search.objective}, every trial` }).toText(process.stdout.isTTY);
  });
}

/** One thread for each operation, unless another number is asked for. */
function useOneThread(): void {
  process.env["RECSYS_THREADS"] ||= "1";
}

/** The contract with schedulers: one run, and what it rests on if nobody has computed that. Sets the exit status. */
export async function runOne(
  gridFile: string,
  index: number,
  options: { quiet: boolean; store?: string },
): Promise<void> {
  useOneThread(); // a scheduler starts others beside it
  await runCommand(async () => {
    const interruption = new AbortController();
    process.on("SIGTERM", () => interruption.abort());
    process.on("SIGINT", () => interruption.abort());
    setCurrentSignal(interruption.signal);
    const { grid, run } = await readGridFile(gridFile, index);
    try {
      const outcome = await computeWithPrerequisites(run, new RunStore(options.store ?? grid.store), builtInParts);
      console.log(`${describeRun(run.config)} (${run.id}): ${outcome}`);
    } catch (error) {
      if (!(error instanceof CancelledError)) throw error;
      console.log(`${describeRun(run.config)} (${run.id}): stopped and saved`);
      process.exit(requeueStatus);
    }
  }, options);
}
