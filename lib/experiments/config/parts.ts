import type { OptionList } from "../../core";
import type { NumberFormat } from "../../tables";
import type { Checkpoints, EpochRecord, Facts, StepRecord } from "../../training";
import type { Options, RunConfig } from "./run-config";

/** The types that a task's parts share. */
export interface TaskTypes {
  /** A dataset, ready for training and evaluation. */
  readonly split: unknown;
  /** What a model is trained on. */
  readonly rows: unknown;
  /** What is to be forgotten. */
  readonly request: unknown;
  readonly model: unknown;
}

/** What a run works on. */
export interface RunProblem<T extends TaskTypes = TaskTypes> {
  readonly split: T["split"];
  readonly request: T["request"];
}

/**
 * What a model gives that metrics look at, by name. What the values are is the task's: scores of rows, ranks of
 * targets, counts. They are stored as `scores.safetensors`.
 */
export type ModelOutputs = Readonly<Record<string, Float32Array>>;

/** What tells one form of a part from a later one. */
export interface PartVersion {
  /** In every run's identity. Raised when a default changes or the part comes to mean something else. Default: 1. */
  readonly revision?: number;
  /**
   * Absolute paths of the modules that hold it, `__filename` there: the code version of its runs follows their imports.
   * Default: the text of the part's own functions stands for its code.
   */
  readonly code?: string | readonly string[];
  /** What else its code is, where that is in no module: its text counts. Default: nothing. */
  readonly source?: unknown;
}

/**
 * Parts that one module holds, each with its `code`.
 *
 * @param code `__filename` of the module
 * @example
 * import type { DatasetPart } from "recsys-unlearning/experiments";
 * const [options, hash] = [optionList("mine", {}), async () => sha256("mine, first form")];
 * const mine = { task: "ratings", options, hash, load: async () => ifruSplit(interactions) };
 * const datasets = inModule<DatasetPart>(__filename, { mine }); // beside those of `builtInParts`
 */
export function inModule<P extends PartVersion>(
  code: string,
  parts: Readonly<Record<string, P>>,
): Readonly<Record<string, P>> {
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, { code, ...part }]));
}

/**
 * A kind of recommendation to experiment on: everything that running, storing and summarising need not know. A task is
 * a folder here; its datasets, backbones and metrics name it.
 */
export interface Task<T extends TaskTypes = TaskTypes> extends Pick<PartVersion, "code"> {
  /** The kinds of request; the first is asked for unless another is named. */
  readonly requests: Readonly<Record<string, RequestPart<T>>>;
  /** Looks at finished models that cost too much to be taken in every run. */
  readonly audits: Readonly<Record<string, AuditPart<T>>>;
  /** What *Original* learns from, or with a request what *Retrain* learns from. */
  rows(problem: RunProblem<T>, learner: "original" | "retrain"): T["rows"];
  rowCount(rows: T["rows"]): number;
  /** What metrics look at. */
  scores(model: T["model"], problem: RunProblem<T>): ModelOutputs | Promise<ModelOutputs>;
  /** What names the data and the request in every record, such as the hash of a split. Default: nothing. */
  facts?(problem: RunProblem<T>): Facts;
  save(model: T["model"], path: string): Promise<void>;
  load(path: string): Promise<T["model"]>;
}

/** A kind of request to forget. */
export interface RequestPart<T extends TaskTypes = TaskTypes> extends PartVersion {
  /** As tables write it. */
  label(options: Options): string;
  /** Its options beside `kind`. */
  readonly options: OptionList;
  /** Whether the run's seed draws it, so that every seed asks for something else. */
  readonly drawnBySeed?: boolean;
  /** Whether *Original* is trained on what it brings along (spam); for all others one *Original* serves. */
  readonly altersTraining?: boolean;
  /**
   * The request that is answered before this one, whose outcome this one starts from; `null` for the first. Default:
   * none.
   */
  previous?(options: Options): Options | null;
  problem(split: T["split"], options: Options, seed: number): RunProblem<T> | Promise<RunProblem<T>>;
}

/** A look at a finished model: scores that cost much or rest on further runs, for metrics that name it. */
export interface AuditPart<T extends TaskTypes = TaskTypes> extends PartVersion {
  /** Runs it rests on, beside the audited one. */
  prerequisites(config: RunConfig, task: Task<T>): RunConfig[];
  scores(context: AuditContext<T>): Promise<ModelOutputs>;
}

/** A dataset as experiments use it. */
export interface DatasetPart<T extends TaskTypes = TaskTypes> extends PartVersion {
  readonly task: string;
  /** As tables write it. Default: its name. */
  readonly label?: string;
  /** How it becomes training, validation and test rows. */
  readonly options: OptionList;
  /** sha256 of the content that `load` reads here; as it is known elsewhere where there is nothing here to read. */
  hash(options: Options): Promise<string>;
  load(options: Options): Promise<T["split"]>;
  /**
   * sha256 of the content that a split was loaded from: a run is refused whose data hash is another. Default: not
   * known.
   */
  contentOf?(split: T["split"]): string | undefined;
}

/** How a training ended, beside its model. */
export interface FitOutcome<M = unknown> {
  readonly model: M;
  /** The epoch whose parameters were kept, from 1. */
  readonly bestEpoch: number;
  readonly history: readonly EpochRecord[];
  /** Wall-clock seconds. */
  readonly seconds: number;
  /** Which limit ended it, where there are several. */
  readonly endedBy?: string;
}

/** A kind of model as experiments use it. */
export interface BackbonePart<T extends TaskTypes = TaskTypes> extends PartVersion {
  readonly task: string;
  /** As papers write it. */
  readonly label: string;
  /** How it is trained, with the defaults for a dataset; the seed comes from the run. */
  options(dataset: string): OptionList;
  /** @param split whose validation rows end the training */
  fit(rows: T["rows"], split: T["split"], training: Training): Promise<FitOutcome<T["model"]>>;
  /** Trains for a number of epochs, without validation; methods that calibrate on training rows need it. */
  refit?(rows: T["rows"], training: Training, epochs: number): Promise<T["model"]>;
}

/** How a model is trained in a run. */
export interface Training {
  readonly options: Options;
  readonly seed: number;
  readonly checkpoints?: Checkpoints;
}

/** What the log of a run has in a line. */
export type LogRecord = EpochRecord | StepRecord;

/** Wall-clock seconds by stage. */
export type Seconds = Readonly<Record<string, number>>;

/** What a finished run offers to those that rest on it. */
export interface Prerequisite<M = unknown> {
  readonly config: RunConfig;
  readonly facts: Facts;
  readonly seconds: Seconds;
  model(): Promise<M>;
  scores(): Promise<ModelOutputs>;
  /** The path of a file that its method left, verified. */
  file(name: string): Promise<string>;
}

/** What a run has to work with. */
export interface RunContext<T extends TaskTypes = TaskTypes> extends RunProblem<T> {
  readonly config: RunConfig;
  readonly task: Task<T>;
  /** The finished runs of a method among those it rests on. */
  prerequisites(method: string): Prerequisite<T["model"]>[];
  /** The one such run. */
  prerequisite(method: string): Prerequisite<T["model"]>;
}

/** What a method has to work with. */
export interface MethodContext<T extends TaskTypes = TaskTypes> extends RunContext<T> {
  readonly backbone: BackbonePart<T>;
  readonly training: Training;
}

/** What an audit has to work with. */
export interface AuditContext<T extends TaskTypes = TaskTypes> extends RunContext<T> {
  readonly audited: Prerequisite<T["model"]>;
}

/** What a method did. */
export interface MethodOutcome<M = unknown> {
  /** The model after forgetting, to be evaluated and kept; `null` for preparations without one. */
  readonly model: M | null;
  readonly facts: Facts;
  /** What the request cost. */
  readonly seconds: Seconds;
  /** The same where what need not wait for each other, such as shards, is done at once. Default: nothing is. */
  readonly parallelSeconds?: Seconds;
  /** What was paid once for the trained model and serves every request. Default: nothing. */
  readonly preparation?: Seconds;
  /**
   * Per epoch, for methods that train; per step or stretch of steps, a few hundred at most, for those that step along
   * losses.
   */
  readonly history?: readonly LogRecord[];
  /** What else other runs need of it: how to write each file, by name. */
  readonly files?: Readonly<Record<string, (path: string) => Promise<void>>>;
}

/** A method as experiments use it. */
export interface MethodPart<T extends TaskTypes = TaskTypes> extends PartVersion {
  /** As papers write it, for tables. A function where options make a difference. */
  label(options: Options): string;
  /** Its options for a backbone; what the run itself gives (validation rows, a seed) is not among a config's. */
  options(backbone: string): OptionList;
  /** Backbones it works on. */
  readonly backbones: readonly string[] | "all";
  /** The runs it rests on; they are computed once and shared. */
  prerequisites(config: RunConfig, task: Task<T>): RunConfig[];
  run(context: MethodContext<T>): Promise<MethodOutcome<T["model"]>>;
}

/** Values of metrics by name; `null` where undefined. */
export type Metrics = Readonly<Record<string, number | null>>;

/** What a metric looks at. */
export interface Evaluation<T extends TaskTypes = TaskTypes> extends RunProblem<T> {
  readonly scores: ModelOutputs;
  /** The same of *Retrain* with the same seed; `null` for Retrain itself. */
  readonly retrained: ModelOutputs | null;
}

/** A metric as experiments use it. */
export interface MetricPart<T extends TaskTypes = TaskTypes> {
  readonly task: string;
  /** As tables head it. */
  readonly label: string;
  /** How tables write it. Default: four decimals. */
  readonly format?: NumberFormat;
  /** Which end is better; left out where neither is. */
  readonly better?: "higher" | "lower";
  /**
   * The metrics that are the ends of an interval of its own: figures show it as it is, with that interval and not that
   * over seeds. Default: none; where Retrain has a value, figures show the difference from it.
   */
  readonly bounds?: readonly [low: string, high: string];
  /**
   * Where figures draw what is as good as Retrain, for metrics that are relative to it or to a floor; `null` where that
   * has no one place. Default: Retrain's value, or 0 where it has none.
   */
  readonly level?: { readonly value: number; readonly label: string } | null;
  /** Whether it only says how to read another, such as an end of an interval: no value is aimed at. Default: false. */
  readonly isContext?: boolean;
  /** The audit whose scores it looks at. Default: those of every run. */
  readonly audit?: string;
  /** `null` where it is undefined. Left out by metrics that only a summary can tell. */
  value?(evaluation: Evaluation<T>): number | null;
  /** Where it is told from two runs: the other one's method, and how. Both have the same request and seed. */
  readonly relativeTo?: { readonly method: string; value(own: Metrics, other: Metrics): number | null };
  /** Where the metric is a mean over samples, their values: compared with Retrain's by a paired permutation test. */
  samples?(scores: ModelOutputs, problem: RunProblem<T>): ArrayLike<number>;
}

/** Where parts can be loaded from again, by a process of its own. */
export interface PartsModule {
  /** Absolute path of a JavaScript module. */
  readonly path: string;
  /** What its export is called. */
  readonly name: string;
}

/** Everything a config may name. */
export interface Parts {
  readonly tasks: Readonly<Record<string, Task>>;
  readonly datasets: Readonly<Record<string, DatasetPart>>;
  readonly backbones: Readonly<Record<string, BackbonePart>>;
  readonly methods: Readonly<Record<string, MethodPart>>;
  readonly metrics: Readonly<Record<string, MetricPart>>;
}

const modules = new WeakMap<Parts, PartsModule>();

/**
 * Says where parts can be loaded from, so that runs of theirs are computed in several processes. A copy of them is not
 * known.
 *
 * @example
 * // in a module of its own, compiled to JavaScript
 * const datasets = { ...builtInParts.datasets, mine: ownDataset("ratings.csv", "ratings") };
 * export const myParts = loadableFrom({ path: __filename, name: "myParts" }, { ...builtInParts, datasets });
 */
export function loadableFrom(module: PartsModule, parts: Parts): Parts {
  modules.set(parts, module);
  return parts;
}

/**
 * Where parts can be loaded from; `undefined` for those that only this process has.
 *
 * @example
 * moduleOf(builtInParts)?.name; // "builtInParts"
 * moduleOf({ ...builtInParts }); // undefined: a copy of them is not known
 */
export function moduleOf(parts: Parts): PartsModule | undefined {
  return modules.get(parts);
}

/** The task of a run. */
export function taskOf({ dataset }: Pick<RunConfig, "dataset">, parts: Parts): Task {
  return parts.tasks[parts.datasets[dataset].task];
}
