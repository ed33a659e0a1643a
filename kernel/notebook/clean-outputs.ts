import { homedir } from "node:os";
import { repositoryFolder } from "recsys-unlearning/core";
import type { Output } from "../client/outputs";

/** Text without this machine's paths. */
function withoutPaths(text: string): string {
  const root = repositoryFolder();
  return text.replaceAll(`${root}/`, "").replaceAll(root, ".").replaceAll(homedir(), "~");
}

function cleanedData(data: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(data).map(([type, content]) => [
      type,
      typeof content === "string" && type.startsWith("text/") ? withoutPaths(content) : content,
    ]),
  );
}

/** Outputs as they are stored: without machine paths, and without displays that ended empty (finished progress). */
export function cleanedOutputs(outputs: readonly Output[]): Output[] {
  return outputs.flatMap((output): Output[] => {
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
  });
}
