import { describe, expect, it } from "vitest";
import { engineName } from "recsys-unlearning/engine";
import { viewFigures } from "recsys-unlearning/figures";
import { viewResult } from "recsys-unlearning/experiments";
import { builtInParts, viewNamed } from "recsys-unlearning/reproduction";
import { temporaryFolder } from "../../temporary-folders";

describe("ifru-validity at its tiny preset", () => {
  it("has a score for every estimate, held to the ceiling of the same request, and a chart for each", async () => {
    const view = viewNamed("ifru-validity");
    const options = { preset: "tiny", store: temporaryFolder("validity-"), compute: true } as const;
    const result = await viewResult(view, builtInParts, engineName(), options);
    const { rows, missing } = result.summary;
    expect(missing).toBe(0);
    for (const { method, options: asked, metrics } of rows) {
      const { "attribution-score": score, "attribution-ceiling": ceiling, "attribution-share": share } = metrics;
      expect(score.mean, `${method} of ${JSON.stringify(asked)}`).not.toBeNull();
      expect(ceiling.mean).not.toBeNull();
      if (method === "retrain") expect(share.mean ?? 1).toBe(1);
    }
    const kinds = new Set(rows.map((row) => row.options.request["kind"]));
    expect([...kinds].sort()).toEqual(["leave-one-out", "leave-user-out", "subsets"]);
    const figures = [...viewFigures(result, builtInParts).keys()];
    expect(figures.length).toBeGreaterThanOrEqual(3);
    expect(figures.every((name) => name.startsWith("attribution-score"))).toBe(true);
  });
});
