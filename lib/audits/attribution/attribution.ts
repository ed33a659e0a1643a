import { jupyterDisplay, type MimeData } from "../../core";
import { type Table, table } from "../../tables";
import type { Agreement } from "./agreement";

/** Training, for an audit that trains again and again. */
export interface Retrainable {
  /** How many training rows there are. */
  readonly rowCount: number;
  /**
   * Trains on some rows and gives what is predicted, such as the scores of some (user, item) pairs.
   *
   * @param rows ascending
   * @param seed of the training: the same seed and rows give the same outputs
   * @returns finite, always as many, `[outputs]`
   */
  retrain(rows: Int32Array, seed: number): Promise<Float32Array>;
}

/**
 * Says without training what the outputs would be.
 *
 * @param kept the rows that stay, ascending
 * @param left those that are left out, ascending
 * @returns `[outputs]`; only their order over cases counts
 */
export type Estimate = (kept: Int32Array, left: Int32Array) => Float32Array | Promise<Float32Array>;

/** How estimates compare with training again. */
export interface Attribution {
  /** What was left out, in words. */
  readonly what: string;
  /** How many subsets, or deletions. */
  readonly cases: number;
  /** Trainings of each case; the reference is their mean. */
  readonly retrainings: number;
  /** What one training reaches against the mean of the others, as a mean over them; `null` with a single one. */
  readonly ceiling: Agreement | null;
  /** Of each estimate, against the mean of all trainings. */
  readonly estimates: Readonly<Record<string, Agreement>>;
}

/** An `Attribution` that shows itself. */
export class AttributionScores implements Attribution {
  readonly what: string;
  readonly cases: number;
  readonly retrainings: number;
  readonly ceiling: Agreement | null;
  readonly estimates: Readonly<Record<string, Agreement>>;

  /** @internal */
  constructor({ what, cases, retrainings, ceiling, estimates }: Attribution) {
    this.what = what;
    this.cases = cases;
    this.retrainings = retrainings;
    this.ceiling = ceiling;
    this.estimates = estimates;
  }

  /** A row for each estimate, the ceiling last. */
  table(): Table {
    const ceiling = this.ceiling?.score ?? null;
    const rowOf = (estimate: string, { score, interval, outputs }: Agreement) => ({
      ...{ estimate, score, low: interval?.[0] ?? null, high: interval?.[1] ?? null, outputs },
      ofCeiling: score === null || ceiling === null ? null : score / ceiling,
    });
    const format = { decimals: 3 } as const;
    return table({
      columns: [
        { key: "estimate" },
        { key: "score", label: "Spearman", format, better: "higher" },
        { key: "low", label: "95 % from", format },
        { key: "high", label: "to", format },
        { key: "ofCeiling", label: "of the ceiling", format: { percent: 0 } },
        { key: "outputs", label: "outputs" },
      ],
      rows: [
        ...Object.entries(this.estimates).map(([name, agreement]) => rowOf(name, agreement)),
        ...(this.ceiling === null ? [] : [rowOf("another training", this.ceiling)]),
      ],
      caption: `${this.what}: predicted outputs against those of ${this.retrainings} trainings, over ${this.cases} cases`,
    });
  }

  [jupyterDisplay](): MimeData {
    const shown = this.table();
    return { "text/html": shown.toHtml(), "text/plain": shown.toText() };
  }
}
