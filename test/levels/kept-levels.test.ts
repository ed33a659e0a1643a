import { expect, it } from "vitest";
import { keptRecord, keptTable } from "./kept-levels";
import { levelTable } from "./level-table";

const records = (["cross-entropy", "binary"] as const).map(keptRecord).filter((record) => record !== null);

it("the table shows the kept records", async () => {
  await expect(levelTable(records).toMarkdown()).toMatchFileSnapshot(keptTable);
});

it("records are whole: every epoch once, and the best of the curve where there is one", () => {
  for (const { curve, best } of records) {
    expect(curve.map(({ epoch }) => epoch)).toEqual(Array.from(curve.keys(), (k) => k + 1));
    if (best === null) continue; // stopped before its end
    expect(curve[best.epoch - 1].validation).toBe(best.valid["ndcg@10"]);
    expect(Math.max(...curve.map(({ validation }) => validation))).toBe(best.valid["ndcg@10"]);
  }
});
