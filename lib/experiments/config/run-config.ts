/** An option's value in a config. Plain JSON. */
export type OptionValue = string | number | boolean | null;

/** Options by name, as they differ from the defaults or in full. */
export type Options = Readonly<Record<string, OptionValue>>;

/** The options of a run, by what they concern. */
export interface RunOptions {
  /**
   * How the dataset becomes training, validation and test rows: options of `ifruSplit`, or of the generated dataset.
   */
  readonly data: Options;
  /** How models are trained: options of the backbone's fit. */
  readonly training: Options;
  /** What is to be forgotten. */
  readonly request: Options;
  /** The method's own. */
  readonly method: Options;
}

/**
 * What determines a run's result: one dataset, backbone, method, options and seed. Options are complete: defaults are
 * filled in.
 */
export interface RunConfig {
  readonly dataset: string;
  readonly backbone: string;
  readonly method: string;
  readonly options: RunOptions;
  readonly seed: number;
  /** Such a run looks closer at the outcome of the one it equals otherwise: an audit of the task. */
  readonly audit?: string;
}

/** A run with what its identity rests on beside its config. */
export interface Run {
  /** 20 hexadecimal digits. */
  readonly id: string;
  readonly config: RunConfig;
  /** sha256 of the dataset's content. */
  readonly dataHash: string;
  /** The engine that computes it. */
  readonly engine: string;
}

/**
 * A run in a line, for progress and errors, such as `"ifru on ml-100k (mf, seed 3)"`.
 *
 * @example
 * const [config] = expandView(viewNamed("ifru-time"), { preset: "tiny" }, builtInParts);
 * describeRun(config); // "retrain on generated (mf, to forget: interaction, seed 1)"
 */
export function describeRun({ dataset, backbone, method, options, seed, audit }: RunConfig): string {
  const request = options.request["kind"];
  const what = typeof request === "string" && request !== "split" ? `, to forget: ${request}` : "";
  return `${audit === undefined ? "" : `${audit} audit of `}${method} on ${dataset} (${backbone}${what}, seed ${seed})`;
}
