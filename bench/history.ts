import { appendFile, mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { CorruptFileError, inWorkFolder } from "recsys-unlearning/core";
import { median } from "recsys-unlearning/metrics";
import type { Row } from "./benchmark";
import { type MachineKind, nameOf } from "./machine";

/** One `npm run bench`: a line of the history. */
export interface HistoryEntry {
  /** ISO 8601. */
  readonly date: string;
  /** `null` outside a git checkout. */
  readonly commit: string | null;
  readonly machine: MachineKind;
  readonly engine: string;
  readonly rows: readonly Pick<Row, "name" | "peerName" | "ours" | "peer" | "ratio">[];
}

/** How the ratio of one row went over the runs on one kind of machine. */
export interface Trend {
  /** Machine and engine. */
  readonly where: string;
  readonly name: string;
  readonly peerName: string;
  readonly runs: number;
  readonly first: number;
  readonly median: number;
  readonly last: number;
  /** The median of the last five over that of the first five; `null` before there are ten. */
  readonly change: number | null;
}

const few = 5;
/** What five runs may be above five others before it is said. */
const allowed = 1.1;

/** Where the history is: with runs and not committed, since it tells of one machine. */
export function historyFile(): string {
  return inWorkFolder("runs", "bench", "history.jsonl");
}

/** Appends one line. */
export async function addToHistory(entry: HistoryEntry, file = historyFile()): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await appendFile(file, `${JSON.stringify(entry)}\n`);
}

/**
 * All that was kept; nothing where there is no file.
 *
 * @throws CorruptFileError naming the line that is no JSON
 */
export async function readHistory(file = historyFile()): Promise<HistoryEntry[]> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  return text.split("\n").flatMap((line, index) => {
    if (line === "") return [];
    try {
      return [JSON.parse(line) as HistoryEntry];
    } catch (cause) {
      const where = `${file}:${index + 1}`;
      throw new CorruptFileError("a line of the bench's history is no JSON", { where, remedy: "delete it", cause });
    }
  });
}

/**
 * One trend for each row, peer, engine and kind of machine, in the order in which they came.
 *
 * @example
 * trendsOf(await readHistory()).filter(isCreeping);
 */
export function trendsOf(entries: readonly HistoryEntry[]): Trend[] {
  const ratios = new Map<string, { where: string; name: string; peerName: string; values: number[] }>();
  for (const { machine, engine, rows } of entries)
    for (const { name, peerName, ratio } of rows) {
      if (ratio === null) continue;
      const where = `${nameOf(machine)}, ${engine}`;
      const key = JSON.stringify([where, name, peerName]);
      const known = ratios.get(key) ?? { where, name, peerName, values: [] };
      known.values.push(ratio);
      ratios.set(key, known);
    }
  return Array.from(ratios.values(), ({ values, ...row }) => ({
    ...row,
    runs: values.length,
    first: values[0],
    median: median(values),
    last: values[values.length - 1],
    change: values.length < 2 * few ? null : median(values.slice(-few)) / median(values.slice(0, few)),
  }));
}

/** Whether the last five runs are above the first five by more than 10 %. */
export function isCreeping({ change }: Trend): boolean {
  return change !== null && change > allowed;
}
