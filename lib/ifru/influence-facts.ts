import type { CalibratedOption, Facts } from "../training";
import type { IfruPrepared } from "./prepare";
import type { Solution } from "./solve";

/** How a system was solved, and with which lambda. */
type Solved = Omit<Solution, "change"> & { readonly damping: number | null };

/** Lambda is found by `ifru`'s `prepare`. */
export const dampingCalibration: CalibratedOption = { option: "damping", by: "ifru" };

/** What that found. */
export function calibrationFacts({ damping, calibration }: Pick<IfruPrepared, "damping" | "calibration">): Facts {
  return { damping, probeRows: calibration?.probeRows ?? 0 };
}

/** What is worth keeping of an answer. */
export function influenceFacts({ iterations, relativeResidual, converged, damping, bestStep }: Solved): Facts {
  return { iterations, relativeResidual, converged, damping, bestStep };
}
