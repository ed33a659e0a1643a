import { homedir } from "node:os";
import { projectFolder } from "../folders";
import { maskPaths, relativeTo } from "../path-masks";
import type { Output } from "../client/outputs";

/** Text without this machine's paths. */
function withoutPaths(text: string): string {
  return maskPaths(text, [relativeTo(projectFolder()), { folder: homedir(), by: "~" }]);
}

/** A view of a control: what it refers to lives in the kernel, which ends with the run. */
const widgetView = "application/vnd.jupyter.widget-view+json";

function cleanedData(data: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(data)
      .filter(([type]) => type !== widgetView)
      .map(([type, content]) => [
        type,
        typeof content === "string" && type.startsWith("text/") ? withoutPaths(content) : content,
      ]),
  );
}

/**
 * Outputs as they are stored: without machine paths, without displays that ended empty (finished progress), with the
 * static pictures of controls alone, and with neighbouring pieces of a stream joined, which some clients leave as they
 * came.
 */
export function cleanedOutputs(outputs: readonly Output[]): Output[] {
  const cleaned: Output[] = [];
  for (const output of outputs.flatMap(cleanedOutput)) {
    const last = cleaned.at(-1);
    if (output.output_type === "stream" && last?.output_type === "stream" && last.name === output.name)
      cleaned[cleaned.length - 1] = { ...last, text: last.text + output.text };
    else cleaned.push(output);
  }
  return cleaned;
}

function cleanedOutput(output: Output): Output[] {
  switch (output.output_type) {
    case "stream":
      return [{ ...output, text: withoutPaths(output.text) }];
    case "error": {
      const { evalue, traceback } = output;
      return [{ ...output, evalue: withoutPaths(evalue), traceback: traceback.map(withoutPaths) }];
    }
    case "display_data":
    case "execute_result":
      return Object.keys(output.data).length === 0 ? [] : [{ ...output, data: cleanedData(output.data) }];
  }
}
