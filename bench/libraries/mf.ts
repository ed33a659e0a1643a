import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  datasetFiles,
  type IfruSplit,
  ifruSplit,
  type Interactions,
  loadDataset,
  rowsWhere,
  selectRows,
} from "recsys-unlearning/data";
import { fullRanking, mean } from "recsys-unlearning/metrics";
import { type NamedTensor, saveModel } from "recsys-unlearning/models";
import { fitMfOptions, refitMf } from "recsys-unlearning/training";
import { threadVariables } from "../engine/torch";
import { labelOf, type LibraryName, libraryPython } from "./venvs";
import { epochAndEvaluation, type Measured, timed, type Works, worksOf } from "./works";

const dataset = "ml-1m";
const epochs = 5;
const options = fitMfOptions.resolve();

async function measure(): Promise<Measured | null> {
  if ((await datasetFiles(dataset)).length === 0) return null;
  const split = ifruSplit((await loadDataset(dataset)).interactions, { flip: false });
  return { ours: await ours(split), peers: await peersOf(split) };
}

/** All epochs from the first on; then all items but the training positives ranked for each user of the test rows. */
async function ours({ train, test }: IfruSplit): Promise<Works> {
  const { value: model, work: epoch } = await timed(() => refitMf({ options, bestEpoch: epochs }, train), epochs);
  const seen = positives(train);
  const { value: ranking, work: evaluation } = await timed(async () => fullRanking(model, seen, test, [10]));
  const ndcg = mean(ranking.get(10)!.ndcg.values) ?? NaN;
  return { epoch, evaluation: { ...evaluation, measures: { "ndcg@10": ndcg } } };
}

/** What the libraries leave out of their lists, too. */
function positives(rows: Interactions): Interactions {
  return selectRows(
    rows,
    rowsWhere(rows, (row) => rows.label[row] > 0),
  );
}

/** Threads are the libraries' own; those of BLAS beneath them would take the cores from each other. */
const variables: { readonly [L in "implicit" | "lenskit"]: (threads: number) => Record<string, string> } = {
  implicit: () => threadVariables(1),
  lenskit: (threads) => ({
    ...threadVariables(1),
    LK_NUM_THREADS: String(threads),
    LK_NUM_BACKEND_THREADS: String(threads),
    LK_NUM_PROCS: String(threads),
  }),
};

async function peersOf({ train, test }: IfruSplit): Promise<Measured["peers"]> {
  const folder = mkdtempSync(join(tmpdir(), "library-mf-"));
  try {
    const file = join(folder, "rows.safetensors");
    const counts = { name: "counts", shape: [2], values: Int32Array.of(train.userCount, train.itemCount) };
    await saveModel(file, "library-mf", [...columnsOf("train", train), ...columnsOf("test", test), counts]);
    const asked = (name: LibraryName & keyof typeof variables) =>
      worksOf({
        label: labelOf(name),
        python: libraryPython(name),
        script: `${name}_peer.py`,
        args: [file, String(options.embeddingSize), String(epochs)],
        variables: variables[name],
      });
    return new Map([...(await asked("implicit")), ...(await asked("lenskit"))]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function columnsOf(part: string, { user, item, label }: Interactions): NamedTensor[] {
  return Object.entries({ User: user, Item: item, Label: label }).map(([column, values]) => ({
    name: part + column,
    shape: [values.length],
    values,
  }));
}

export const mf = epochAndEvaluation(
  "library-mf",
  {
    epoch:
      `matrix factorisation of width ${options.embeddingSize}, the mean of ${epochs} epochs on ML-1M's rows. ` +
      "Ours: cross-entropy of labels 0 and 1, batches of 2,048, Adam. BiasedMF (ALS) and FunkSVD (SGD by feature): " +
      "the labels. ALS, ImplicitMF (ALS), BPR (SGD), FlexMF (logistic, one drawn negative, batches of 2,048, AdamW; " +
      "its second epoch alone, since it is compiled in the first): the positive rows",
    evaluation:
      "ndcg@10 on ML-1M: for each user of the test rows all items but the training positives. implicit after ALS and " +
      "BPR; LensKit after ImplicitMF, in as many processes as threads, lists and measure",
  },
  measure,
);
