import { askedLabel, type ExperimentResult, type Parts, type SummaryRow } from "../../experiments";
import { summarise } from "../../metrics";
import type { Claim, ClaimTest } from "./claim";
import { comparedInWords } from "./compared-in-words";
import { type ComparedRows, comparedRows } from "./compared-rows";
import { type CaseP, decide, type Outcome, testCase, type Verdict, verdictOf } from "./decide";

/** One test of a claim under one circumstance. */
export interface ClaimCase {
  readonly test: ClaimTest;
  /** Labels. */
  readonly dataset: string;
  readonly backbone: string;
  /** What was asked to be forgotten, in words. */
  readonly request: string;
  /** What is compared, such as `"IFRU (paper) − Retrain"`. */
  readonly compared: string;
  /** Those that both rows have a value of. */
  readonly seeds: readonly number[];
  /** Mean difference, or mean ratio for `faster`, with its 95 % interval over seeds; `null` where no seed has both. */
  readonly effect: { readonly mean: number; readonly interval: readonly [number, number] | null } | null;
  /** Corrected within the claim (Holm); `null` for fewer than two seeds. */
  readonly p: CaseP | null;
  readonly outcome: Outcome;
}

/** What the records say of a claim. */
export interface ClaimFinding {
  readonly claim: Claim;
  readonly cases: readonly ClaimCase[];
  readonly verdict: Verdict;
}

/** The result of a view, or `null` where none of its runs is there. */
export type ResultOf = (view: string) => Promise<Pick<ExperimentResult, "summary"> | null>;

/**
 * What records say of a claim, by the rules of `figures/claims.json`: seed by seed, in every dataset, backbone and
 * request where both rows are there.
 *
 * @throws InvalidDataError where a test means several rows
 * @example
 * const [claim] = (await readClaims()).claims;
 * const found = await evaluateClaim(claim, (view) => keptResult(viewNamed(view), builtInParts), builtInParts);
 * found.verdict; // "not reproduced"
 */
export async function evaluateClaim(claim: Claim, resultOf: ResultOf, parts: Parts): Promise<ClaimFinding> {
  const compared: Compared[] = [];
  for (const [i, test] of claim.tests.entries()) {
    const result = await resultOf(test.view);
    const rows = comparedRows(test, result?.summary.rows ?? [], `claim ${claim.id}, test ${i + 1}`);
    compared.push(...rows.map((pair) => ({ test, pair, values: valuesBySeed(pair, test) })));
  }
  const decided = decide(compared.map(({ test, values }) => testCase([...values.values()], test.holds, test.bound)));
  const cases = compared.map((one, k) => ({ ...described(one, parts), ...decided[k] }));
  return { claim, cases, verdict: verdictOf(cases.map(({ outcome }) => outcome)) };
}

interface Compared {
  readonly test: ClaimTest;
  readonly pair: ComparedRows;
  readonly values: ReadonlyMap<number, number>;
}

/** What is tested, by seed: differences, the subject's own values, or for `faster` logarithms of ratios. */
function valuesBySeed({ subject, against }: ComparedRows, { metric, holds }: ClaimTest): ReadonlyMap<number, number> {
  const theirs = against === undefined ? undefined : ofMetric(against, metric);
  const pairs = [...ofMetric(subject, metric)].flatMap(([seed, ours]): [number, number][] => {
    const other = theirs === undefined ? 0 : theirs.get(seed);
    if (other === undefined) return [];
    return [[seed, holds === "faster" ? Math.log(other / ours) : ours - other]];
  });
  return new Map(pairs);
}

function ofMetric(row: SummaryRow, metric: string): Map<number, number> {
  const { values } = metric === "seconds" ? row.seconds : row.metrics[metric];
  return new Map(row.seeds.flatMap((seed, k) => (values[k] === null ? [] : [[seed, values[k]]])));
}

/** What was asked of both rows; where they were asked differently, what is compared says it. */
function askedOf({ subject, against }: ComparedRows, parts: Parts): string {
  const asked = askedLabel(subject, parts);
  return against === undefined || askedLabel(against, parts) === asked ? asked : "as compared";
}

function described({ test, pair, values }: Compared, parts: Parts): Omit<ClaimCase, "p" | "outcome"> {
  const { dataset, backbone } = pair.subject;
  const { mean, interval } = values.size === 0 ? { mean: null, interval: null } : summarise([...values.values()]);
  const shown = test.holds === "faster" ? Math.exp : (value: number) => value;
  return {
    test,
    dataset: parts.datasets[dataset].label ?? dataset,
    backbone: parts.backbones[backbone].label,
    request: askedOf(pair, parts),
    compared: comparedInWords(pair, test, parts),
    seeds: [...values.keys()],
    effect:
      mean === null
        ? null
        : { mean: shown(mean), interval: interval === null ? null : [shown(interval[0]), shown(interval[1])] },
  };
}
