import type { IfruSplit, Interactions } from "../data";
import type { Mf } from "../models";
import type { Checkpoints, EpochRecord, UnlearningRequest } from "../training";
import type { Options, RunConfig } from "./run-config";

/** The models that experiments train. */
export type ExperimentModel = Mf;

/** A dataset as experiments use it. */
export interface DatasetPart {
  /** Every data option with its default. */
  readonly defaults: Options;
  /** sha256 of the content, known without reading it where the catalogue knows it. */
  hash(options: Options): Promise<string>;
  load(options: Options): Promise<IfruSplit>;
}

/** How a training ended, beside its model. */
export interface FitOutcome {
  readonly model: ExperimentModel;
  /** The epoch whose parameters were kept, from 1. */
  readonly bestEpoch: number;
  readonly history: readonly EpochRecord[];
  /** Wall-clock seconds. */
  readonly seconds: number;
}

/** A kind of model as experiments use it. */
export interface BackbonePart {
  /** Every training option with its default; the seed comes from the run. */
  readonly defaults: Options;
  fit(train: Interactions, valid: Interactions, training: Training): Promise<FitOutcome>;
  /** Trains on other rows for a number of epochs, without validation. */
  refit(train: Interactions, training: Training, epochs: number): Promise<ExperimentModel>;
  save(model: ExperimentModel, path: string): Promise<void>;
  load(path: string): Promise<ExperimentModel>;
}

/** How a model is trained in a run. */
export interface Training {
  readonly options: Options;
  readonly seed: number;
  readonly checkpoints?: Checkpoints;
}

/** What a method has to work with. */
export interface MethodContext {
  readonly config: RunConfig;
  readonly split: IfruSplit;
  readonly request: UnlearningRequest;
  readonly backbone: BackbonePart;
  readonly training: Training;
  /** What a prerequisite left: its result and, where it keeps one, its model. */
  prerequisite(method: string): Promise<Prerequisite>;
}

/** What a finished run offers to those that rest on it. */
export interface Prerequisite {
  readonly facts: Facts;
  model(): Promise<ExperimentModel>;
}

/** Numbers and words about how a run went that do not depend on the clock. Plain JSON. */
export type Facts = Readonly<Record<string, string | number | boolean | null>>;

/** What a method did. */
export interface MethodOutcome {
  /** The model after forgetting, to be evaluated; `null` for preparations. */
  readonly model: ExperimentModel | null;
  readonly facts: Facts;
  /** Wall-clock seconds by stage: what the request cost. */
  readonly seconds: Readonly<Record<string, number>>;
  /** Per epoch, for methods that train. */
  readonly history?: readonly EpochRecord[];
}

/** A method as experiments use it. */
export interface MethodPart {
  /** As papers write it, for tables. A function where options make a difference. */
  label(options: Options): string;
  /** Every option with its default. */
  readonly defaults: Options;
  /** Backbones it works on. */
  readonly backbones: readonly string[];
  /** The runs it rests on; they are computed once and shared. */
  prerequisites(config: RunConfig): RunConfig[];
  /** Whether others need its model, so that the store must keep it. */
  readonly keepsModel: boolean;
  run(context: MethodContext): Promise<MethodOutcome>;
}

/** What a metric looks at. */
export interface Evaluation {
  readonly split: IfruSplit;
  readonly request: UnlearningRequest;
  /** Logits of the model on the rows to forget, `[forgotten]`, and on the test and validation rows. */
  readonly scores: Scores;
  /** The same of *Retrain* with the same seed; `null` for Retrain itself. */
  readonly retrained: Scores | null;
}

/** Logits on the rows that metrics look at. */
export interface Scores {
  readonly test: Float32Array;
  readonly valid: Float32Array;
  readonly forget: Float32Array;
}

/** A metric as experiments use it. */
export interface MetricPart {
  /** As tables head it. */
  readonly label: string;
  /** Which end is better; left out where neither is. */
  readonly better?: "higher" | "lower";
  /** `null` where it is undefined. */
  value(evaluation: Evaluation): number | null;
  /** Per test row, where the metric is a mean over them: these are compared with Retrain's by a paired permutation test. */
  samples?(scores: Scores, split: IfruSplit): Float64Array;
}

/** Everything a config may name. */
export interface Parts {
  readonly datasets: Readonly<Record<string, DatasetPart>>;
  readonly backbones: Readonly<Record<string, BackbonePart>>;
  readonly methods: Readonly<Record<string, MethodPart>>;
  readonly metrics: Readonly<Record<string, MetricPart>>;
}
