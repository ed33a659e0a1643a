import { Breather, numberOption, optionList, type OptionsOf, seedOption, wholeOption } from "../core";
import { type Interactions, rowCount } from "../data";
import { Adam, createWorkspace, operations, type Optimizer, type Workspace } from "../engine";
import { auc } from "../metrics";
import {
  AttentionAggregation,
  type AttentionShape,
  attentionShape,
  type AttentionWeights,
  attentionWeights,
  type EmbeddingModel,
  initialAttention,
  type Mf,
  type UserOrItem,
} from "../models";
import { Batches, fit, notFinite, type Trainee } from "../training";

/** How the attention over shards is trained, the shards' embeddings fixed; chosen on validation rows (`README.md`). */
export const fitAttentionOptions = optionList("attention", {
  learningRate: numberOption("Adam's step size.", 1e-3, { above: 0 }),
  batchSize: wholeOption(
    "Rows per step. A step costs its distinct users and items, of which larger batches have hardly more.",
    8192,
    1,
  ),
  epochs: wholeOption("The most epochs there may be.", 100, 1),
  patience: wholeOption("Epochs in a row without a better validation AUC that end the training.", 5, 1),
  seed: seedOption("Draws the initial weights and the batches.", 1024),
});

/** Options of the attention's training; defaults and ranges are in `fitAttentionOptions`. */
export interface FitAttentionOptions extends OptionsOf<typeof fitAttentionOptions.fields> {}

/** As the release trains it. */
export const releasedAttention: Partial<FitAttentionOptions> = {
  learningRate: 1e-3,
  batchSize: 2048,
  epochs: 5000,
  patience: 11,
};

/**
 * Trains RecEraser's attention over shards: cross-entropy of the aggregated score, Adam, early stopping on the
 * validation AUC.
 *
 * @returns the weights of the best epoch, and how many epochs were run
 * @throws NumericalError naming epoch and batch when the loss is not finite
 * @throws CancelledError when it is interrupted
 * @example
 * const halves = [0, 1].map((half) => selectRows(train, rowsWhere(train, (row) => row % 2 === half)));
 * const members = await Promise.all(halves.map((rows) => refitMf(fit, rows)));
 * const { weights } = await fitAttention(members, train, valid);
 * const ensemble = new Ensemble(members, weights);
 */
export async function fitAttention<M extends EmbeddingModel<M>>(
  members: readonly M[],
  train: Interactions,
  valid: Interactions,
  options?: Partial<FitAttentionOptions>,
): Promise<{ readonly weights: Float32Array; readonly epochs: number }> {
  const resolved = fitAttentionOptions.resolve(options);
  const workspace = createWorkspace();
  try {
    const parts = members.map((member) => member.propagated());
    const trainee = new AttentionTrainee(workspace, attentionShape(members), parts, train, valid, resolved);
    const { epochs } = await fit(trainee, resolved);
    return { weights: trainee.best, epochs };
  } finally {
    workspace.dispose();
  }
}

class AttentionTrainee implements Trainee {
  readonly label = "attention";
  best: Float32Array;
  private readonly weights: AttentionWeights;
  private readonly gradient: AttentionWeights;
  private readonly optimizer: Optimizer;
  private readonly batches: Batches;
  private readonly sides: Readonly<Record<UserOrItem, AggregatedSide>>;
  private readonly valid: { user: Int32Array; item: Int32Array; label: Float32Array; scores: Float32Array };
  private readonly breather = new Breather("training attention");

  constructor(
    workspace: Workspace,
    private readonly shape: AttentionShape,
    parts: readonly Mf[],
    train: Interactions,
    valid: Interactions,
    { learningRate, batchSize, seed }: FitAttentionOptions,
  ) {
    const all = workspace.copyOf(initialAttention(shape, seed));
    this.best = all.slice();
    this.optimizer = new Adam(workspace, all, { learningRate });
    this.weights = attentionWeights(all, shape);
    this.gradient = attentionWeights(this.optimizer.gradient, shape);
    this.batches = new Batches(workspace, train, batchSize, "attention", seed);
    const rows = Math.min(batchSize, rowCount(train));
    this.sides = {
      user: new AggregatedSide(
        workspace,
        shape,
        parts.map((one) => one.userEmbedding),
        rows,
      ),
      item: new AggregatedSide(
        workspace,
        shape,
        parts.map((one) => one.itemEmbedding),
        rows,
      ),
    };
    const scores = workspace.float32(rowCount(valid));
    this.valid = { user: workspace.copyOf(valid.user), item: workspace.copyOf(valid.item), label: valid.label, scores };
  }

  async runEpoch(epoch: number): Promise<number> {
    const { user, item } = this.sides;
    let [sum, number] = [0, 0];
    for (const batch of this.batches.shuffled(epoch)) {
      await this.breather.breathe();
      number++;
      const local = {
        user: user.aggregate(this.weights, "user", batch.user),
        item: item.aggregate(this.weights, "item", batch.item),
      };
      const loss = operations().mfLossGradient({
        ...batch,
        ...local,
        ...{ p: user.out, q: item.out, gradientP: user.outGradient, gradientQ: item.outGradient },
        ...{ width: this.shape.width, scale: 1 / batch.user.length, penalty: 0 },
      });
      if (!Number.isFinite(loss)) throw notFinite(this.label, "loss", loss, `epoch ${epoch}, batch ${number}`);
      user.backward(this.weights, "user", this.gradient);
      item.backward(this.weights, "item", this.gradient);
      this.optimizer.step(noRows);
      sum += loss;
    }
    return sum / this.batches.rows;
  }

  validate(): number {
    const { user, item, label, scores } = this.valid;
    const [p, q] = [this.sides.user.all(this.weights, "user"), this.sides.item.all(this.weights, "item")];
    operations().mfScores(p, q, user, item, this.shape.width, scores);
    return auc(scores, label) ?? NaN;
  }

  keepBest(): void {
    this.best = this.weights.all.slice();
  }
}

const noRows = new Int32Array(0);

/** The users, or the items, of one batch: each once, with the embeddings all shards have of them. */
class AggregatedSide {
  out: Float32Array;
  outGradient: Float32Array;
  private readonly nodes: number;
  private readonly aggregation: AttentionAggregation;
  private readonly room: {
    readonly gathered: Float32Array;
    readonly out: Float32Array;
    readonly gradient: Float32Array;
  };
  private readonly number: Int32Array;
  private readonly local: Int32Array;
  private gathered: Float32Array;

  constructor(
    workspace: Workspace,
    private readonly shape: AttentionShape,
    private readonly tables: readonly Float32Array[],
    batchRows: number,
  ) {
    this.nodes = tables[0].length / shape.width;
    this.aggregation = new AttentionAggregation(workspace, shape, this.nodes);
    const floats = (length: number) => workspace.float32(length);
    const size = this.nodes * shape.width;
    this.room = { gathered: floats(shape.shards * size), out: floats(size), gradient: floats(size) };
    ({ gathered: this.gathered, out: this.out, gradient: this.outGradient } = this.room);
    this.number = new Int32Array(this.nodes).fill(-1);
    this.local = workspace.int32(batchRows);
  }

  /**
   * Aggregates the nodes of a batch into `out`, `[distinct, d]`, and numbers them.
   *
   * @returns the number of each row's node
   */
  aggregate(weights: AttentionWeights, side: UserOrItem, ids: Int32Array): Int32Array {
    const distinct: number[] = [];
    const local = this.local.subarray(0, ids.length);
    ids.forEach((id, row) => {
      if (this.number[id] < 0) this.number[id] = distinct.push(id) - 1;
      local[row] = this.number[id];
    });
    for (const id of distinct) this.number[id] = -1;
    this.gather(distinct);
    this.aggregation.forward(weights, side, this.gathered, this.out);
    this.outGradient.fill(0);
    return local;
  }

  /** Adds what `outGradient` means for the weights. */
  backward(weights: AttentionWeights, side: UserOrItem, gradient: AttentionWeights): void {
    this.aggregation.backward(weights, side, this.gathered, this.outGradient, gradient);
  }

  /** Every node's aggregated embedding. */
  all(weights: AttentionWeights, side: UserOrItem): Float32Array {
    this.gather(Array.from({ length: this.nodes }, (_, id) => id));
    this.aggregation.forward(weights, side, this.gathered, this.out);
    return this.out;
  }

  private gather(ids: readonly number[]): void {
    const { width, shards } = this.shape;
    const size = ids.length * width;
    this.gathered = this.room.gathered.subarray(0, shards * size);
    this.out = this.room.out.subarray(0, size);
    this.outGradient = this.room.gradient.subarray(0, size);
    this.tables.forEach((table, shard) =>
      gatherRows(table, ids, width, this.gathered.subarray(shard * size, (shard + 1) * size)),
    );
  }
}

function gatherRows(table: Float32Array, ids: readonly number[], width: number, out: Float32Array): void {
  for (let k = 0, at = 0; k < ids.length; k++) for (let j = 0; j < width; j++) out[at++] = table[ids[k] * width + j];
}
