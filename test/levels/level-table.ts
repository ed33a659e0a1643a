import { type Table, table } from "../../lib/tables";
import type { LevelRecord } from "./sasrec-level";

/**
 * What gSASRec's repository states: validation and epochs in the names of its checkpoints, whose steps are 48 an epoch,
 * test values in its README.
 */
const published = [
  { training: "published, BCE, 1 negative", like: "binary", epoch: 47_520 / 48, validation: 0.1428, test: 0.1259 },
  {
    training: "published, gBCE, 256 negatives",
    like: "cross-entropy",
    epoch: 86_064 / 48,
    validation: 0.1974,
    test: 0.1726,
  },
] as const;
const names = { "cross-entropy": "ours, cross-entropy over all items", binary: "ours, BCE, 1 negative" };
/** Epochs that are shown beside the best and the last. */
const shown = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60, 80, 100, 150, 200, 300, 500];

/**
 * Learning curves beside the published levels. A published row has the hours that our training of the nearest loss
 * would take to its epoch.
 */
export function levelTable(records: readonly LevelRecord[]): Table {
  const rows = records.flatMap((record) => {
    const { loss, curve, best } = record;
    const wanted = new Set([...shown, best?.epoch, curve.length]);
    return curve
      .filter(({ epoch }) => wanted.has(epoch))
      .map(({ epoch, loss: value, validation }) => ({
        ...{ training: names[loss], epoch, loss: value, validation },
        test: epoch === best?.epoch ? best.test["ndcg@10"] : null,
        hours: hoursTo(epoch, record),
      }));
  });
  const levels = published.map(({ like, ...level }) => {
    const nearest = records.find(({ loss }) => loss === like);
    return { ...level, loss: null, hours: nearest === undefined ? null : hoursTo(level.epoch, nearest) };
  });
  return table({
    caption: "SASRec on MovieLens-1M, ndcg@10 among the items that are not in the history",
    columns: [
      { key: "training" },
      { key: "epoch" },
      { key: "loss", format: { decimals: 3 } },
      { key: "validation", format: { decimals: 4 } },
      { key: "test", format: { decimals: 4 } },
      { key: "hours", label: "one core", unit: "h", format: { significant: 2 } },
    ],
    rows: [...rows, ...levels],
  });
}

/** Of the processor, by the mean of the record's epochs. */
function hoursTo(epoch: number, { curve }: LevelRecord): number {
  const seconds = curve.reduce((sum, { processorSeconds }) => sum + processorSeconds, 0);
  return (epoch * seconds) / curve.length / 3600;
}
