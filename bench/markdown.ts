import type { Row } from "./benchmark";
import type { Trend } from "./history";
import { geometricMean } from "./statistics";

/** A number in a few digits; a dash where there is none. */
export function shown(value: number | null, digits = 3): string {
  return value === null ? "–" : value.toPrecision(digits).replace(/e\+(\d+)/, (_, power) => `e${power}`);
}

/** Whole megabytes. */
function megabytes(value: number | null): string {
  return value === null ? "–" : value.toFixed(0);
}

/** A Markdown table. @param align for each column `-` to the left or `:` to the right */
export function markdownTable(head: readonly string[], align: string, lines: readonly (readonly string[])[]): string {
  const rule = [...align].map((side) => (side === ":" ? "---:" : "---"));
  return [head, rule, ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

const rowHead = ["row", "ours", "unit", "peer", "peer's", "ratio", "MB", "peer's MB", "share of limit", "counts"];

/** The rows as a table, and below it their geometric mean and the worst. */
export function rowsAsMarkdown(rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const counted = [...countsOf(row.counts, ""), ...countsOf(row.peerCounts ?? {}, " of the peer")];
    const times = [shown(row.ours), row.unit, row.peerName, shown(row.peer), shown(row.ratio)];
    const memory = [megabytes(row.megabytes), megabytes(row.peerMegabytes)];
    return [row.name, ...times, ...memory, shown(row.limitShare), counted.join(", ")];
  });
  return `${markdownTable(rowHead, "-:--:::::-", lines)}\n\n${summary(rows)}\n\n${howMemoryIsTaken}`;
}

function countsOf(counts: Readonly<Record<string, number>>, whose: string): string[] {
  return Object.entries(counts).map(([what, count]) => `${Number(count.toPrecision(4))} ${what}${whose}`);
}

const howMemoryIsTaken =
  "MB: the peak of the resident memory of the whole process, Node or Python and libraries with it, while the row ran " +
  "(Linux: VmHWM, set back before each row; of a peer in Python: ru_maxrss). A dash: a peer within our process, or " +
  "one of which this is not known.";

/** The mean of what compares with others, and what stands worst. */
function summary(rows: readonly Row[]): string {
  const ratios = rows.flatMap((row) => (row.ratio !== null && row.ratio > 0 ? [{ ...row, ratio: row.ratio }] : []));
  if (ratios.length === 0) return "No row has a ratio.";
  const worst = ratios.reduce((most, row) => (row.ratio > most.ratio ? row : most));
  const mean = geometricMean(ratios.map(({ ratio }) => ratio));
  const others = [...new Set(ratios.map(({ peerName }) => peerName))].flatMap((peerName) => {
    const own = ratios.filter((row) => row.peerName === peerName);
    return own.length < 2
      ? []
      : [`${shown(geometricMean(own.map(({ ratio }) => ratio)))} x ${peerName} (${own.length})`];
  });
  const by = others.length === 0 ? "" : ` By peer: ${others.join("; ")}.`;
  return (
    `Geometric mean of ${ratios.length} ratios: ${shown(mean)}. ` +
    `Worst: ${worst.name}, ${shown(worst.ratio)} x ${worst.peerName}.${by}`
  );
}

/** First, median and last ratio of each row. */
export function trendsAsMarkdown(trends: readonly Trend[]): string {
  const head = ["row", "peer", "where", "runs", "first", "median", "last", "last five over first five"];
  const lines = trends.map(({ name, peerName, where, runs, change, ...ratio }) => {
    const ratios = [shown(ratio.first), shown(ratio.median), shown(ratio.last), shown(change)];
    return [name, peerName, where, String(runs), ...ratios];
  });
  return markdownTable(head, "---:::::", lines);
}
