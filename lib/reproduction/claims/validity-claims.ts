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

type Row = Pick<SummaryRow, "dataset" | "backbone" | "method" | "options" | "metrics">;

/** IFRU with the defaults of each backbone: what a sweep varies is not what a claim is about. */
const plain: Readonly<Record<string, Options>> = {
  mf: { hops: 0, pruningRatio: 0 },
  lightgcn: { hops: 1, pruningRatio: 0, spillover: "changed", hessian: "propagated" },
};
const ours = (row: Row, originals?: number) =>
  has(row, { ...plain[row.backbone], mode: "principled", ...(originals === undefined ? {} : { originals }) });
/** As released: LightGCN's has a Hessian and a share of pruning of its own. */
const released = (row: Row) => has(row, { mode: "paper", originals: 1, ...(row.backbone === "mf" ? plain["mf"] : {}) });

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

/** MF on ml-100k on several Originals, nine tenths of the rows kept: what the claims of a level are about. */
function against(
  rows: readonly Row[],
  endsOf: (row: Scored) => readonly [number, number],
  bound: number,
  told: (row: Scored) => string,
): Judged {
  const claimed = rows.filter(({ dataset, backbone }) => dataset === "ml-100k" && backbone === "mf");
  const ensembles = claimed.filter((row) => isIfru(row) && ours(row) && Number(row.options.method["originals"]) > 1);
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
    rows.filter((row) => isIfru(row) && released(row)),
  );
}

/** Decided where the intervals lie apart. */
function beside(rows: readonly Row[], others: readonly Row[]): Judged {
  const own = rows.filter((row) => isIfru(row) && ours(row, 1)).map(scoredOf);
  const outcomes: Outcome[] = [];
  const found: string[] = [];
  for (const one of own)
    for (const other of others.map(scoredOf).filter(({ where }) => where === one.where)) {
      outcomes.push(one.low > other.high ? "holds" : one.high < other.low ? "contradicted" : "undecided");
      found.push(`${one.where}: ${one.score.toFixed(3)} against ${other.score.toFixed(3)} (${other.name})`);
    }
  return { verdict: verdictOf(outcomes), found: found.join("; ") };
}

const isIfru = ({ method }: Row) => method === "ifru-influence";

function has({ options }: Row, wanted: Options): boolean {
  return Object.entries(wanted).every(([option, value]) => options.method[option] === value);
}

function scoredOf({ dataset, backbone, method, options, metrics }: Row): Scored {
  const of = (name: string) => metrics[`attribution-${name}`].mean ?? NaN;
  const { kind, keptShare } = options.request as Options;
  const left = keptShare === undefined ? String(kind) : `${100 * Number(keptShare)} % kept`;
  const where = [...(backbone === "mf" ? [] : [backbone]), ...(dataset === "ml-100k" ? [] : [dataset]), left].join(
    ", ",
  );
  const name = builtInParts.methods[method].label(options.method);
  return { name, where, score: of("score"), low: of("low"), high: of("high"), ceiling: of("ceiling") };
}

const interval = (score: number, low: number, high: number) =>
  `${score.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
