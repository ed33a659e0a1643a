import { canonicalJson, InvalidDataError } from "../../core";
import type { Options, SummaryRow } from "../../experiments";
import type { ClaimTest, RowPattern } from "./claim";

/** Two rows of a view that a test compares. */
export interface ComparedRows {
  readonly subject: SummaryRow;
  /** Left out where the subject's value itself is tested. */
  readonly against?: SummaryRow;
}

/**
 * The rows that a test compares, in each dataset, backbone and request where both are there.
 *
 * @param where what an error names
 * @throws InvalidDataError where several rows are meant under the same circumstances
 */
export function comparedRows(test: ClaimTest, rows: readonly SummaryRow[], where: string): ComparedRows[] {
  const { subject, against } = test;
  const apart = Object.keys({ ...subject.request, ...against?.request });
  const asked = rows.filter(
    ({ options }) => test.where === undefined || options.request["kind"] === test.where.request,
  );
  const groups = new Map<string, SummaryRow[]>();
  for (const row of asked) {
    const key = circumstances(row, apart);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].flatMap((same) => {
    const ours = theOne(subject, same, `${where}, subject`);
    const theirs = against === undefined ? undefined : theOne(against, same, `${where}, against`);
    if (ours === undefined || (against !== undefined && theirs === undefined)) return [];
    return [{ subject: ours, ...(theirs === undefined ? {} : { against: theirs }) }];
  });
}

/** @param apart options of the request that the two rows may differ in */
function circumstances({ dataset, backbone, options }: SummaryRow, apart: readonly string[]): string {
  const request = Object.entries(options.request).filter(([name]) => !apart.includes(name));
  return canonicalJson({ dataset, backbone, ...options, method: {}, request: Object.fromEntries(request) });
}

function theOne(pattern: RowPattern, rows: readonly SummaryRow[], where: string): SummaryRow | undefined {
  const { method, options = {}, request = {} } = pattern;
  const found = rows.filter(
    (row) => row.method === method && has(row.options.method, options) && has(row.options.request, request),
  );
  if (found.length < 2) return found[0];
  const names = Object.keys(found[0].options.method);
  const differing = names.filter((name) =>
    found.some((row) => row.options.method[name] !== found[0].options.method[name]),
  );
  throw new InvalidDataError(`${found.length} rows of ${method} on ${found[0].dataset} are meant`, {
    where,
    remedy: `name what tells them apart: ${differing.join(", ")}`,
  });
}

const has = (row: Options, wanted: Options) => Object.entries(wanted).every(([name, value]) => row[name] === value);
