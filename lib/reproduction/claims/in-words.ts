import type { Parts } from "../../experiments";
import type { ClaimTest } from "./claim";
import type { Outcome } from "./decide";
import type { ClaimCase, ClaimFinding } from "./evaluate-claims";

const none = "–";

/** What a test asks of a difference or ratio, such as `"above −0.005"`. */
export function askedInWords({ holds, bound }: ClaimTest): string {
  const number = bound < 0 ? `−${-bound}` : String(bound);
  if (holds === "within") return `within ±${number}`;
  return holds === "faster" ? `above ${number} ×` : `${holds} ${number}`;
}

/** A difference or ratio with its 95 % interval, such as `"+0.0120 (+0.0060 to +0.0180)"`. */
export function effectInWords({ test, effect }: ClaimCase): string {
  if (effect === null) return none;
  const { mean, interval } = effect;
  const say =
    test.holds === "faster"
      ? (value: number) => Number(value.toPrecision(3)).toLocaleString("en")
      : (value: number) => signed(value, test.against !== undefined);
  const unit = test.holds === "faster" ? " ×" : "";
  return `${say(mean)}${unit}${interval === null ? "" : ` (${say(interval[0])} to ${say(interval[1])})`}`;
}

function signed(value: number, plus: boolean): string {
  const text = Math.abs(value).toFixed(4);
  if (Number(text) === 0) return text;
  return `${value < 0 ? "−" : plus ? "+" : ""}${text}`;
}

/** p, such as `"0.012"`. */
export function pInWords(p: number | undefined): string {
  if (p === undefined) return none;
  return p < 0.0001 ? "below 0.0001" : p > 0.9999 ? "1" : String(Number(p.toPrecision(2)));
}

/** A metric as tables head it. */
export function metricInWords({ metric }: ClaimTest, parts: Parts): string {
  return metric === "seconds" ? "seconds" : parts.metrics[metric].label;
}

/** How many cases have an outcome. */
export function countOf(outcome: Outcome, { cases }: ClaimFinding): number {
  return cases.filter((one) => one.outcome === outcome).length;
}

/** A verdict with the cases that it rests on, such as `"reproduced (3 hold, 2 undecided)"`. */
export function verdictInWords(found: ClaimFinding): string {
  const counts = (["holds", "contradicted", "undecided"] as const).flatMap((outcome) => {
    const count = countOf(outcome, found);
    return count === 0 ? [] : [`${count} ${outcome === "holds" && count > 1 ? "hold" : outcome}`];
  });
  return `${found.verdict} (${counts.join(", ") || "no case"})`;
}

/** An outcome, and where one seed is all there is, that. */
export function outcomeInWords({ outcome, seeds }: ClaimCase): string {
  return seeds.length > 1 ? outcome : `${outcome} (${seeds.length === 1 ? "one seed" : "no seed"})`;
}
