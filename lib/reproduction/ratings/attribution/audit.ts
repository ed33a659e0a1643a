import { type Agreement, agreementOf, type CaseOutputs, ceilingOf, meanOfOutputs } from "../../../audits";
import { inModule, referenceMethod, type RunConfig } from "../../../experiments";
import type { RatingsAudit } from "../types";
import { readOutputs } from "./outputs-file";
import { isConverged } from "./requests";
import { retrainingsOf } from "./retrainings";

/** Draws the cases anew for intervals. */
const seed = 1;

/** The runs of what is true. */
function truthOf(config: RunConfig): RunConfig[] {
  const count = Number(config.options.request["retrainings"]);
  return Array.from({ length: count }, (_, k) => retrainingsOf(config, k + 1));
}

/**
 * What another training reaches: of subsets against the mean of the others; of converged trainings against the one
 * whose seed is the run's own.
 */
function ceilingAmong(trained: readonly CaseOutputs[], converged: boolean): Agreement | null {
  if (trained.length < 2) return null;
  return converged ? agreementOf(meanOfOutputs(trained.slice(1)), trained[0], seed) : ceilingOf(trained, seed);
}

/**
 * Holds what a run estimated to what training gave: Spearman's correlation over the cases, output by output. Of Retrain
 * it tells what another training reaches.
 */
const attribution: RatingsAudit = {
  prerequisites: (config) => truthOf(config),

  async scores({ config, audited, prerequisites }) {
    const converged = isConverged(config);
    const trained = await Promise.all(prerequisites("case-retrainings").map(readOutputs));
    const found =
      config.method === referenceMethod
        ? ceilingAmong(trained, converged)
        : agreementOf(await readOutputs(audited), converged ? trained[0] : meanOfOutputs(trained), seed);
    const known = (value: number | null | undefined) => (value == null ? new Float32Array(0) : Float32Array.of(value));
    return {
      score: known(found?.score),
      low: known(found?.interval?.[0]),
      high: known(found?.interval?.[1]),
      outputs: known(found?.outputs),
    };
  },
};

/** The audit behind `ifru-validity`. */
export const attributionAudits = inModule<RatingsAudit>(__filename, { attribution });
