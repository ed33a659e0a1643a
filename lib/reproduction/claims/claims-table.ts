import type { Parts } from "../../experiments";
import { type Table, table } from "../../tables";
import type { ClaimFinding } from "./evaluate-claims";
import { askedInWords, effectInWords, metricInWords, outcomeInWords, pInWords, verdictInWords } from "./in-words";

/**
 * Claims with their verdicts, and every case, as a table for a notebook.
 *
 * @example
 * const { found } = await keptClaims();
 * console.log(claimsTable(found, builtInParts).toText());
 */
export function claimsTable(found: readonly ClaimFinding[], parts: Parts): Table {
  const asked = new Set(found.flatMap(({ cases }) => cases.map(({ request }) => request)));
  const rows = found.flatMap((finding) => {
    const { claim, cases } = finding;
    const told = { claim: claim.claim, verdict: verdictInWords(finding) };
    if (cases.length === 0) return [{ ...told, compared: "no dataset has both rows" }];
    return cases.map((one) => ({
      ...told,
      compared: `${one.compared}, ${metricInWords(one.test, parts)}: ${askedInWords(one.test)}`,
      where: [one.dataset, one.backbone, ...(asked.size > 1 ? [one.request] : [])].join(", "),
      outcome: outcomeInWords(one),
      found: effectInWords(one),
      seeds: one.seeds.length,
      p: pInWords(one.p?.holds),
      opposite: pInWords(one.p?.opposite),
    }));
  });
  return table({
    caption: "What the paper claims, and what the records say, by the criteria of figures/claims.json.",
    columns: [
      ...["claim", "verdict", "compared", "where", "outcome"].map((key) => ({ key })),
      { key: "found", label: "found (95 % interval)" },
      { key: "seeds" },
      { key: "p", label: "p (Holm)" },
      { key: "opposite", label: "p of the opposite" },
    ],
    rows,
    groupBy: ["claim", "verdict", "compared"],
    note: found.map(({ claim }) => `${claim.claim} How we read it: ${claim.reading}`).join(" "),
  });
}
