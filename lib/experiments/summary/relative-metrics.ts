import { canonicalJson } from "../../core";
import type { MetricPart, Parts } from "../config/parts";
import type { RunConfig } from "../config/run-config";
import type { RunRecord } from "../store/run-record";

/**
 * Runs with the metrics that are told from two: the run, and that of another method on the same request with the same
 * seed.
 */
export function withRelativeMetrics(records: readonly RunRecord[], parts: Parts): RunRecord[] {
  const others = new Map(records.map((record) => [circumstances(record.config, record.config.method), record.metrics]));
  const told = Object.entries(parts.metrics).flatMap(([name, { relativeTo }]) =>
    relativeTo === undefined ? [] : [{ name, relativeTo }],
  );
  return records.map((record) => {
    const values = told.map(({ name, relativeTo }) => [name, valueOf(record, relativeTo)] as const);
    return { ...record, metrics: { ...record.metrics, ...Object.fromEntries(values) } };
  });

  function valueOf({ config, metrics: own }: RunRecord, relative: NonNullable<MetricPart["relativeTo"]>) {
    const other = others.get(circumstances(config, relative.method));
    return other === undefined ? null : relative.value(own, other);
  }
}

/** What two runs have in common that are held against each other. */
function circumstances({ options, ...config }: RunConfig, method: string): string {
  return canonicalJson({ ...config, method, options: { ...options, method: {} } });
}
