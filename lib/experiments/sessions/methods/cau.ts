import { cau, cauDefaults } from "../../../cau";
import type { SessionsMethod } from "../sessions";
import { answerByDescent, descentParts, runOptions } from "./descent";

/** CAU, as the paper has it or calibrated. */
export const cauMethod: SessionsMethod = {
  label: ({ mode }) => (mode === "paper" ? "CAU (paper)" : "CAU (calibrated)"),
  defaults: (_backbone, { mode }) => runOptions(cauDefaults[mode === "paper" ? "paper" : "principled"]),
  ...descentParts,
  run: (context) => answerByDescent(context, cau.unlearn),
};
