import type { ReadFlags } from "../read-flags";

/** What stands on the command line; the flags of reading a file are among them. */
export interface ForgetFlags extends ReadFlags {
  readonly user: readonly string[];
  readonly item: readonly string[];
  readonly users?: string;
  readonly items?: string;
  readonly rows?: string;
  readonly from?: string;
  readonly until?: string;
  readonly model: ModelName;
  readonly method: string;
  /** Of an own file. */
  readonly columns?: Readonly<Record<string, string | number | null>>;
  /** Sampled for each row, where there are no ratings. */
  readonly negatives?: number;
  /** IFRU's; calibrated by default. */
  readonly damping?: number;
  readonly positiveAbove?: number;
  readonly epochs?: number;
  readonly retrainings: number;
  /** `false` by `--no-retrain`. */
  readonly retrain: boolean;
  readonly titles?: string;
  readonly titleColumn?: string;
  readonly seed: number;
  readonly out?: string;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** The models that the command trains. */
export type ModelName = "mf" | "lightgcn" | "neural-mf";
