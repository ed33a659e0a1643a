import { numberOption, optionList, type OptionsOf, wordOption } from "../core";
import type { Interactions } from "../data";
import { Adam, LazyAdam } from "../engine";
import { Mf } from "../models";
import type { Checkpoints } from "./checkpoint";
import { CrossEntropy } from "./cross-entropy";
import { embeddingFields } from "./embedding-options";
import { type EmbeddingTraining, fitEmbeddings, refitEmbeddings } from "./embedding-trainee";
import type { FitHistory } from "./fit";

/** How MF is trained. The defaults are IFRU's for BookCrossing (`lib/ifru/README.md`). */
export const fitMfOptions = optionList("fitMf", {
  ...embeddingFields,
  regularization: numberOption("Added to each row's loss: regularization x (|p_u|² + |q_i|²).", 0, { min: 0 }),
  optimizer: wordOption(
    "`adam` moves every parameter at every step, as the authors' code does. `lazy-adam` gives the same parameters to " +
      "1e-5 and visits only what a batch touches, which pays where a batch touches few of the rows.",
    ["adam", "lazy-adam"],
    "adam",
  ),
});

/** Options of `fitMf`; defaults and ranges are in `fitMfOptions`. */
export interface FitMfOptions extends OptionsOf<typeof fitMfOptions.fields> {}

/** A trained MF model and how it came about. */
export interface MfFit extends FitHistory {
  /** The parameters of the best epoch. */
  readonly model: Mf;
  /** Area under the ROC curve on the validation rows, of that model. */
  readonly validationAuc: number;
  /** Every option it was trained with. */
  readonly options: FitMfOptions;
}

/**
 * Trains matrix factorisation on explicit labels 0 and 1: binary cross-entropy with logits, mean over each batch, Adam,
 * early stopping on the validation AUC, the best epoch's parameters kept (IFRU's protocol, `lib/ifru/README.md`). Equal
 * seeds and rows give equal bytes.
 *
 * @param train the rows to learn from
 * @param valid the rows early stopping watches; both labels must occur
 * @param initial the model to start from, unchanged by this; by default a random one
 * @param checkpoints where to go on from and to save; a training that went on gives the same bytes as one that never
 *   stopped
 * @throws InvalidArgumentError when there is nothing to train on, or validation has one class only
 * @throws NumericalError naming epoch and batch when the loss is not finite
 * @throws CancelledError when it is interrupted
 * @example
 * const { train, valid } = ifruSplit((await loadDataset("ml-100k")).interactions);
 * const { model, validationAuc } = await fitMf(train, valid, { embeddingSize: 32 });
 */
export async function fitMf(
  train: Interactions,
  valid: Interactions,
  options?: Partial<FitMfOptions>,
  initial?: Mf,
  checkpoints?: Checkpoints,
): Promise<MfFit> {
  const resolved = fitMfOptions.resolve(options);
  const { userCount, itemCount } = train;
  const start = initial ?? Mf.initialise({ userCount, itemCount, ...resolved });
  return { ...(await fitEmbeddings(training(start, resolved), train, valid, checkpoints)), options: resolved };
}

/**
 * Trains again as an original was trained, on other rows: same options and seed, for exactly as many epochs as the
 * original's best took. No validation rows are looked at.
 *
 * @param original how the original came about
 * @param rows what to train on, under the same ids
 * @throws InvalidArgumentError when there is nothing to train on
 * @throws NumericalError naming epoch and batch when the loss is not finite
 * @throws CancelledError when it is interrupted
 * @example
 * const original = await fitMf(train, valid);
 * const retrained = await refitMf(original, selectRows(train, retainedRows(train, forgetRows)));
 */
export async function refitMf(original: Pick<MfFit, "options" | "bestEpoch">, rows: Interactions): Promise<Mf> {
  const { options, bestEpoch } = original;
  const start = Mf.initialise({ userCount: rows.userCount, itemCount: rows.itemCount, ...options });
  return refitEmbeddings(training(start, options), rows, bestEpoch);
}

/** MF's scored embeddings are the trained ones, so there is nothing to bring up to date. */
function training(start: Mf, options: FitMfOptions): EmbeddingTraining<Mf> {
  const { learningRate, regularization } = options;
  const { embeddingSize: width } = start;
  const split = start.userEmbedding.length;
  return {
    label: "mf",
    limits: options,
    batchSize: options.batchSize,
    seed: options.seed,
    start,
    optimizer: (workspace, all) =>
      options.optimizer === "adam"
        ? new Adam(workspace, all, { learningRate })
        : new LazyAdam(workspace, all, width, { learningRate }),
    encoder: (_workspace, trained) => ({ encoded: trained, forward() {}, backward() {} }),
    objective: () => new CrossEntropy(2 * regularization),
    model: (all) => new Mf(all.slice(0, split), all.slice(split), width),
  };
}
