import type { SummaryRow, ViewSummary } from "recsys-unlearning/experiments";
import { summarise } from "recsys-unlearning/metrics";
import { builtInParts, type Claim, type ClaimTest, evaluateClaim } from "recsys-unlearning/reproduction";

/** What a row of a made-up view has; `null` is undefined. */
export interface MadeUp {
  readonly method?: string;
  readonly options?: SummaryRow["options"]["method"];
  readonly dataset?: string;
  readonly request?: SummaryRow["options"]["request"];
  readonly auc?: readonly (number | null)[];
  readonly seconds?: readonly number[];
  readonly seeds?: readonly number[];
}

/** A row of a summary with one value a seed. */
function rowOf({ method = "ifru", options = { mode: "paper" }, dataset = "ml-100k", ...rest }: MadeUp): SummaryRow {
  const { request = { kind: "split" }, auc = [], seconds = auc.map(() => 1) } = rest;
  const measured = (values: readonly (number | null)[]) => {
    const defined = values.filter((value) => value !== null);
    return defined.length === 0
      ? { mean: null, sd: null, n: 0, interval: null, values }
      : { ...summarise(defined), values };
  };
  return {
    ...{ dataset, backbone: "mf", method, stale: 0, tests: [] },
    options: { data: { forgetFraction: 0.02 }, training: {}, request, method: options },
    seeds: rest.seeds ?? seconds.map((_, k) => k + 1),
    metrics: { auc: measured(auc) },
    seconds: { ...measured(seconds), speedup: null },
    preparation: measured([]),
    counts: {} as SummaryRow["counts"],
  };
}

/** A view's summary of made-up rows. */
function summaryOf(rows: readonly MadeUp[]): { readonly summary: ViewSummary } {
  const counts = { version: 1, name: "ifru-accuracy", preset: "full", runs: 9, missing: 0, stale: 0 } as const;
  return { summary: { ...counts, noiseFloor: null, rows: rows.map(rowOf) } };
}

const retrain = { method: "retrain" };
const subject = { method: "ifru", options: { mode: "paper" } };
export const aboveRetrain: ClaimTest = {
  ...{ view: "ifru-accuracy", subject, against: retrain, metric: "auc", holds: "above", bound: 0 },
};

/** A claim with these tests. */
export function claimOf(...tests: readonly ClaimTest[]): Claim {
  return { id: "made-up", paper: "P", claim: "It is so.", source: "P, abstract", reading: "As it stands.", tests };
}

/** What made-up rows say of a claim with these tests. */
export function evaluated(rows: readonly MadeUp[], ...tests: readonly ClaimTest[]) {
  return evaluateClaim(claimOf(...tests), async () => summaryOf(rows), builtInParts);
}

/** IFRU and Retrain of a dataset: their difference by seed, whatever Retrain has. */
export function differing(by: readonly (number | null)[], dataset = "ml-100k"): MadeUp[] {
  const theirs = by.map((_, k) => 0.3 + 0.2 * k);
  const ours = by.map((difference, k) => (difference === null ? null : theirs[k] + difference));
  return [
    { auc: ours, dataset },
    { method: "retrain", options: {}, auc: theirs, dataset },
  ];
}
