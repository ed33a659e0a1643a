import { methodLabel, type Options, type Parts, type SummaryRow } from "../../experiments";
import type { ClaimTest } from "./claim";
import type { ComparedRows } from "./compared-rows";

/** What a test compares, such as `"IFRU (paper) − Retrain"`; of one method twice, what the two rows differ in. */
export function comparedInWords({ subject, against }: ComparedRows, { holds }: ClaimTest, parts: Parts): string {
  const ours = methodLabel(subject, parts);
  if (against === undefined) return ours;
  const theirs = methodLabel(against, parts);
  const [left, right] = ours === theirs ? [changes(subject, against), changes(against, subject)] : [ours, theirs];
  const words = holds === "faster" ? `${right} / ${left}` : `${left} − ${right}`;
  return ours === theirs ? `${ours}: ${words}` : words;
}

/** What a row's method and request have otherwise than another's. */
function changes(row: SummaryRow, other: SummaryRow): string {
  const all = ({ options }: SummaryRow): Options => ({ ...options.request, ...options.method });
  const theirs = all(other);
  const differing = Object.entries(all(row)).filter(([name, value]) => theirs[name] !== value);
  return differing.map(([name, value]) => `${name} ${String(value)}`).join(", ");
}
