/** One state of one piece of long work. */
export interface ProgressEvent {
  /** Distinguishes concurrent pieces of work. */
  readonly id: number;
  readonly label: string;
  /** How much is done, in `unit`. */
  readonly done: number;
  /** How much there is, or `null` when nobody knows. */
  readonly total: number | null;
  readonly unit: string;
  /** A short note, such as the current validation score. */
  readonly detail: string;
  readonly elapsedMs: number;
  /** Estimated time left, or `null` when it cannot be told. */
  readonly remainingMs: number | null;
  readonly finished: boolean;
}

export type ProgressSink = (event: ProgressEvent) => void;
