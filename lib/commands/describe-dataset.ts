import { visibleLines } from "../core";
import { type Dataset, rowCount } from "../data";

/** A label as its file spells it: the shortest decimals that give the same 32-bit float. */
function shortest(label: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const text = Number(label.toPrecision(digits));
    if (Math.fround(text) === label) return String(text);
  }
  return String(label);
}

function counted(counts: Readonly<Record<string, number>>): string | null {
  const parts = Object.entries(counts).map(([reason, count]) => `${count} x ${reason}`);
  return parts.join("; ") || null;
}

/** What a person wants to know of a dataset that was read. */
export function describeDataset({ interactions, dataHash, source, layout, repeatedRows, ...dataset }: Dataset) {
  const { userCount, itemCount, label, time } = interactions;
  const labels = [...new Set(label)].sort((a, b) => a - b).map(shortest);
  const known = time?.filter((seconds) => !Number.isNaN(seconds));
  const day = (seconds: number | undefined) =>
    seconds === undefined ? null : new Date(1000 * seconds).toISOString().slice(0, 10);
  return {
    source,
    ...layout,
    rows: rowCount(interactions),
    users: userCount,
    items: itemCount,
    ratings: labels.length > 12 ? `${labels[0]} to ${labels.at(-1)}` : labels.join(", "),
    timed: known?.length ?? 0,
    from: day(known?.reduce((a, b) => Math.min(a, b))),
    to: day(known?.reduce((a, b) => Math.max(a, b))),
    repeated: repeatedRows,
    dropped: counted(dataset.droppedRows),
    leftOut: counted(dataset.leftOut),
    gaps: dataset.gaps.join("; ") || null,
    dataHash,
  };
}

/** Facts as lines of text. */
export function asLines(facts: object): string {
  return Object.entries(facts)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${key.padEnd(9)} ${visibleLines(String(value))}`)
    .join("\n");
}
