import { Random } from "recsys-unlearning/core";
import {
  datasetFiles,
  type IfruSplit,
  ifruSplit,
  loadDataset,
  retainedRows,
  rowCount,
  selectRows,
  userRows,
} from "recsys-unlearning/data";
import { ifru, type IfruPrepared } from "recsys-unlearning/ifru";
import { fitMf, type FitMfOptions, type MfFit, refitMf } from "recsys-unlearning/training";

/** A model as requests find it, trained with the authors' hyper-parameters for BookCrossing (fitMf's defaults). */
export interface Trained {
  readonly split: IfruSplit;
  readonly fit: MfFit;
  readonly prepared: IfruPrepared;
}

/** Ratings above this are positive. */
const positiveAbove = { "ml-100k": 3, bookcrossing: 5 } as const;
export type TrainedOn = keyof typeof positiveAbove;

const trained = new Map<TrainedOn, Promise<Trained | null>>();

/** Trains once a run; `null` where the dataset is not on this machine. */
export function trainedOn(dataset: TrainedOn): Promise<Trained | null> {
  const known = trained.get(dataset) ?? train(dataset);
  trained.set(dataset, known);
  return known;
}

async function train(dataset: TrainedOn): Promise<Trained | null> {
  if ((await datasetFiles(dataset)).length === 0) return null;
  const { interactions } = await loadDataset(dataset);
  const split = ifruSplit(interactions, { positiveAbove: positiveAbove[dataset] });
  const fit = await fitMf(split.train, split.valid, { optimizer: fasterOptimizer[dataset] });
  const prepared = await ifru.prepare(fit.model, split.train, { retrain: (rows) => refitMf(fit, rows) });
  return { split, fit, prepared };
}

/** Where a batch touches few of the rows, the lazy optimiser trains the same model sooner. */
const fasterOptimizer = { "ml-100k": "adam", bookcrossing: "lazy-adam" } as const;

/** Retrains on what stays after some rows, and says how long that took. */
export async function retrained(
  { split }: Trained,
  forgetRows: Int32Array,
  optimizer: FitMfOptions["optimizer"],
): Promise<{ fit: MfFit; seconds: number }> {
  const start = performance.now();
  const fit = await fitMf(selectRows(split.train, retainedRows(split.train, forgetRows)), split.valid, { optimizer });
  return { fit, seconds: (performance.now() - start) / 1000 };
}

export type RequestSize = "interaction" | "user" | "batch";

/** Seeded requests of one size; the batch is the split's own 2 % of the rows, asked several times for the clock. */
export function requestsOf({ train, forgetRows }: IfruSplit, size: RequestSize, count: number): Int32Array[] {
  const random = Random.derive(1024, "bench", size);
  if (size === "batch") return Array.from({ length: count }, () => forgetRows);
  if (size === "user") return Array.from(random.sample(train.userCount, count), (user) => userRows(train, user));
  return Array.from(random.sample(rowCount(train), count), (row) => Int32Array.of(row));
}
