import type { Execution, Output } from "recsys-unlearning-kernel";
import type { Bench } from "./kernels";

/** Something a person expects of a kernel, shown on a real one. */
export interface Scenario {
  readonly name: string;
  /** What plain tslab 1.0.22 does: lacks it (asserted), has it too (asserted), or now one and now the other. */
  readonly plain: "lacks" | "has" | "varies";
  /** Throws an `Unmet` that says what was seen instead. */
  readonly run: (bench: Bench) => Promise<void>;
}

export class Unmet extends Error {}

export function expectThat(condition: boolean, seen: string): asserts condition {
  if (!condition) throw new Unmet(seen);
}

/** All that a cell wrote to one stream. */
export function printed(outputs: readonly Output[], name = "stdout"): string {
  return outputs.map((output) => (output.output_type === "stream" && output.name === name ? output.text : "")).join("");
}

/** The text of a cell's value. */
export function resultText(execution: Execution): string | undefined {
  const result = execution.outputs.find((output) => output.output_type === "execute_result");
  return result?.output_type === "execute_result" ? String(result.data["text/plain"]) : undefined;
}

export function errorOf(execution: Execution) {
  const error = execution.outputs.find((output) => output.output_type === "error");
  return error?.output_type === "error" ? error : undefined;
}

/** A short description of what came, for messages. */
export function describe({ status, outputs }: Execution): string {
  return `${status}: ${JSON.stringify(outputs).slice(0, 300)}`;
}

/** No escape sequences. */
export function plainText(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/\u001b\[\d+m/g, "");
}
