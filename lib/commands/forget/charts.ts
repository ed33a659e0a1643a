import type { Verdict } from "../../audits";
import type { AskedRequest } from "../../data";
import type { Figure } from "../../figures";
import type { Recommender } from "../../models";
import { beliefChart, verdictChart } from "../../notebook";

/** A figure of the report, and what its file is called. */
export interface NamedFigure {
  readonly name: string;
  readonly figure: Figure;
}

/** The figures of a report. @param retrained the first retraining; none without */
export function chartsOf(
  verdict: Verdict,
  request: AskedRequest,
  models: { readonly before: Recommender; readonly after: Recommender; readonly retrained: Recommender | undefined },
): NamedFigure[] {
  const { before, after, retrained } = models;
  const compared = {
    Original: before,
    [verdict.content.name]: after,
    ...(retrained === undefined ? {} : { Retrain: retrained }),
  };
  const left = verdictChart(verdict);
  return [
    ...(left === null ? [] : [{ name: "what-is-left", figure: left }]),
    { name: "belief", figure: beliefChart(compared, request) },
  ];
}
