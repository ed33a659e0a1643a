import type { Verdict } from "../audits";
import { type Figure, forestChart, type ForestValue } from "../figures";

/**
 * Where an answer is between Retrain (0) and Original (1) on each measure that can tell, with the tolerance around
 * Retrain as a line. Below 0 it went beyond Retrain.
 *
 * @returns `null` where no measure can tell
 * @example
 * const answer = await ifru.unlearn(model, request, {}, prepared);
 * verdictChart(await verdict(original, answer, request, { test }));
 */
export function verdictChart({ content }: Verdict): Figure | null {
  const telling = content.judgements.filter(
    ({ about, finding, remaining }) => about === "completeness" && finding !== "cannot tell" && remaining !== null,
  );
  if (telling.length === 0) return null;
  const values = telling.flatMap(({ label, original, retrained, tolerance, remaining }): ForestValue[] => {
    const gap = Math.abs((original ?? 0) - (retrained ?? 0));
    const within = (tolerance ?? 0) / gap;
    return [
      { row: label, series: "Retrain, with the tolerance", value: 0, low: -within, high: within },
      { row: label, series: content.name, value: remaining ?? 0 },
      { row: label, series: "Original", value: 1 },
    ];
  });
  return forestChart(values, {
    valueTitle: "share of what Original knew beyond Retrain",
    caption: `What is left of ${content.request}: 0 is Retrain, 1 is Original`,
    width: "page",
  });
}
