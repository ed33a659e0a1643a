import type { Parts } from "../config/parts";
import type { SummaryRow } from "./summary";
import { requestLabel } from "./summary-table";

/**
 * What a row's runs were asked to forget, in words; of a split its share and whether its labels were flipped.
 *
 * @example
 * const { summary } = await experimentResult("ifru-accuracy");
 * askedLabel(summary.rows[0], builtInParts); // "2 % mislabelled"
 */
export function askedLabel(row: SummaryRow, parts: Parts): string {
  const { data, request } = row.options;
  if (request["kind"] !== "split") return requestLabel(row, parts);
  const { forgetFraction, flip } = data;
  const share = typeof forgetFraction === "number" ? `${Number((100 * forgetFraction).toPrecision(3))} %` : "all";
  return `${share}${flip === false ? "" : " mislabelled"}`;
}
