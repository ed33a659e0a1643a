import { numberOption, optionList, type OptionsOf, wholeOption, withInitial, wordOption } from "../core";
import type { Interactions } from "../data";
import { Adam, operations, type Workspace } from "../engine";
import { InteractionGraph, LightGcn, Propagation } from "../models";
import type { Batch } from "./batches";
import type { Checkpoints } from "./checkpoint";
import { CrossEntropy } from "./cross-entropy";
import { embeddingFields } from "./embedding-options";
import {
  type TrainableTables,
  type EmbeddingTraining,
  type Encoder,
  fitEmbeddings,
  refitEmbeddings,
  tablesOf,
} from "./embedding-trainee";
import type { FitHistory } from "./fit";
import { PairwiseRanking, positiveRows } from "./pairwise";

/**
 * How LightGCN is trained. IFRU's release has learning rate and deviation 1e-4 for datasets of some 500 steps an epoch,
 * and patience 11, which stops some trainings on an early plateau.
 */
export const fitLightGcnOptions = optionList("fitLightGcn", {
  ...embeddingFields,
  embeddingSize: withInitial(embeddingFields.embeddingSize, 32),
  layerCount: wholeOption("Aggregations over the graph, any number; 0 is matrix factorisation.", 1, 0),
  patience: withInitial(embeddingFields.patience, 40),
  regularization: numberOption(
    "Added to each row's loss: regularization x (|layer 0 of the user|² + |layer 0 of the item|²).",
    0,
    { min: 0 },
  ),
  objective: wordOption(
    "`bce`: cross-entropy on labels 0 and 1, as IFRU's release. `bpr`: every positive row against an item the user has " +
      "no positive row with, drawn anew each epoch.",
    ["bce", "bpr"],
    "bce",
  ),
});

/** Options of `fitLightGcn`; defaults and ranges are in `fitLightGcnOptions`. */
export interface FitLightGcnOptions extends OptionsOf<typeof fitLightGcnOptions.fields> {}

/** A trained LightGCN model and how it came about. */
export interface LightGcnFit extends FitHistory {
  /** The parameters of the best epoch, over the graph of the training rows. */
  readonly model: LightGcn;
  /** Area under the ROC curve on the validation rows, of that model. */
  readonly validationAuc: number;
  /** Every option it was trained with. */
  readonly options: FitLightGcnOptions;
}

/**
 * Trains LightGCN on explicit labels 0 and 1, over the graph of the rows with label 1: propagation over the whole graph
 * in every batch, gradients in closed form, dense Adam, early stopping on the validation AUC, the best epoch's
 * parameters kept. Equal seeds and rows give equal bytes.
 *
 * @param train the rows to learn from
 * @param valid the rows early stopping watches; both labels must occur
 * @param initial where the embeddings start, unchanged by this; its graph is not used. By default random
 * @param checkpoints where to go on from and to save; a training that went on gives the same bytes as one that never
 *   stopped
 * @throws InvalidArgumentError when there is nothing to train on, or validation has one class only
 * @throws NumericalError naming epoch and batch when the loss is not finite
 * @throws CancelledError when it is interrupted
 * @example
 * const { model, validationAuc } = await fitLightGcn(train, valid, { layerCount: 2 });
 */
export async function fitLightGcn(
  train: Interactions,
  valid: Interactions,
  options?: Partial<FitLightGcnOptions>,
  initial?: LightGcn,
  checkpoints?: Checkpoints,
): Promise<LightGcnFit> {
  const resolved = fitLightGcnOptions.resolve(options);
  const graph = InteractionGraph.of(train);
  const start = initial?.withGraph(graph) ?? LightGcn.initialise({ graph, ...resolved });
  return { ...(await fitEmbeddings(training(start, resolved), train, valid, checkpoints)), options: resolved };
}

/**
 * Trains again as an original was trained, on other rows and their graph: same options and seed, for exactly as many
 * epochs as the original's best took. No validation rows are looked at.
 *
 * @throws InvalidArgumentError when there is nothing to train on
 * @throws NumericalError naming epoch and batch when the loss is not finite
 * @throws CancelledError when it is interrupted
 * @example
 * const original = await fitLightGcn(train, valid);
 * const retrained = await refitLightGcn(original, selectRows(train, retainedRows(train, forgetRows)));
 */
export async function refitLightGcn(
  original: Pick<LightGcnFit, "options" | "bestEpoch">,
  rows: Interactions,
): Promise<LightGcn> {
  const { options, bestEpoch } = original;
  const start = LightGcn.initialise({ graph: InteractionGraph.of(rows), ...options });
  return refitEmbeddings(training(start, options), rows, bestEpoch);
}

function training(start: LightGcn, options: FitLightGcnOptions): EmbeddingTraining<LightGcn> {
  const { learningRate, batchSize, seed } = options;
  const width = start.embeddingSize;
  return {
    label: "lightgcn",
    limits: options,
    batchSize,
    seed,
    start,
    optimizer: (workspace, all) => new Adam(workspace, all, { learningRate }),
    encoder: (workspace, trained) => new PropagationEncoder(workspace, start, trained, 2 * options.regularization),
    ...(options.objective === "bce"
      ? { objective: () => new CrossEntropy(0) }
      : {
          objective: (workspace, train) => new PairwiseRanking(workspace, train, batchSize, width, seed),
          batchRows: positiveRows,
        }),
    model: (all) => new LightGcn(all, start.graph, width, start.layerCount),
  };
}

/** Scored embeddings B E of layer-0 embeddings E; since B is symmetric, gradients G go back as B G. */
class PropagationEncoder implements Encoder {
  readonly encoded: TrainableTables;
  private readonly propagation: Propagation;
  private readonly returned: Float32Array;

  /** @param penalty on layer 0, added to each row's loss: penalty / 2 x (|e_u|² + |e_i|²) */
  constructor(
    workspace: Workspace,
    { graph, layerCount, embeddingSize: width }: LightGcn,
    private readonly trained: TrainableTables,
    private readonly penalty: number,
  ) {
    const room = () => workspace.float32(graph.nodeCount * width);
    this.propagation = new Propagation(workspace, graph.adjacency(), layerCount, width);
    this.encoded = tablesOf(room(), room(), graph.userCount * width, width);
    this.returned = room();
  }

  forward(): void {
    this.propagation.apply(this.trained.all, this.encoded.all);
  }

  backward(batch: Batch): void {
    this.propagation.apply(this.encoded.gradient, this.returned);
    operations().axpy(1, this.returned, this.trained.gradient);
    this.encoded.gradient.fill(0);
    if (this.penalty === 0) return;
    addPenalty(batch.user, this.trained.p, this.trained.gradientP, this.trained.width, this.penalty);
    addPenalty(batch.item, this.trained.q, this.trained.gradientQ, this.trained.width, this.penalty);
  }
}

/** The gradient of penalty / 2 x |row|², mean over the batch, for each row a batch names. */
function addPenalty(ids: Int32Array, table: Float32Array, gradient: Float32Array, width: number, penalty: number) {
  const scale = penalty / ids.length;
  for (const id of ids) for (let j = id * width; j < (id + 1) * width; j++) gradient[j] += scale * table[j];
}
