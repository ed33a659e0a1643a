import { sessionGradientAscent, sessionGradientAscentDefaults } from "../../../cau";
import type { SessionsMethod } from "../types";
import { answerByDescent, descentParts, runOptions } from "./answer-by-descent";

/** Plain gradient ascent with an early stop. */
export const sessionGradientAscentMethod: SessionsMethod = {
  code: __filename,
  label: () => "Gradient ascent",
  defaults: runOptions(sessionGradientAscentDefaults),
  ...descentParts,
  run: (context) => answerByDescent(context, sessionGradientAscent.unlearn),
};
