import type { SummaryRow } from "../../experiments";
import { marginsClaim } from "../ratings/margins/claim";
import { viewNamed } from "../views";
import type { OwnClaim } from "./claim";
import type { ResultOf } from "./evaluate-claims";
import type { Judged, OwnFinding } from "./own-finding";
import { aboveOtherEstimates, abovePaper, scoreAbove, shareAbove } from "./validity-claims";

/** Judges a claim of our own from the kept records of its view; `null` where none are kept. */
type OwnEvaluation = (claim: OwnClaim, resultOf: ResultOf) => Promise<Judged | null>;

/** The judgement of a claim from the rows of its view. */
type FromRows = (claim: OwnClaim, rows: readonly SummaryRow[]) => Judged;

function fromRows(judge: FromRows): OwnEvaluation {
  return async (claim, resultOf) => {
    const result = await resultOf(claim.view);
    return result === null ? null : judge(claim, result.summary.rows);
  };
}

/** By the id of the claim. */
const evaluations: Readonly<Record<string, OwnEvaluation>> = {
  "validity-mf": fromRows(scoreAbove),
  "validity-ceiling": fromRows(shareAbove),
  "validity-gradient-products": fromRows(aboveOtherEstimates),
  "validity-paper": fromRows(abovePaper),
  "margins-mf": async ({ view, bound }, resultOf) =>
    (await resultOf(view)) === null ? null : marginsClaim(viewNamed(view), bound),
};

/** What is found of a claim of our own. */
export async function evaluateOwnClaim(claim: OwnClaim, resultOf: ResultOf, by = evaluations): Promise<OwnFinding> {
  const found = Object.hasOwn(by, claim.id) ? await by[claim.id](claim, resultOf) : null;
  return { claim, verdict: "not run yet", found: "", ...found };
}
