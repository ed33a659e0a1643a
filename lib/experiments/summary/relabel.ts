import { didYouMean } from "../../core";
import type { Parts } from "../config/parts";
import type { View } from "../config/view";
import { SelectionError } from "./select";
import type { SummaryRow } from "./summary";
import { methodLabel } from "./summary-table";

/** New labels by old ones. */
export type Labels = Readonly<Record<string, string>>;

/**
 * A view and its parts under other labels, wherever they stand: datasets, backbones, methods, metrics, columns, lines
 * and the title. Names, which select, stay.
 *
 * @throws SelectionError for an old label that nothing in the view has, with the nearest
 * @example
 * const { view, summary } = await experimentResult("ifru-accuracy");
 * const ours = relabelled(view, summary.rows, builtInParts, { "IFRU (principled)": "Ours" });
 * console.log(summaryTable(summary, ours.view, ours.parts).toText());
 */
export function relabelled(
  view: View,
  rows: readonly SummaryRow[],
  parts: Parts,
  labels: Labels,
): { view: View; parts: Parts } {
  const known = labelsOf(view, rows, parts);
  for (const old of Object.keys(labels))
    if (!known.includes(old))
      throw new SelectionError(`nothing in ${view.name} is labelled "${old}"`, {
        where: "label",
        remedy: didYouMean(old, known),
      });
  const own = new Map(Object.entries(labels));
  const now = (label: string) => own.get(label) ?? label;
  return {
    view: {
      ...view,
      title: now(view.title),
      ...(view.columns && {
        columns: view.columns.map((column) => ({ ...column, label: now(column.label ?? column.option) })),
      }),
      ...(view.lines && { lines: view.lines.map((line) => ({ ...line, label: now(line.label) })) }),
    },
    parts: {
      ...parts,
      datasets: mapped(parts.datasets, (one, name) => ({ ...one, label: now(one.label ?? name) })),
      backbones: mapped(parts.backbones, (one) => ({ ...one, label: now(one.label) })),
      metrics: mapped(parts.metrics, (one) => ({ ...one, label: now(one.label) })),
      methods: mapped(parts.methods, (one) => ({ ...one, label: (options) => now(one.label(options)) })),
    },
  };
}

/** Every label that a view shows. */
function labelsOf(view: View, rows: readonly SummaryRow[], parts: Parts): string[] {
  return [
    ...new Set([
      view.title,
      ...(view.columns ?? []).map(({ label, option }) => label ?? option),
      ...(view.lines ?? []).map(({ label }) => label),
      ...view.metrics.map((name) => parts.metrics[name].label),
      ...rows.flatMap((row) => [
        parts.datasets[row.dataset].label ?? row.dataset,
        parts.backbones[row.backbone].label,
        methodLabel(row, parts),
      ]),
    ]),
  ];
}

/** Parts with something changed. They are of several tasks, whose types a change of labels does not concern. */
function mapped<T extends object>(all: Readonly<Record<string, T>>, change: (one: T, name: string) => T) {
  return Object.fromEntries(Object.entries(all).map(([name, one]) => [name, change(one, name)]));
}
