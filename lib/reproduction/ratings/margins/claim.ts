import { readRecords, type RunRecord, type View } from "../../../experiments";

const numberOf = (record: RunRecord, metric: string) => Number(record.metrics[metric] ?? NaN);

/**
 * Whether the margins of 100 models (MF) that IFRU made forget are as near to those of retrained ones as a claim says.
 *
 * @param view whose kept records are read, and of them those that looked at the margins of IFRU
 * @param bound how many floors the mean over the forgotten rows may be
 * @returns `null` where nothing is kept
 */
export async function marginsClaim(view: View, bound: number) {
  const records = await readRecords(view, "full");
  const of = (by: string) =>
    records.find(
      ({ config: { backbone, method, audit, options } }) =>
        backbone === "mf" &&
        method === "margins" &&
        audit === "margins" &&
        options.method["by"] === by &&
        options.method["models"] === 100 &&
        options.request["kind"] === "split",
    );
  const [ours, paper] = [of("ifru"), of("ifru-paper")];
  if (ours === undefined) return null;
  const said = (record: RunRecord) =>
    `${numberOf(record, "klom-over-floor").toFixed(2)} floors (${numberOf(record, "klom-gaussian").toFixed(2)} by Gaussians)`;
  const inPaperMode = paper === undefined ? "" : `; in paper mode ${said(paper)}`;
  return {
    verdict: numberOf(ours, "klom-over-floor") <= bound ? ("reproduced" as const) : ("not reproduced" as const),
    found: `IFRU is ${said(ours)} away, with KLoM ${numberOf(ours, "klom").toFixed(3)}${inPaperMode}.`,
  };
}
