import { marginsClaim } from "../ratings/margins/claim";
import { viewNamed } from "../views";
import type { OwnClaim } from "./claim";
import type { Verdict } from "./decide";

/** What the records say of a claim of our own. */
export interface OwnFinding {
  readonly claim: OwnClaim;
  /** `"not run yet"` until the view that it names has an evaluation and kept records. */
  readonly verdict: Verdict | "not run yet";
  /** What was found, in one line with its numbers; empty where nothing was. */
  readonly found: string;
}

/** Judges a claim of our own from the kept records of its view; `null` where none are kept. */
type OwnEvaluation = (claim: OwnClaim) => Promise<Pick<OwnFinding, "verdict" | "found"> | null>;

/** By the id of the claim. An evaluation stands beside its view's code and has a line here. */
const evaluations: Readonly<Record<string, OwnEvaluation>> = {
  "margins-mf": ({ view, bound }) => marginsClaim(viewNamed(view), bound),
};

/** What is found of a claim of our own. */
export async function evaluateOwnClaim(claim: OwnClaim, by = evaluations): Promise<OwnFinding> {
  const found = Object.hasOwn(by, claim.id) ? await by[claim.id](claim) : null;
  return { claim, verdict: "not run yet", found: "", ...found };
}
