import type { Mode } from "../../core";
import { cauOptions } from "./cau-options";

type Given = Readonly<Record<string, unknown>>;

/** What makes CAU gradient ascent with fixed weights: neither solver nor curriculum. */
const fixedWeights: Given = { mode: "paper", weights: "equal", sampling: "random" };

/** CAU, the mode and what differs from it in words; numbers are left to the columns of tables. */
export function cauLabel(options: Given): string {
  const mode = (options["mode"] ?? "principled") as Mode;
  const isFixed = Object.entries(fixedWeights).every(([name, value]) => options[name] === value);
  const defaults: Given = { ...cauOptions.defaults(mode), ...(isFixed ? fixedWeights : {}) };
  const words = Object.entries(cauOptions.fields).flatMap(([name, { labels }]) => {
    const value = options[name] ?? defaults[name];
    return labels === undefined || value === defaults[name] ? [] : [labels[String(value)] ?? String(value)];
  });
  const literal = options["inactiveBelow"] === 0 ? ["literal"] : [];
  const all = [...(isFixed ? [] : [mode === "paper" ? "paper" : "calibrated"]), ...words, ...literal];
  return `${isFixed ? "Fixed weights" : "CAU"}${all.length > 0 ? ` (${all.join(", ")})` : ""}`;
}
