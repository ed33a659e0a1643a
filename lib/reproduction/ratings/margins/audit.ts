import { klom, type Margins, measureQuality } from "../../../audits";
import { inModule } from "../../../experiments";
import type { RatingsAudit } from "../types";
import { readMargins } from "./files";
import { lookedAt } from "./looked-at";
import { measuresOf } from "./measures";
import { marginsRunOf } from "./method";

const [reference, further] = ["retrain", "retrain-again"];

/**
 * Holds the margins of many models to those of as many retrained ones, row by row, with retrained against retrained as
 * the floor; and tells by which measures such a model can be told from a retrained one.
 */
const margins: RatingsAudit = {
  // every audit is also made of Retrain itself, a single model, of which this one tells nothing
  prerequisites: (config) =>
    config.method === "margins" ? [reference, further].map((by) => marginsRunOf(config, by)) : [],

  async scores({ config, split, request, audited, prerequisites }) {
    if (config.method !== "margins") return {};
    const runs = prerequisites("margins");
    const of = (by: string) => readMargins(runs.find((run) => run.config.options.method["by"] === by)!);
    const [retrained, floor] = [await of(reference), await of(further)];
    const own = await readMargins(audited);
    const scores: Record<string, Float32Array> = {};
    for (const kind of ["forgotten", "retained"] as const)
      for (const form of ["histogram", "gaussian"] as const) {
        const found = klom(own[kind], retrained[kind], floor[kind], { form });
        scores[`${form} ${kind}`] = Float32Array.from(found.perRow);
        scores[`${form} ${kind} floor`] = Float32Array.from(found.floor.perRow);
      }
    scores["shift"] = shiftOf(own.forgotten, retrained.forgotten);
    scores["shift floor"] = shiftOf(floor.forgotten, retrained.forgotten);
    if (String(config.options.method["by"]).startsWith(reference)) return scores; // nothing to tell from Retrain
    const { forgotten, trueLabel } = lookedAt({ split, request });
    const measures = measuresOf(retrained, { trained: forgotten.label, true: trueLabel });
    for (const [name, valuesOf] of Object.entries(measures)) {
      const quality = measureQuality(name, { retrained: valuesOf(floor), others: { own: valuesOf(own) } });
      scores[`told by ${name}`] = Float32Array.of(quality.overall);
    }
    return scores;
  },
};

/** By how much the mean margin of each row is another; a divergence does not say whether that is much. */
function shiftOf(models: Margins, retrained: Margins): Float32Array {
  const mean = (of: Margins, row: number) => of.reduce((sum, margins) => sum + margins[row], 0) / of.length;
  return models[0].map((_, row) => Math.abs(mean(models, row) - mean(retrained, row)));
}

/** The audit behind `ifru-margins`. */
export const marginAudits = inModule<RatingsAudit>(__filename, { margins });
