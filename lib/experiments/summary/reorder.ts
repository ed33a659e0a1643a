import type { Parts } from "../config/parts";
import type { View } from "../config/view";
import { named } from "./select";
import type { SummaryRow } from "./summary";
import { methodLabel } from "./summary-table";

/** A thing that has a place in the order, with what it may be called. */
interface Placed {
  readonly kind: "dataset" | "backbone" | "method" | "metric";
  readonly key: string;
  readonly names: string[];
}

/**
 * Rows and metrics in another order: what is named comes first, in this order, and the rest after it as it was. Rows of
 * one dataset stay together, and within it those of one backbone.
 *
 * @param order names or labels of datasets, backbones, methods and metrics
 * @throws SelectionError for a name that nothing in the view has, with the nearest
 * @example
 * const { view, summary } = await experimentResult("ifru-accuracy");
 * const { view: ordered, rows } = reordered(view, summary.rows, builtInParts, ["retrain", "forget-auc"]);
 * console.log(summaryTable({ ...summary, rows }, ordered, builtInParts).toText()); // Retrain and forget AUC first
 */
export function reordered(
  view: View,
  rows: readonly SummaryRow[],
  parts: Parts,
  order: readonly string[],
): { view: View; rows: readonly SummaryRow[] } {
  const all = placesOf(view, rows, parts);
  const first = order.flatMap((value) => named(all, value, "part", view.name, ({ names }) => names));
  const rank = ({ kind, key }: Pick<Placed, "kind" | "key">) => {
    const at = [...first, ...all].findIndex((one) => one.kind === kind && one.key === key);
    return at < 0 ? Infinity : at;
  };
  const place = (row: SummaryRow) => [
    rank({ kind: "dataset", key: row.dataset }),
    rank({ kind: "backbone", key: row.backbone }),
    rows.findIndex((other) => isAskedTheSame(row, other)),
    rank({ kind: "method", key: methodLabel(row, parts) }),
  ];
  const placed = rows.map((row, at) => ({ row, place: [...place(row), at] }));
  placed.sort((a, b) => {
    const k = a.place.findIndex((value, i) => value !== b.place[i]);
    return k < 0 ? 0 : a.place[k] - b.place[k];
  });
  const metrics = [...view.metrics].sort((a, b) => rank({ kind: "metric", key: a }) - rank({ kind: "metric", key: b }));
  return { view: { ...view, metrics }, rows: placed.map(({ row }) => row) };
}

function isAskedTheSame(row: SummaryRow, other: SummaryRow): boolean {
  const setting = ({ dataset, backbone, options: { method, ...rest } }: SummaryRow) =>
    JSON.stringify([dataset, backbone, rest]);
  return setting(row) === setting(other);
}

function placesOf(view: View, rows: readonly SummaryRow[], parts: Parts): Placed[] {
  const all = [
    ...rows.flatMap((row): Placed[] => [
      { kind: "dataset", key: row.dataset, names: [row.dataset, parts.datasets[row.dataset].label ?? row.dataset] },
      { kind: "backbone", key: row.backbone, names: [row.backbone, parts.backbones[row.backbone].label] },
      { kind: "method", key: methodLabel(row, parts), names: [row.method, methodLabel(row, parts)] },
    ]),
    ...view.metrics.map((name): Placed => ({ kind: "metric", key: name, names: [name, parts.metrics[name].label] })),
  ];
  const byKey = new Map(all.map((one) => [`${one.kind} ${one.key}`, one]));
  return [...byKey.values()];
}
