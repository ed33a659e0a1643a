import { type Table, table } from "../../lib/tables";
import type { LevelRecord } from "./sasrec-level";

/**
 * What gSASRec's repository states: validation and epochs in the names of its checkpoints, whose steps are 48 an epoch,
 * test values in its README.
 */
const published = [
  { training: "published, BCE, 1 negative", epoch: 47_520 / 48, validation: 0.1428, test: 0.1259 },
  { training: "published, gBCE, 256 negatives", epoch: 86_064 / 48, validation: 0.1974, test: 0.1726 },
];
const names = { "cross-entropy": "ours, cross-entropy over all items", binary: "ours, BCE, 1 negative" };
/** Epochs that are shown beside the best and the last. */
const shown = [1, 2, 5, 10, 15, 20, 25, 30, 40, 50, 60, 80, 100, 150, 200, 300, 500];

/** Learning curves beside the published levels. */
export function levelTable(records: readonly LevelRecord[]): Table {
  const rows = records.flatMap(({ loss, curve, best }) => {
    const wanted = new Set([...shown, best?.epoch, curve.length]);
    return curve
      .filter(({ epoch }) => wanted.has(epoch))
      .map(({ epoch, loss: value, validation }) => ({
        ...{ training: names[loss], epoch, loss: value, validation },
        test: epoch === best?.epoch ? best.test["ndcg@10"] : null,
        minutes: curve.slice(0, epoch).reduce((sum, { processorSeconds }) => sum + processorSeconds, 0) / 60,
      }));
  });
  return table({
    caption: "SASRec on MovieLens-1M, ndcg@10 among the items that are not in the history",
    columns: [
      { key: "training" },
      { key: "epoch" },
      { key: "loss", format: { decimals: 3 } },
      { key: "validation", format: { decimals: 4 } },
      { key: "test", format: { decimals: 4 } },
      { key: "minutes", label: "processor", unit: "min", format: { decimals: 0 } },
    ],
    rows: [...rows, ...published.map((row) => ({ ...row, loss: null, minutes: null }))],
  });
}
