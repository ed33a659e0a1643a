import { cau, cauDefaults, paretoDefaults } from "../../../cau";
import { requireOneOf } from "../../../core";
import type { Options } from "../../../experiments";
import type { SessionsMethod } from "../types";
import { answerByDescent, descentParts, runOptions } from "./answer-by-descent";

const modeOf = ({ mode = "principled" }: Options) => requireOneOf("mode", String(mode), ["principled", "paper"]);

/** How tables call what is not as the mode has it, by option and value. */
const variants: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  objectives: {
    "without-recommendation": "w/o recommendation loss",
    "without-kl": "w/o KL",
    "without-unlearning": "w/o unlearning loss",
  },
  weights: { equal: "w/o Pareto solver" },
  normalization: { none: "raw gradients" },
  difficulty: { "output-layer": "output-layer", embedding: "embedding" },
  sampling: { hard: "hard", reversed: "hardest first", random: "w/o curriculum" },
  select: { last: "last epoch", validation: "by validation", level: "to the level" },
  climb: { all: "all samples", remembered: "remembered samples" },
};

/** What makes CAU gradient ascent with fixed weights: neither solver nor curriculum. */
const fixedWeights: Options = { mode: "paper", weights: "equal", sampling: "random" };

/** CAU, the mode and what differs from it in words; numbers are left to the columns of tables. */
function label(options: Options): string {
  const mode = modeOf(options);
  const isFixed = Object.entries(fixedWeights).every(([name, value]) => options[name] === value);
  const defaults: Options = { ...runOptions(cauDefaults[mode]), ...(isFixed ? fixedWeights : {}) };
  const different = Object.keys(variants).filter((name) => (options[name] ?? defaults[name]) !== defaults[name]);
  const words = different.map((name) => variants[name][String(options[name])] ?? String(options[name]));
  const literal = (options["inactiveBelow"] ?? paretoDefaults.inactiveBelow) === 0 ? ["literal"] : [];
  const all = [...(isFixed ? [] : [mode === "paper" ? "paper" : "calibrated"]), ...words, ...literal];
  return `${isFixed ? "Fixed weights" : "CAU"}${all.length > 0 ? ` (${all.join(", ")})` : ""}`;
}

/** CAU, as the paper has it or calibrated. */
export const cauMethod: SessionsMethod = {
  code: __filename,
  label,
  defaults: (_backbone, given) => runOptions(cauDefaults[modeOf(given)]),
  ...descentParts,
  run: (context) => answerByDescent(context, cau.unlearn),
};
