import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sessionCount, type SessionDataset, type Sessions } from "recsys-unlearning/data";
import { type NamedTensor, saveModel } from "recsys-unlearning/models";
import { resolveFitSessionOptions } from "recsys-unlearning/training";
import { threadVariables, torchPython } from "../engine/torch";
import { beauty, ourSessionWorks } from "./beauty";
import { officialGru4Rec } from "./official-checkout";
import { epochAndEvaluation, type Measured, worksOf } from "./works";

const options = resolveFitSessionOptions("gru4rec", { objective: "positions", tiedOutput: true, skipPadding: true });

async function measure(): Promise<Measured | null> {
  const sessions = await beauty();
  if (sessions === null) return null;
  return { ours: await ourSessionWorks("gru4rec", sessions, sessions.train, options), peers: await official(sessions) };
}

async function official({ train, test }: SessionDataset): Promise<Measured["peers"]> {
  const folder = mkdtempSync(join(tmpdir(), "official-gru4rec-"));
  try {
    const file = join(folder, "sessions.safetensors");
    await saveModel(file, "official-gru4rec", [...columnsOf("train", train), ...columnsOf("test", test)]);
    const checkout = officialGru4Rec();
    return await worksOf({
      label: "official GRU4Rec",
      python: checkout === null ? null : await torchPython(),
      script: "gru4rec_official_peer.py",
      args: [checkout ?? "", file, String(options.embeddingSize), String(options.batchSize)],
      variables: threadVariables,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Events with the number of their session, in order. */
function columnsOf(part: string, sessions: Sessions): NamedTensor[] {
  const session = new Int32Array(sessions.item.length);
  for (let k = 0; k < sessionCount(sessions); k++) session.fill(k, sessions.offsets[k], sessions.offsets[k + 1]);
  return [
    { name: `${part}Session`, shape: [session.length], values: session },
    { name: `${part}Item`, shape: [session.length], values: sessions.item },
  ];
}

export const officialGru4rec = epochAndEvaluation(
  "library-gru4rec-official",
  {
    epoch:
      "GRU4Rec, an epoch on Amazon Beauty that reads every event once, width 64, output tied. Ours: windows of 10 in " +
      "batches of 256, softmax over all items, Adam. Official: 256 sessions side by side, softmax over the batch's " +
      "items and 2,048 drawn ones, Adagrad",
    evaluation:
      "GRU4Rec, every event of the test sessions of Amazon Beauty but the first ranked among all items. Ours reads " +
      "the last 10 items anew for each; the official one carries its state along the session",
  },
  measure,
);
