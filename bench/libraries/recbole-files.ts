import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  historyCount,
  type PrefixSamples,
  prefixSamples,
  type Sessions,
  type SessionSplit,
} from "recsys-unlearning/data";

/**
 * Writes sessions as the dataset `sessions` of RecBole ("atomic files", split already): a file of prefixes for each
 * part, and one of all items, so that the catalogue is the same where a part lacks some.
 *
 * @param folder what RecBole calls `data_path`
 * @param maxLength how many of the last items a prefix keeps
 */
export async function writeRecBoleFiles(folder: string, split: SessionSplit, maxLength: number): Promise<void> {
  const own = join(folder, "sessions");
  await mkdir(own, { recursive: true });
  for (const part of ["train", "valid", "test"] as const)
    await writeFile(join(own, `sessions.${part}.inter`), prefixTable(split[part], maxLength));
  const items = Array.from({ length: split.train.itemCount }, (_, item) => item);
  await writeFile(join(own, "sessions.item"), `item_id:token\n${items.join("\n")}\n`);
}

/** A line for each prefix: its session, its items and the one that came next. */
export function prefixTable(sessions: Sessions, maxLength: number): string {
  const samples = prefixSamples(sessions);
  const lines = Array.from({ length: historyCount(samples) }, (_, k) => {
    const history = lastItems(samples, k, maxLength).join(" ");
    return `${samples.start[k]}\t${history}\t${samples.target[k]}\n`;
  });
  return `session_id:token\titem_id_list:token_seq\titem_id:token\n${lines.join("")}`;
}

function lastItems({ item, start, end }: PrefixSamples, sample: number, count: number): Int32Array {
  return item.subarray(Math.max(start[sample], end[sample] - count), end[sample]);
}
