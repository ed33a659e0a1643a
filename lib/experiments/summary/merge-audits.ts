import { canonicalJson } from "../../core";
import type { RunRecord } from "../store/run-record";

/** Runs with what audits found about them among their metrics; an audit whose run is not there is left out. */
export function mergeAudits(records: readonly RunRecord[]): RunRecord[] {
  const audits = new Map<string, RunRecord[]>();
  const nameOf = ({ config: { audit: _audit, ...audited } }: RunRecord) => canonicalJson(audited);
  for (const record of records.filter(({ config }) => config.audit !== undefined))
    audits.set(nameOf(record), [...(audits.get(nameOf(record)) ?? []), record]);
  return records
    .filter(({ config }) => config.audit === undefined)
    .map((record) => {
      const all = [record, ...(audits.size === 0 ? [] : (audits.get(nameOf(record)) ?? []))];
      return {
        ...record,
        metrics: Object.assign({}, ...all.map(({ metrics }) => metrics)) as RunRecord["metrics"],
        sampleTests: Object.assign({}, ...all.map(({ sampleTests }) => sampleTests)) as RunRecord["sampleTests"],
      };
    });
}
