import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SessionDataset } from "recsys-unlearning/data";
import { type FitSessionOptions, resolveFitSessionOptions } from "recsys-unlearning/training";
import { threadVariables } from "../engine/torch";
import { beauty, onePart, ourSessionWorks } from "./beauty";
import { writeRecBoleFiles } from "./recbole-files";
import { labelOf, libraryPython } from "./venvs";
import { epochAndEvaluation, type Measured, worksOf } from "./works";

type Kind = "gru4rec" | "sasrec";

// As near as RecBole allows: its output rows are the item embeddings, and it reads no padding.
const ourOptions: { readonly [K in Kind]: Partial<FitSessionOptions[K]> } = {
  gru4rec: { tiedOutput: true, skipPadding: true },
  sasrec: { tiedOutput: true, hidePadding: true },
};

/** The settings of RecBole that are ours. */
function recBoleSettings(kind: Kind) {
  const { embeddingSize: width, maxLength, batchSize, learningRate } = resolveFitSessionOptions(kind);
  const shared = {
    MAX_ITEM_LIST_LENGTH: maxLength,
    train_batch_size: batchSize,
    eval_batch_size: batchSize,
    learning_rate: learningRate,
    learner: "adam",
    loss_type: "CE",
    hidden_size: width,
  };
  if (kind === "gru4rec") return { ...shared, embedding_size: width, num_layers: 1, dropout_prob: 0 };
  const { layerCount, headCount, dropoutRate } = resolveFitSessionOptions("sasrec");
  return {
    ...shared,
    n_layers: layerCount,
    n_heads: headCount,
    inner_size: width,
    hidden_dropout_prob: dropoutRate,
    attn_dropout_prob: dropoutRate,
    hidden_act: "relu",
    layer_norm_eps: 1e-8,
  };
}

/** RecBole's class. */
const modelOf = { gru4rec: "GRU4Rec", sasrec: "SASRec" } as const;

async function measure(kind: Kind): Promise<Measured | null> {
  const sessions = await beauty();
  if (sessions === null) return null;
  const ours = await ourSessionWorks(kind, sessions, onePart(sessions.train), ourOptions[kind]);
  return { ours, peers: await recBole(kind, sessions) };
}

async function recBole(kind: Kind, sessions: SessionDataset): Promise<Measured["peers"]> {
  const folder = mkdtempSync(join(tmpdir(), "recbole-"));
  try {
    const { maxLength } = resolveFitSessionOptions(kind);
    await writeRecBoleFiles(folder, { ...sessions, train: onePart(sessions.train) }, maxLength);
    return await worksOf({
      label: labelOf("recbole"),
      python: libraryPython("recbole"),
      script: "recbole_peer.py",
      args: [folder, modelOf[kind], JSON.stringify(recBoleSettings(kind))],
      variables: threadVariables,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const data = "Amazon Beauty";
const alike = "batches of 256, prefixes of 10, width 64, output tied, Adam";
const inside = {
  gru4rec: "RecBole has a dense layer after the unit and no biases in it",
  sasrec: "RecBole normalises after each half of a block, and computes all places of the last",
};

function beside(kind: Kind) {
  const name = modelOf[kind];
  return epochAndEvaluation(
    `library-${kind}`,
    {
      epoch: `${name}, a quarter of an epoch (every fourth session) on ${data}: ${alike}; ${inside[kind]}`,
      evaluation: `${name}, every prefix of the test sessions of ${data} ranked among all items; RecBole: its 20 best`,
    },
    () => measure(kind),
  );
}

export const recBoleGru4rec = beside("gru4rec");
export const recBoleSasrec = beside("sasrec");
