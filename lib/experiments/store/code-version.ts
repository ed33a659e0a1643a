import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createHash } from "node:crypto";
import { libFolder } from "../../core";

/** The areas whose code a run's result depends on. */
const areas = ["core", "data", "engine", "models", "metrics", "training", "ifru", "cau", "baselines", "experiments"];

let known: string | undefined;

/**
 * What code computes runs: a hash over the sources of every area that a result depends on (the commit would change with every
 * word of the documentation). Stands in every record; a record made by other code is stale.
 */
export function codeVersion(): string {
  if (known !== undefined) return known;
  const hash = createHash("sha256");
  for (const area of areas)
    for (const file of sourcesIn(join(libFolder(), area)))
      hash.update(file.slice(libFolder().length)).update(readFileSync(file));
  known = hash.digest("hex").slice(0, 16);
  return known;
}

/** The TypeScript files below a folder, sorted; none where there is no such folder. */
function sourcesIn(folder: string): string[] {
  try {
    const found = readdirSync(folder, { recursive: true, encoding: "utf8" });
    return found
      .filter((file) => file.endsWith(".ts"))
      .sort()
      .map((file) => join(folder, file));
  } catch {
    return []; // an area that is not there yet
  }
}
