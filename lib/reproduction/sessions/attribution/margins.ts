import { itemMargin } from "../../../audits";
import { historyCount, type PrefixSamples } from "../../../data";
import { scoreBlocks, type SessionRecommender } from "../../../models";

/**
 * What a model believes of some events: log p / (1 - p) of the item that came next, `[samples]`. Logits mean nothing by
 * themselves: all of one history may be shifted.
 */
export async function marginsOf(model: SessionRecommender, samples: PrefixSamples): Promise<Float32Array> {
  const margins = new Float32Array(historyCount(samples));
  for await (const { first, count, scores } of scoreBlocks(model, samples))
    for (let k = first; k < first + count; k++) {
      const row = scores.subarray((k - first) * model.itemCount, (k - first + 1) * model.itemCount);
      margins[k] = itemMargin(row, samples.target[k]);
    }
  return margins;
}
