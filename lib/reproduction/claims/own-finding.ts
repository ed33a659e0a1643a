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

/** What the rows of its view say of a claim. */
export type Judged = Pick<OwnFinding, "verdict" | "found">;
