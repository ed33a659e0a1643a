// npm run bench -- kernels: our kernel beside those of others, in one run.
import { kernelTests, testbed } from "./conformance";
import { commands, type KernelName } from "./kernels";
import { kernelCompletion, kernelInterrupt } from "./interaction";
import { kernelCell, kernelLines, kernelStart } from "./rows";
import type { Benchmark } from "../benchmark";
import type { Verdict } from "./testbed";

/** One line of the table: a figure of each kernel, `null` where there is none. */
interface KernelRow {
  readonly what: string;
  readonly unit: "tests" | "ms";
  readonly values: Readonly<Record<string, number | null>>;
  /** How many tests there are. */
  readonly of?: number;
}

interface KernelTable {
  readonly rows: readonly KernelRow[];
  /** What a kernel did not pass, and why. */
  readonly missed: readonly string[];
}

const timed: readonly Benchmark[] = [kernelStart, kernelCell, kernelCompletion, kernelLines, kernelInterrupt];
const suites = [
  { what: "jupyter-kernel-test 0.7.0", run: kernelTests },
  { what: "kernel-testbed", run: testbed },
];

/** @param say told what is done next */
export async function kernelTable(say: (line: string) => void): Promise<KernelTable> {
  const rows: KernelRow[] = [];
  const missed: string[] = [];
  for (const { what, run } of suites) {
    const values: Record<string, number | null> = {};
    let of = 0;
    for (const name of Object.keys(commands()) as KernelName[]) {
      say(`${what}: ${name}`);
      const verdicts = await verdictsOf(
        () => run(name),
        (problem) => missed.push(`${what}, ${name}: ${problem}`),
      );
      values[name] = verdicts === null ? null : verdicts.reduce((sum, { points }) => sum + points, 0);
      of = Math.max(of, verdicts?.length ?? 0);
      for (const { name: test, points, note } of verdicts ?? [])
        if (points < 1) missed.push(`${what}, ${name}: ${test} (${points}): ${note}`);
    }
    rows.push({ what, unit: "tests", values, of });
  }
  for (const { name, what, run } of timed) {
    say(`${name}: ${what}`);
    const measured = await run();
    if (measured !== null) rows.push({ what: name, unit: "ms", values: { ours: measured.ours, ...measured.peers } });
  }
  return { rows, missed };
}

/** A kernel that a suite cannot even start on has passed nothing. */
async function verdictsOf(run: () => Promise<Verdict[] | null>, problem: (text: string) => void) {
  try {
    return await run();
  } catch (error) {
    problem(String(error).split("\n")[0]);
    return [];
  }
}

/** As Markdown; times with their ratio to ours. */
export function asMarkdown({ rows }: KernelTable): string {
  const names = Object.keys(commands());
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const head = [line(["", ...names]), line(["---", ...names.map(() => "---:")])];
  return [...head, ...rows.map((row) => line([row.what, ...names.map((name) => shown(row, name))]))].join("\n");
}

function shown({ unit, values, of }: KernelRow, name: string): string {
  const value = values[name] ?? null;
  if (value === null) return "–";
  if (unit === "tests") return `${value} of ${of}`;
  const ratio = name === "ours" || values["ours"] == null ? "" : ` (${(value / values["ours"]).toPrecision(2)} x)`;
  return `${value.toPrecision(3)} ms${ratio}`;
}
