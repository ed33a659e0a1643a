import { agreementOf, ceilingOf, meanOfOutputs } from "../../../audits";
import { inModule, referenceMethod } from "../../../experiments";
import { readOutputs } from "../../ratings/attribution/outputs-file";
import type { SessionsAudit } from "../types";
import { retrainingsOf } from "./retrainings";

/** Draws the cases anew for intervals. */
const seed = 1;

/**
 * Holds what a run estimated to what training gave, as the audit of ratings does: Spearman's correlation over the
 * subsets, margin by margin. Of Retrain it tells what another training reaches against the mean of the others.
 */
const attribution: SessionsAudit = {
  prerequisites(config) {
    const count = Number(config.options.request["retrainings"]);
    return Array.from({ length: count }, (_, k) => retrainingsOf(config, k + 1));
  },

  async scores({ config, audited, prerequisites }) {
    const trained = await Promise.all(prerequisites("session-case-retrainings").map(readOutputs));
    const ceiling = () => (trained.length < 2 ? null : ceilingOf(trained, seed));
    const found =
      config.method === referenceMethod
        ? ceiling()
        : agreementOf(await readOutputs(audited), meanOfOutputs(trained), seed);
    const known = (value: number | null | undefined) => (value == null ? new Float32Array(0) : Float32Array.of(value));
    return {
      score: known(found?.score),
      low: known(found?.interval?.[0]),
      high: known(found?.interval?.[1]),
      outputs: known(found?.outputs),
    };
  },
};

/** The audit behind `ifru-validity-sessions`. */
export const attributionAudits = inModule<SessionsAudit>(__filename, { attribution });
