import type { Parts, Preset } from "../../experiments";
import { table, type TableRow } from "../../tables";
import type { ClaimRemark } from "./claim";
import type { ClaimFinding } from "./evaluate-claims";
import { askedInWords, countOf, effectInWords, metricInWords, outcomeInWords, pInWords } from "./in-words";
import type { OwnFinding } from "./own-finding";

/** The kept records that a page of claims rests on. */
export interface ClaimRecords {
  readonly view: string;
  readonly preset: Preset;
  readonly runs: number;
}

/** What a page of claims is made from. */
export interface ClaimsReport {
  /** The rules, as they were committed. */
  readonly about: readonly string[];
  readonly found: readonly ClaimFinding[];
  readonly ours: readonly OwnFinding[];
  readonly remarks: readonly ClaimRemark[];
  readonly records: readonly ClaimRecords[];
}

const preface = `# Claims of both papers

Is what the papers claim reproduced here? [figures/claims.json](../figures/claims.json) says when a claim counts.
\`npm run readme\` makes this page from that file and from the kept records. Nobody types a verdict.

It was written when most of the records were there and known, as [the rules](#the-rules) say.

- **Reproduced** means: with these datasets and models, by this reading. It does not say that the paper is right, nor
  **not reproduced** that it is wrong. **Not testable here** mostly means too few seeds.
- A **case** is one dataset, one model and one request. The tables count those that hold, are contradicted and are undecided.
- One case that holds is enough for _reproduced_, however many are undecided. Look at the cases.`;

const openRules = `What these rules leave open is taken so:

- p of a claim and p of its opposite are corrected each for itself, for all cases of the claim with two seeds or more.
- The opposite of _within_ lies on either side, so the smaller p of the two is doubled.
- Intervals are two-sided and not corrected. A ratio is the geometric mean over seeds. Tables of views have the ratio of
  medians instead.`;

/**
 * A page that says of every claim whether it is reproduced: a table per paper, and every case.
 *
 * @returns Markdown
 * @example
 * const page = claimsPage(await keptClaims(), builtInParts); // what `docs/claims.md` holds
 */
export function claimsPage({ about, found, ours, remarks, records }: ClaimsReport, parts: Parts): string {
  const papers = [...new Set(found.map(({ claim }) => claim.paper))];
  const ofPaper = (paper: string) => found.filter(({ claim }) => claim.paper === paper);
  return [
    preface,
    ...papers.flatMap((paper) => [`## ${paper}`, ...verdicts(ofPaper(paper))]),
    "## Our own claims",
    ownVerdicts(ours),
    "## The rules",
    "As [figures/claims.json](../figures/claims.json) has them:",
    about.map((line) => `- ${line}`).join("\n"),
    openRules,
    "[Remarks](../figures/claims-remarks.json) were written when the tests had been evaluated. They change no verdict.",
    "## Records",
    "These records alone are judged, whatever else was computed on the machine that makes the page.",
    records.map(recordLine).join("\n"),
    ...papers.flatMap((paper) => [
      `## ${paper}, case by case`,
      ...ofPaper(paper).flatMap((one) => casesOf(one, remarks, parts)),
    ]),
  ].join("\n\n");
}

function recordLine({ view, preset, runs }: ClaimRecords): string {
  const file = `${view}-${preset}.jsonl`;
  return `- [${file}](../figures/records/${file}): ${runs} runs`;
}

/** The verdicts of a paper; a source that all its claims share stands once above. */
function verdicts(found: readonly ClaimFinding[]): string[] {
  const sources = [...new Set(found.map(({ claim }) => claim.source))];
  const rows = found.map((one) => ({
    id: one.claim.id,
    claim: one.claim.claim,
    reading: one.claim.reading,
    ...(sources.length > 1 ? { source: one.claim.source } : {}),
    verdict: one.verdict,
    holds: countOf("holds", one),
    contradicted: countOf("contradicted", one),
    undecided: countOf("undecided", one),
  }));
  const shown = markdown(rows, { id: "", reading: "how we read it" });
  return sources.length > 1 ? [shown] : [`The source of all: ${sources[0]}.`, shown];
}

function ownVerdicts(ours: readonly OwnFinding[]): string {
  const rows = ours.map(({ claim, verdict, found }) => ({ claim: claim.claim, view: claim.view, verdict, found }));
  return markdown(rows);
}

function casesOf(found: ClaimFinding, remarks: readonly ClaimRemark[], parts: Parts): string[] {
  const { claim, cases, verdict } = found;
  const views = [...new Set(claim.tests.map(({ view }) => `\`${view}\``))].join(", ");
  const rows = cases.map((one) => ({
    dataset: one.dataset,
    backbone: one.backbone,
    request: one.request,
    compared: `${one.compared}, ${metricInWords(one.test, parts)}`,
    found: effectInWords(one),
    asked: askedInWords(one.test),
    seeds: one.seeds.length,
    p: pInWords(one.p?.holds),
    opposite: pInWords(one.p?.opposite),
    outcome: outcomeInWords(one),
  }));
  const labels = { request: "to forget", found: "found (95 % interval)", p: "p (Holm)", opposite: "p of the opposite" };
  return [
    `### ${claim.id}: ${verdict}`,
    `${claim.claim} ${claim.reading} View: ${views}.`,
    ...remarks.filter((remark) => remark.claim === claim.id).map(({ text }) => `_Remark:_ ${text}`),
    rows.length === 0 ? "No dataset has both rows." : markdown(rows, labels),
  ];
}

function markdown(rows: readonly TableRow[], labels: Readonly<Record<string, string>> = {}): string {
  const columns = Object.keys(rows[0]).map((key) => ({ key, label: labels[key] ?? key }));
  return table({ columns, rows }).toMarkdown().trim();
}
