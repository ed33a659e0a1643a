import { canonicalJson } from "../../core";
import type { Parts } from "../config/parts";
import type { RunConfig } from "../config/run-config";
import type { RunRecord } from "../store/run-record";

/**
 * Runs with those of some metrics that are told from two: the run, and that of another method on the same request with
 * the same seed.
 */
export function withRelativeMetrics(
  records: readonly RunRecord[],
  names: readonly string[],
  parts: Parts,
): RunRecord[] {
  const told = Object.entries(parts.metrics).flatMap(([name, { relativeTo }]) =>
    relativeTo === undefined || !names.includes(name) ? [] : [{ name, relativeTo }],
  );
  if (told.length === 0) return [...records];
  const alike = new Map<string, Map<string, Metrics>>(); // by method
  const places = records.map(({ config, metrics }) => {
    const place = circumstances(config);
    const methods = alike.get(place) ?? new Map<string, Metrics>();
    alike.set(place, methods.set(config.method, metrics));
    return methods;
  });
  return records.map((record, at) => {
    const values = told.map(({ name, relativeTo }) => {
      const other = places[at].get(relativeTo.method);
      return [name, other === undefined ? null : relativeTo.value(record.metrics, other)] as const;
    });
    return { ...record, metrics: { ...record.metrics, ...Object.fromEntries(values) } };
  });
}

type Metrics = RunRecord["metrics"];

/** What two runs have in common that are held against each other. */
function circumstances({ options, method: _, ...config }: RunConfig): string {
  return canonicalJson({ ...config, options: { ...options, method: {} } });
}
