import { join } from "node:path";
import { commandLine, writeFileAtomic } from "../core";
import { keptResult, type SelectedResult, SelectionError, selectResult } from "../experiments";
import { reproducibilityFiles, reproducibilityOf } from "../figures";
import { builtInParts, viewNamed } from "../reproduction";
import type { DrawRequest } from "./draw-view";

/**
 * Writes the paragraph about how what is drawn was computed: `reproducibility.tex`, and a sidecar with all of it. What
 * is selected of a view counts, not which of its figures are made.
 *
 * @param requests by view; a selection that names nothing in a view leaves it out, as drawing does
 */
export async function writeReproducibility(
  requests: readonly { readonly view: string; readonly request: DrawRequest }[],
  outputDir: string,
): Promise<void> {
  const kept = new Map<string, ReturnType<typeof keptResult>>();
  const results: SelectedResult[] = [];
  for (const { view, request } of requests) {
    const reading = kept.get(view) ?? keptResult(viewNamed(view), builtInParts);
    kept.set(view, reading);
    const whole = await reading;
    if (whole === null) continue;
    try {
      results.push(selectResult(whole, builtInParts, request.options));
    } catch (error) {
      if (!(error instanceof SelectionError)) throw error;
    }
  }
  if (results.length === 0) return; // nothing was drawn either, which is said
  const facts = reproducibilityOf(results, builtInParts);
  for (const { file, content } of reproducibilityFiles(facts, `${commandLine("figures")} --reproducibility`))
    await writeFileAtomic(join(outputDir, file), content);
  const [runs, seconds] = [facts.runs, facts.seconds];
  console.log(`reproducibility.tex: ${runs} runs, ${(seconds / 3600).toPrecision(2)} hours of computing`);
}
