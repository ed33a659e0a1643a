import type { Scalar, Variable } from "@tensorflow/tfjs-core";
import { Breather, Random } from "../../core";
import type { PrefixSamples } from "../../data";
import type { TensorAdam, TensorEngine } from "../../engine";
import { mean, ndcgAt, targetRanks } from "../../metrics";
import { Dropout, sessionLoss, type SessionModel } from "../../models";
import { missing } from "../embedding-trainee";
import { notFinite, type ResumableTrainee } from "../fit";
import type { SessionBatch, SessionObjective } from "./session-objectives";

/** How a session model is moved. */
export interface SessionTraineeOptions {
  readonly learningRate: number;
  readonly batchSize: number;
  readonly seed: number;
}

/** The state of one training. Parameters live on the tensor engine; dispose of it. */
export class SessionTrainee implements ResumableTrainee {
  readonly label: string;
  best: SessionModel;
  private readonly variables: readonly Variable[];
  private readonly adam: TensorAdam;
  private readonly order: Int32Array;
  private readonly breather: Breather;

  /** @param valid what `validate` ranks; may be empty where nothing is validated */
  constructor(
    private readonly engine: TensorEngine,
    private readonly start: SessionModel,
    private readonly objective: SessionObjective,
    private readonly valid: PrefixSamples,
    private readonly options: SessionTraineeOptions,
  ) {
    this.label = start.kind;
    this.best = start;
    this.breather = new Breather(`training ${this.label}`);
    this.order = Int32Array.from({ length: objective.rows }, (_, k) => k);
    const { tf } = engine;
    this.variables = start
      .parameters()
      .map(({ shape, values }) => tf.tidy(() => tf.variable(tf.tensor(values.slice(), [...shape]))));
    this.adam = engine.adam(this.variables, { learningRate: options.learningRate });
  }

  async runEpoch(epoch: number): Promise<number> {
    const { seed, batchSize } = this.options;
    const [order, masks, zeros] = ["batches", "masks", "dropout"].map((purpose) =>
      Random.derive(seed, `${this.label} ${purpose}`, epoch),
    );
    order.shuffle(this.order.sort());
    const dropout = new Dropout(this.engine.tf, zeros);
    let [sum, count] = [0, 0];
    for (let from = 0; from < this.order.length; from += batchSize) {
      await this.breather.breathe();
      const batch = this.objective.batch(this.order.subarray(from, from + batchSize), masks);
      if (batch.labels.length === 0) continue; // nothing was masked
      const loss = this.step(batch, dropout);
      if (!Number.isFinite(loss))
        throw notFinite(this.label, "loss", loss, `epoch ${epoch}, batch ${1 + from / batchSize}`);
      sum += loss * batch.labels.length;
      count += batch.labels.length;
    }
    return sum / count;
  }

  async validate(): Promise<number> {
    const ranks = await targetRanks(this.model(), this.valid);
    return mean(ndcgAt(10, ranks)) ?? NaN;
  }

  keepBest(): void {
    this.best = this.model();
  }

  snapshot(): ReadonlyMap<string, Float32Array> {
    const { steps, firstMoments, secondMoments } = this.adam.snapshot();
    const tensors = new Map([["steps", Float32Array.of(Math.floor(steps / 65536), steps % 65536)]]); // exact beyond float32's 2^24
    const present = this.model().parameters();
    this.best.parameters().forEach(({ name, values }, n) => {
      tensors.set(`present ${name}`, present[n].values);
      tensors.set(`best ${name}`, values);
      tensors.set(`first moment ${name}`, firstMoments[n]);
      tensors.set(`second moment ${name}`, secondMoments[n]);
    });
    return tensors;
  }

  restore(tensors: ReadonlyMap<string, Float32Array>): void {
    const { tf } = this.engine;
    const parameters = this.start.parameters();
    const all = (part: string) => parameters.map(({ name }) => tensors.get(`${part} ${name}`) ?? missing(name));
    const [high, low] = tensors.get("steps") ?? missing("steps");
    const [firstMoments, secondMoments] = [all("first moment"), all("second moment")];
    this.adam.restore({ steps: high * 65536 + low, firstMoments, secondMoments });
    all("present").forEach((values, n) =>
      tf.tidy(() => this.variables[n].assign(tf.tensor(values.slice(), [...parameters[n].shape]))),
    );
    this.best = this.start.withParameters(new Map(all("best").map((values, n) => [parameters[n].name, values])));
  }

  dispose(): void {
    this.adam.dispose();
    this.engine.tf.dispose([...this.variables]);
  }

  /** One step along the gradient of the batch's mean loss; returns that loss, from before the step. */
  private step({ input, labels }: SessionBatch, dropout: Dropout): number {
    const { engine, start, variables } = this;
    const { tf } = engine;
    const { form } = start;
    const lossOf = (): Scalar =>
      tf.tidy(() => {
        const tensors = Object.fromEntries(start.parameters().map(({ name }, n) => [name, variables[n]]));
        return sessionLoss({ form, engine, tensors, input, dropout }, labels);
      });
    const { value, grads } = tf.variableGrads(lossOf, [...variables]);
    this.adam.apply(grads);
    const loss = value.dataSync()[0];
    tf.dispose([value, grads]);
    return loss;
  }

  private model(): SessionModel {
    const values = this.start
      .parameters()
      .map(({ name }, n) => [name, this.variables[n].dataSync<"float32">().slice()] as const);
    return this.start.withParameters(new Map(values));
  }
}
