import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { inRepository, requireNumber } from "recsys-unlearning/core";
import { markdownTable, shown } from "../markdown";
import { fitGrowth, type Growth } from "../statistics";
import { type Size, sizeOf, writeMadeUp } from "./made-up";
import { listedUsers, type ScaleReport } from "./measure-scale";
import { fitsBudget, sizesUpTo } from "./sizes";

export interface ScaleOptions {
  /** Of the largest data. */
  readonly rows: number;
  /** Of the largest data. */
  readonly users: number;
  /** Seconds after which no further size is begun, nor one that would go beyond. */
  readonly budget: number;
}

/** What each size cost, and how costs grow. */
interface ScaleTable {
  readonly sizes: readonly (ScaleReport & { readonly fileMegabytes: number })[];
  /** By stage, and of the memory; `null` with fewer than two sizes. */
  readonly growth: Readonly<Record<string, Growth | null>>;
  /** The sizes that were not done, and why. */
  readonly leftOut: readonly string[];
}

const stages = ["read", "epoch", "prepare", "request", "auc", "lists"] as const;
/** The most that a process may hold. */
const mostMegabytes = 8192;
const lookMs = 250;

/** Measures ever larger data, each in a process of its own, until the largest, the budget or the memory ends it. */
export async function scaleTable(options: ScaleOptions, say: (line: string) => void): Promise<ScaleTable> {
  const { rows: largest, users, budget } = options;
  requireNumber("users", users, { min: 10, max: largest, integer: true });
  requireNumber("budget", budget, { min: 1 });
  const sizes: (ScaleReport & { fileMegabytes: number })[] = [];
  const leftOut: string[] = [];
  const start = performance.now();
  const secondsLeft = () => budget - (performance.now() - start) / 1000;
  const heard = new Set<string>();
  const once = (line: string) => {
    if (!heard.has(line)) say(line);
    heard.add(line);
  };
  let last: { rows: number; seconds: number } | null = null;
  for (const rows of sizesUpTo(largest)) {
    if (leftOut.length > 0) leftOut.push(`${count(rows)}: a smaller one was left out`);
    else if (!fitsBudget(rows, last, secondsLeft()))
      leftOut.push(`${count(rows)}: would go beyond the budget of ${budget} s`);
    else {
      const before = performance.now();
      say(`${count(rows)} …`);
      const found: Outcome = await measureSize(sizeOf(rows, options), secondsLeft(), once);
      last = { rows, seconds: (performance.now() - before) / 1000 };
      if (typeof found === "string") leftOut.push(`${count(rows)}: ${found}`);
      else {
        sizes.push(found);
        say(`${count(rows)}: ${last.seconds.toFixed(0)} s in all, ${found.megabytes.toFixed(0)} MB`);
      }
    }
  }
  return { sizes, growth: growthOf(sizes), leftOut };
}

type Outcome = (ScaleReport & { fileMegabytes: number }) | string;

/** @returns what was measured, or why it was not */
async function measureSize(size: Size, seconds: number, say: (line: string) => void): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), "bench-scale-"));
  try {
    const file = join(folder, "made-up.csv");
    await writeMadeUp(file, size);
    const report = await inProcess(file, seconds, say);
    return typeof report === "string" ? report : { ...report, fileMegabytes: statSync(file).size / 2 ** 20 };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function inProcess(file: string, seconds: number, say: (line: string) => void): Promise<ScaleReport | string> {
  const script = inRepository("bench", "dist", "scale", "measure-scale.js");
  const child = spawn(process.execPath, [script, file], { stdio: ["ignore", "pipe", "pipe"] });
  let [answer, why] = ["", ""];
  createInterface(child.stdout).on("line", (line) => (answer = line));
  createInterface(child.stderr).on("line", say);
  const end = (reason: string) => {
    why = reason;
    child.kill("SIGKILL");
  };
  const timer = setTimeout(() => end("the budget of seconds was used up"), 1000 * Math.max(0, seconds));
  const watch = setInterval(() => {
    if (heldBy(child.pid) > mostMegabytes) end(`more than ${mostMegabytes} MB`);
  }, lookMs);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  clearTimeout(timer);
  clearInterval(watch);
  if (status === 0) return JSON.parse(answer) as ScaleReport;
  return why === "" ? `its process ended with status ${status}` : why;
}

/** Resident megabytes of a process; 0 where the system does not say, so that only its own report is left. */
function heldBy(pid: number | undefined): number {
  const file = `/proc/${pid}/statm`;
  if (!existsSync(file)) return 0;
  const pages = Number(readFileSync(file, "utf8").split(" ")[1]);
  return (pages * 4096) / 2 ** 20;
}

function growthOf(sizes: readonly ScaleReport[]): Record<string, Growth | null> {
  const of = (cost: (report: ScaleReport) => number) =>
    fitGrowth(sizes.map((report) => ({ size: report.rows, cost: cost(report) })));
  return {
    ...Object.fromEntries(stages.map((stage) => [stage, of(({ seconds }) => seconds[stage])])),
    wall: of(({ wallSeconds }) => wallSeconds),
    memory: of(({ megabytes }) => megabytes),
  };
}

function count(rows: number): string {
  return `${rows.toLocaleString("en")} rows`;
}

/** A line for each size, the slopes, and what was left out. */
export function scaleAsMarkdown({ sizes, growth, leftOut }: ScaleTable): string {
  const whole = (value: number) => value.toLocaleString("en", { maximumFractionDigits: 0 });
  const lines = sizes.map(({ rows, users, items, fileMegabytes, megabytes, wallSeconds, seconds }) => [
    ...[rows, users, items, fileMegabytes].map(whole),
    ...[seconds.read, seconds.epoch, seconds.prepare].map((value) => shown(value)),
    ...[1000 * seconds.request, seconds.auc, seconds.lists].map((value) => shown(value)),
    ...[whole(wallSeconds), whole(megabytes)],
  ]);
  const slopes = [...stages, "wall", "memory"].map((stage) => growth[stage]?.slope.toFixed(2) ?? "–");
  const table = markdownTable(head, ":".repeat(head.length), [...lines, ["slope", "", "", "", ...slopes]]);
  const fitted = sizes.map(({ rows }) => whole(rows)).join(", ");
  const notes = [
    `Slopes: least squares on the logarithms of rows and cost, over ${fitted} rows. 1 is in proportion.`,
    "Stages are in seconds of the processor, all threads of the process together.",
    ...leftOut.map((line) => `Left out: ${line}.`),
  ];
  return `${table}\n\n${notes.join("\n")}`;
}

const head = [
  ...["rows", "users", "items", "CSV, MB", "read, s", "one epoch, s", "IFRU prepare, s", "one user, ms", "test AUC, s"],
  ...[`best 20 for ${listedUsers} users, s`, "all, s on the wall", "peak MB"],
];
