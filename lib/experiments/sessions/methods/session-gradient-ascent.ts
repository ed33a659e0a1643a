import { sessionGradientAscent, sessionGradientAscentDefaults } from "../../../cau";
import type { SessionsMethod } from "../sessions";
import { answerByDescent, descentParts, runOptions } from "./descent";

/** Plain gradient ascent with an early stop. */
export const sessionGradientAscentMethod: SessionsMethod = {
  label: () => "Gradient ascent",
  defaults: runOptions(sessionGradientAscentDefaults),
  ...descentParts,
  run: (context) => answerByDescent(context, sessionGradientAscent.unlearn),
};
