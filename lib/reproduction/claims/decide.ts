import { holm, oneSidedTTest } from "../../metrics";
import type { Criterion } from "./claim";

/** What a case says of its claim. */
export type Outcome = "holds" | "contradicted" | "undecided";

/** What all cases together say. */
export type Verdict = "reproduced" | "not reproduced" | "not testable here";

/** p that a criterion is met, and that its opposite is. */
export interface CaseP {
  readonly holds: number;
  readonly opposite: number;
}

/** Below it a test is significant. */
const level = 0.05;

/**
 * Tests one case, seed by seed.
 *
 * @param values one per seed: differences, values themselves, or for `faster` logarithms of ratios
 * @returns `null` for fewer than two seeds: one decides nothing
 */
export function testCase(values: readonly number[], holds: Criterion, bound: number): CaseP | null {
  if (values.length < 2) return null;
  if (holds === "within") return testWithin(values, bound);
  const { above, below } = oneSidedTTest(values, holds === "faster" ? Math.log(bound) : bound);
  return holds === "below" ? { holds: below, opposite: above } : { holds: above, opposite: below };
}

/** Two one-sided tests. The opposite may lie on either side, so the smaller p of the two is doubled. */
function testWithin(values: readonly number[], bound: number): CaseP {
  const [low, high] = [oneSidedTTest(values, -bound), oneSidedTTest(values, bound)];
  return { holds: Math.max(low.above, high.below), opposite: Math.min(1, 2 * Math.min(low.below, high.above)) };
}

/**
 * The outcomes of all cases of a claim: p corrected for their number (Holm), of the claim and of the opposite.
 *
 * @param tested `null` for a case that no test could be made of
 */
export function decide(tested: readonly (CaseP | null)[]): { readonly p: CaseP | null; readonly outcome: Outcome }[] {
  const there = tested.filter((p) => p !== null);
  const [holds, opposite] = [holm(there.map((p) => p.holds)), holm(there.map((p) => p.opposite))];
  let k = 0;
  return tested.map((one) => {
    if (one === null) return { p: null, outcome: "undecided" };
    const p = { holds: holds[k], opposite: opposite[k++] };
    return { p, outcome: p.holds < level ? "holds" : p.opposite < level ? "contradicted" : "undecided" };
  });
}

/** Contradicted once is not reproduced; where nothing is decided, nothing is said. */
export function verdictOf(outcomes: readonly Outcome[]): Verdict {
  if (outcomes.includes("contradicted")) return "not reproduced";
  return outcomes.includes("holds") ? "reproduced" : "not testable here";
}
