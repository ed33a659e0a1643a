import type { ExperimentResult, Parts } from "../experiments";
import type { Drawing } from "./drawing";
import type { Figure } from "./figure";
import { learningCurves } from "./learning-curves";
import { summaryFigures } from "./summary-figures";
import { tradeOffFigures } from "./trade-off";
import { trajectories } from "./trajectories";

/**
 * Every figure of an experiment's result, by name. Where unlearning has curves of its own, those of training are left
 * out.
 *
 * @example
 * const { result } = await experiment("cau-main");
 * for (const [name, figure] of viewFigures(result, builtInParts)) await figure.save(`figures/mine/${name}.svg`);
 */
export function viewFigures(
  result: Pick<ExperimentResult, "summary" | "view" | "found">,
  parts: Parts,
  drawing: Drawing = {},
): ReadonlyMap<string, Figure> {
  const { summary, view, found } = result;
  const steps = trajectories(result, parts, drawing);
  return new Map([
    ...summaryFigures(summary, view, parts, drawing),
    ...tradeOffFigures(summary, view, parts, drawing),
    ...(steps.size > 0 ? steps : learningCurves(found.records, parts, undefined, drawing)),
  ]);
}
