import type { Options, SummaryRow } from "../../experiments";
import { builtInParts } from "../built-in-parts";
import type { OwnClaim } from "./claim";
import { type Outcome, verdictOf } from "./decide";
import type { Judged } from "./own-finding";

/** A row of ifru-validity: its score and the 95 % interval over its cases; means over seeds. */
interface Scored {
  readonly name: string;
  readonly where: string;
  readonly score: number;
  readonly low: number;
  readonly high: number;
  readonly ceiling: number;
}

type Row = Pick<SummaryRow, "method" | "options" | "metrics">;

const plain = { hops: 0, pruningRatio: 0 };
const oneOriginal = { ...plain, mode: "principled", originals: 1 };

/** The score against a bound: it holds where all of the interval is above, and is contradicted where all is below. */
export function scoreAbove({ bound }: OwnClaim, rows: readonly Row[]): Judged {
  return against(
    rows,
    ({ low, high }) => [low, high],
    bound,
    ({ score, low, high }) => interval(score, low, high),
  );
}

/** The same of the score over what another training reaches. */
export function shareAbove({ bound }: OwnClaim, rows: readonly Row[]): Judged {
  return against(
    rows,
    ({ low, high, ceiling }) => [low / ceiling, high / ceiling],
    bound,
    ({ score, low, high, ceiling }) => interval(score / ceiling, low / ceiling, high / ceiling),
  );
}

/** MF on several Originals, with nine tenths of the rows kept: what the claims of a level are about. */
function against(
  rows: readonly Row[],
  endsOf: (row: Scored) => readonly [number, number],
  bound: number,
  told: (row: Scored) => string,
): Judged {
  const ensembles = rows.filter(
    (row) =>
      Number(row.options.method["originals"]) > 1 && has(row, "ifru-influence", { ...plain, mode: "principled" }),
  );
  const kept = ensembles.filter(({ options }) => options.request["keptShare"] === 0.9);
  const largest = kept.sort((a, b) => Number(b.options.method["originals"]) - Number(a.options.method["originals"]))[0];
  if (largest === undefined) return { verdict: "not testable here", found: "" };
  const scored = scoredOf(largest);
  const [low, high] = endsOf(scored);
  const outcome: Outcome = low > bound ? "holds" : high < bound ? "contradicted" : "undecided";
  return { verdict: verdictOf([outcome]), found: `${told(scored)}, ${largest.options.method["originals"]} Originals` };
}

/** IFRU on one Original against gradient products of either kind and embedding similarity, wherever both are. */
export function aboveOtherEstimates(_: OwnClaim, rows: readonly Row[]): Judged {
  const others = ["gradient-influence", "embedding-influence"];
  const isOther = (row: Row) => others.includes(row.method) && Number(row.options.method["originals"]) === 1;
  return beside(rows, rows.filter(isOther));
}

/** IFRU as ours solves it against the authors' recipe. */
export function abovePaper(_: OwnClaim, rows: readonly Row[]): Judged {
  return beside(
    rows,
    rows.filter((row) => has(row, "ifru-influence", { ...oneOriginal, mode: "paper" })),
  );
}

/** Decided where the intervals lie apart. */
function beside(rows: readonly Row[], others: readonly Row[]): Judged {
  const ours = rows.filter((row) => has(row, "ifru-influence", oneOriginal)).map(scoredOf);
  const outcomes: Outcome[] = [];
  const found: string[] = [];
  for (const own of ours)
    for (const other of others.map(scoredOf).filter(({ where }) => where === own.where)) {
      outcomes.push(own.low > other.high ? "holds" : own.high < other.low ? "contradicted" : "undecided");
      found.push(`${own.where}: ${own.score.toFixed(3)} against ${other.score.toFixed(3)} (${other.name})`);
    }
  return { verdict: verdictOf(outcomes), found: found.join("; ") };
}

function has({ method, options }: Row, name: string, wanted: Options): boolean {
  return method === name && Object.entries(wanted).every(([option, value]) => options.method[option] === value);
}

function scoredOf({ method, options, metrics }: Row): Scored {
  const of = (name: string) => metrics[`attribution-${name}`].mean ?? NaN;
  const { kind, keptShare } = options.request as Options;
  const where = keptShare === undefined ? String(kind) : `${100 * Number(keptShare)} % kept`;
  const name = builtInParts.methods[method].label(options.method);
  return { name, where, score: of("score"), low: of("low"), high: of("high"), ceiling: of("ceiling") };
}

const interval = (score: number, low: number, high: number) =>
  `${score.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
