import { canonicalJson } from "../core";
import type { Parts } from "./parts";
import type { RunConfig } from "./run-config";
import type { RunRecord } from "./run-store";
import { noiseFloorMethod } from "./view";

/** Runs with metrics in units of the noise floor: *Retrain*'s with another seed, on the same request, of the run's seed. */
export function withNoiseFloor(records: readonly RunRecord[], parts: Parts): RunRecord[] {
  const ratios = Object.entries(parts.metrics).flatMap(([name, { overNoiseFloorOf: of }]) =>
    of === undefined ? [] : [{ name, of }],
  );
  const floors = new Map(
    records
      .filter(({ config }) => config.method === noiseFloorMethod)
      .map((record) => [circumstances(record.config), record.metrics]),
  );
  return records.map((record) => {
    const floor = floors.get(circumstances(record.config));
    const relative = ratios.map(({ name, of }) => [name, ratio(record.metrics[of], floor?.[of])] as const);
    return { ...record, metrics: { ...record.metrics, ...Object.fromEntries(relative) } };
  });
}

/** What a run has in common with the noise floor it is held against. */
function circumstances({ method: _method, options, ...config }: RunConfig): string {
  return canonicalJson({ ...config, options: { ...options, method: {} } });
}

function ratio(value: number | null | undefined, floor: number | null | undefined): number | null {
  return value == null || floor == null || floor === 0 ? null : value / floor;
}
