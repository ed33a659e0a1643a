import type { Options } from "../../experiments";

/** Which rows of a view are meant: a method, and values that its options and its request must have. */
export interface RowPattern {
  readonly method: string;
  readonly options?: Options;
  readonly request?: Options;
}

/**
 * When a case counts: the subject is above the other by more than the bound, below it, within it, or faster by more
 * than a factor.
 */
export type Criterion = "above" | "below" | "within" | "faster";

/** How a claim is tested on one view. */
export interface ClaimTest {
  readonly view: string;
  readonly subject: RowPattern;
  /** What it is held against. Default: nothing, the subject's value itself. */
  readonly against?: RowPattern;
  /** The kind of request. Default: every one. */
  readonly where?: { readonly request: string };
  /** One of the view's metrics, or `"seconds"`. */
  readonly metric: string;
  readonly holds: Criterion;
  readonly bound: number;
}

/** What a paper claims, and when that counts as reproduced. */
export interface Claim {
  readonly id: string;
  readonly paper: string;
  readonly claim: string;
  readonly source: string;
  /** How the claim is made testable. */
  readonly reading: string;
  readonly tests: readonly ClaimTest[];
}

/** What this project claims of its own work, fixed before it was measured. */
export interface OwnClaim {
  readonly id: string;
  readonly claim: string;
  readonly view: string;
  readonly bound: number;
}

/** What was noticed of a claim once its tests had been evaluated. It changes no verdict. */
export interface ClaimRemark {
  /** The claim's id. */
  readonly claim: string;
  readonly text: string;
}

/** What `figures/claims.json` holds. */
export interface ClaimsFile {
  /** When it was written, and the rules. */
  readonly about: readonly string[];
  readonly claims: readonly Claim[];
  readonly ours: readonly OwnClaim[];
}
